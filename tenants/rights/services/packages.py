"""Packages: ordered with the answer, built by a worker, opened with the tracking code alone, erased in the end."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property, User
from tenants.organizations.trail import Happening, Kind, note
from tenants.people.models import Person
from tenants.rights import package_tasks, tracking
from tenants.rights.kinds import PACKAGE_UNDER_WAY, ErasureScope, PackageKind, PackageState, RequestState
from tenants.rights.models import Erasure, Package, RightsRequest
from tenants.rights.services.moving import locked, require_member

LIFETIME = timedelta(days=14)
# Between these a package is given; every other end of a request takes it away again.
_GIVEN = frozenset({RequestState.CONFIRMED, RequestState.ANSWERED})


@transaction.atomic
def order(*, request: RightsRequest, kind: PackageKind | str) -> Package:
    """Have a package built for whoever holds the request's tracking code; the worker is told at commit.

    Ordered again, after a new code or because the old one is over, it is built again in the place of the old one.
    Raises ValidationError when there is nobody whom it is about, or when their record was erased.
    """
    if request.person is None:
        raise ValidationError(_("First prove who asks."), code="not_proved")
    if request.person.erased_at is not None:
        raise ValidationError(_("This person's record was erased. Nothing is left to hand out."), code="erased")
    now = timezone.now()
    package = Package.objects.select_for_update(of=("self",)).filter(request=request).first() or Package(
        tenant_id=request.tenant_id, request=request
    )
    package.kind, package.state, package.asked_at, package.touched_at = (
        PackageKind(kind),
        PackageState.WAITING,
        now,
        now,
    )
    package.tries = package.progress = package.downloads = 0
    package.sealed, package.sha256 = b"", ""
    package.begun_at = package.built_at = package.expires_at = package.erased_at = None
    package.full_clean()
    package.save()
    package_tasks.send_build(package)
    return package


@transaction.atomic
def stop(*, tenant: Property, request: RightsRequest, actor: User) -> Package:
    """End a build before it is over; its worker keeps nothing. The package can be built once more.

    Who did it stands in the log. Raises ValidationError `not_under_way` when none is being built.
    """
    request = locked(tenant=tenant, request=request)
    require_member(tenant=tenant, user=actor)
    package = Package.objects.select_for_update(of=("self",)).filter(request=request).defer("sealed").first()
    if package is None or not package.is_under_way:
        raise ValidationError(_("No package is being built here."), code="not_under_way")
    package.state, package.progress = PackageState.STOPPED, 0
    package.save(update_fields=["state", "progress"])
    return package


def under_way(tenant: Property) -> QuerySet[Package]:
    """Return the packages that wait for a worker or are in one's hands, with their requests, oldest first."""
    living = Package.objects.filter(tenant=tenant, erased_at__isnull=True, state__in=PACKAGE_UNDER_WAY)
    return living.select_related("request").defer("sealed").order_by("asked_at", "pk")


@transaction.atomic
def open_package(*, request: RightsRequest, code: str) -> bytes:
    """Return the zip that the tracking code opens, and count the download.

    Raises ValidationError: `no_package` while there is none and once it is over, `erased` from the order of the
    person's erasure on, whether or not the sweep was here, `wrong_code` for another code.
    """
    rows = Package.objects.select_for_update(of=("self",)).select_related("request__person")
    package = rows.filter(request=request).first()
    if package is None or not _is_ready(package):
        raise ValidationError(_("There is nothing to download, or the time for it is over."), code="no_package")
    if not may_be_given(package.request):
        text = _("The data was deleted or the request has ended, so there is nothing left to download.")
        raise ValidationError(text, code="erased")
    try:
        opened = tracking.open_sealed(bytes(package.sealed), code, tenant_id=request.tenant_id, request_id=request.pk)
    except tracking.WrongCode as error:
        raise ValidationError(_("This code does not open the package."), code="wrong_code") from error
    package.downloads += 1
    package.save(update_fields=["downloads"])
    note(
        Happening(
            kind=Kind.PACKAGE_OPENED,
            actor=f"request:{request.pk}",  # whoever has its code; there is no account
            tenant_id=request.tenant_id,
            subject=f"package:{package.pk}",
            facts={"downloads": package.downloads},
        )
    )
    return opened


def is_open(package: Package) -> bool:
    """Say whether it can be downloaded now. Up to two queries."""
    return _is_ready(package) and may_be_given(package.request)


def _is_ready(package: Package) -> bool:
    return (
        package.state == PackageState.READY and package.expires_at is not None and package.expires_at > timezone.now()
    )


def may_be_given(request: RightsRequest) -> bool:
    """Say whether the person still exists here and the request still stands. One query."""
    person = request.person
    return person is not None and request.state in _GIVEN and not is_being_erased(person)


def is_being_erased(person: Person) -> bool:
    """Say whether the erasure of a whole record was ordered or done. Up to one query."""
    return person.erased_at is not None or Erasure.objects.filter(person=person, scope=ErasureScope.PERSON).exists()


def is_over(now: datetime) -> Q:
    """Match the packages that `may_be_given` would refuse, and those whose time is over."""
    erasing = Erasure.objects.filter(person=OuterRef("request__person"), scope=ErasureScope.PERSON)
    return (
        Q(state=PackageState.READY, expires_at__lte=now)
        | Q(request__person__isnull=True)
        | Q(request__person__erased_at__isnull=False)
        | ~Q(request__state__in=_GIVEN)
        | Q(Exists(erasing))
    )


def erase(package: Package) -> None:
    """Let a locked package go; that there was one, and how often it was fetched, stays as evidence."""
    package.state, package.erased_at = PackageState.ERASED, timezone.now()
    package.sealed, package.progress = b"", 0
    package.save(update_fields=["state", "erased_at", "sealed", "progress"])
