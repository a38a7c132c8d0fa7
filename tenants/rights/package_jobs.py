"""What the workers do for packages. A build may be killed anywhere and run twice: there is one row, and one result."""

import hashlib
import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q
from django.utils import timezone, translation

from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people.models import Consent, Person
from tenants.rights import package_contents, package_renderers, package_tasks, tracking
from tenants.rights.kinds import PACKAGE_UNDER_WAY, PackageKind, PackageState
from tenants.rights.models import Erasure, Package
from tenants.rights.models.packages import BEGUN
from tenants.rights.package_renderers import PackageRenderer
from tenants.rights.package_zip import pack
from tenants.rights.services.packages import LIFETIME, erase, is_over, may_be_given

# Killed so often, it is not the machine's fault: somebody looks, and the person may ask again.
MAX_TRIES = 10
# Facts that change while they are written down are read again, this often in one go.
ROUNDS = 3
_READ, _WRITTEN = 20, 95
# Seconds after which a message to the workers counts as lost: sending it once more costs nothing.
_LOST_AFTER = 60
logger = logging.getLogger(__name__)


class Superseded(Exception):
    """Another worker builds this package now, or nobody is to build it any more."""


@dataclass(frozen=True)
class Claim:
    """Who builds: the order and the number of the try. A later one takes the row away from an earlier one."""

    package_id: uuid.UUID
    asked_at: datetime
    tries: int

    def row(self) -> Q:
        return Q(pk=self.package_id, asked_at=self.asked_at, tries=self.tries, state=PackageState.BUILDING)


def build(*, tenant_id: uuid.UUID, package_id: uuid.UUID, renderer: PackageRenderer | None = None) -> None:
    """Read what is held, write it, seal it to the tracking code, and keep that; nothing of it outside this process.

    Read in one transaction, written in none, kept in one that looks again whether it still may be.
    """
    claim = _claim(tenant_id, package_id)
    if claim is None:
        return
    try:
        for _round in range(ROUNDS):
            if _build_once(tenant_id, claim, renderer or package_renderers.renderer()):
                return
        _give_back(tenant_id, claim)
    except Superseded:
        logger.info("The build of package %s was overtaken.", package_id)
    except Exception as error:
        # Its message could quote what was being written.
        logger.error("Package %s could not be built: %s", package_id, type(error).__name__)
        _give_back(tenant_id, claim)


def _build_once(tenant_id: uuid.UUID, claim: Claim, renderer: PackageRenderer) -> bool:
    """Return False when something about the person changed meanwhile."""
    with tenant_context(tenant_id):
        package = Package.objects.select_related("request__person__tenant__handler").filter(claim.row()).first()
        if package is None:
            raise Superseded
        request, kind = package.request, PackageKind(package.kind)
        seen, made_at = _stamp(request.person), timezone.now()
        with translation.override(request.language):
            contents = package_contents.contents(request=request, kind=kind, made_at=made_at)
    _step(tenant_id, claim, _READ)
    with translation.override(request.language):
        files = renderer(contents, kind=kind, language=request.language, step=partial(_rendering, tenant_id, claim))
    packed = pack(files, made_at=timezone.localtime(made_at))
    _step(tenant_id, claim, _WRITTEN)
    return _keep(tenant_id, claim, packed, seen)


def _claim(tenant_id: uuid.UUID, package_id: uuid.UUID) -> Claim | None:
    """Take the row over from whoever had it; None when there is nothing to build."""
    with tenant_context(tenant_id):
        package = _locked(Q(pk=package_id, state__in=PACKAGE_UNDER_WAY))
        if package is None or not (package.state == PackageState.WAITING or _is_silent(package)):
            return None  # built, gone, or in the hands of a worker that lives
        if not may_be_given(package.request):
            erase(package)
            return None
        if package.tries >= MAX_TRIES or not package.request.seal_key:
            package.state = PackageState.FAILED
            package.save(update_fields=["state"])
            return None
        package.state, package.progress, package.begun_at = PackageState.BUILDING, BEGUN, timezone.now()
        package.touched_at = package.begun_at
        package.tries += 1
        package.save(update_fields=["state", "progress", "begun_at", "touched_at", "tries"])
        return Claim(package.pk, package.asked_at, package.tries)


def _is_silent(package: Package) -> bool:
    late = timezone.now() - timedelta(seconds=settings.PACKAGE_RESEND_SECONDS)
    return package.touched_at is None or package.touched_at < late


def _patience() -> tuple[int, int]:
    """Return how many seconds a package may wait for a worker, and a worker may be silent."""
    return min(_LOST_AFTER, settings.PACKAGE_RESEND_SECONDS), settings.PACKAGE_RESEND_SECONDS


def _step(tenant_id: uuid.UUID, claim: Claim, percent: int) -> None:
    """Say how far it is. Raises Superseded."""
    with tenant_context(tenant_id):
        if not Package.objects.filter(claim.row()).update(progress=percent, touched_at=timezone.now()):
            raise Superseded


def _rendering(tenant_id: uuid.UUID, claim: Claim, percent: int) -> None:
    _step(tenant_id, claim, _READ + (_WRITTEN - _READ) * min(percent, 100) // 100)


def _keep(tenant_id: uuid.UUID, claim: Claim, packed: bytes, seen: tuple[Any, ...]) -> bool:
    """Seal and store, unless the person went or changed since it was read; then return False, or let the row go."""
    with tenant_context(tenant_id):
        package = _locked(claim.row())
        if package is None:
            raise Superseded
        request = package.request
        if not may_be_given(request):
            erase(package)
            return True
        if _stamp(request.person) != seen:
            return False
        ids = {"tenant_id": tenant_id, "request_id": request.pk}
        package.sealed = tracking.seal(packed, bytes(request.seal_key), **ids)
        package.sha256 = hashlib.sha256(packed).hexdigest()
        package.state, package.progress, package.built_at = PackageState.READY, 100, timezone.now()
        package.touched_at, package.expires_at = package.built_at, package.built_at + LIFETIME
        package.save()
        return True


def _give_back(tenant_id: uuid.UUID, claim: Claim) -> None:
    """Let the next sweep try again."""
    with tenant_context(tenant_id):
        rows = Package.objects.filter(claim.row())
        rows.update(state=PackageState.WAITING, progress=0, touched_at=timezone.now())


def _locked(which: Q) -> Package | None:
    rows = Package.objects.select_for_update(of=("self",)).select_related("request__person")
    return rows.filter(which).first()


def _stamp(person: Person | None) -> tuple[Any, ...]:
    """Return what must not have changed while a package was written: a withdrawal, an erasure, a new answer."""
    if person is None:
        return ()
    state = Person.objects.filter(pk=person.pk).values_list("face_state", "restricted_at", "erased_at").first()
    answers = Consent.objects.filter(person=person).aggregate(last=Max("decided_at"), ended=Max("withdrawn_at"))
    orders = Erasure.objects.filter(person=person).aggregate(ordered=Count("pk"), done=Count("completed_at"))
    return (state, answers["last"], answers["ended"], orders["ordered"], orders["done"])


def sweep_packages() -> int:
    """Erase what is over, send again what was lost, in every property; return how many rows. Twice is as once."""
    found = 0
    for tenant_id in Property.objects.order_by("pk").values_list("pk", flat=True):
        try:
            with tenant_context(tenant_id):
                found += _sweep(tenant_id)
        except Exception:
            # One bad property does not keep the others waiting.
            logger.exception("The packages of property %s could not be swept.", tenant_id)
    return found


def _sweep(tenant_id: uuid.UUID) -> int:
    now = timezone.now()
    living = Package.objects.filter(tenant_id=tenant_id, erased_at__isnull=True).order_by("pk")
    over = living.filter(is_over(now)).select_for_update(skip_locked=True, of=("self",)).defer("sealed")
    gone = list(over)
    for package in gone:
        erase(package)
    soon, late = (now - timedelta(seconds=seconds) for seconds in _patience())
    silent = Q(state=PackageState.WAITING, touched_at__lt=soon) | Q(state=PackageState.BUILDING, touched_at__lt=late)
    lost = list(living.filter(silent).defer("sealed"))
    for package in lost:
        package_tasks.send_build(package)
    return len(gone) + len(lost)
