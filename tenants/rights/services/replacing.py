"""What the desk may do anew: give a tracking code in the place of a lost one, and build a package that failed."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property, User
from tenants.rights import ready_texts
from tenants.rights.kinds import IdentityProof, PackageState
from tenants.rights.models import Package, RightsRequest
from tenants.rights.services import packages
from tenants.rights.services.messages import write_to_person
from tenants.rights.services.moving import locked, require_member
from tenants.rights.services.requests import hash_code
from tenants.rights.tracking import new_code, seal_key

# Proofs that show more than that somebody had a code: by the contact on file, or before a member.
_SURE = frozenset({IdentityProof.CODE, IdentityProof.IN_PERSON})


@transaction.atomic
def replace_code(*, tenant: Property, request: RightsRequest, actor: User) -> tuple[RightsRequest, str]:
    """Give whoever asked a new tracking code, shown once; the old one opens nothing from now on.

    The member knows who stands before them. A package that lay sealed to the old code is erased and built anew. The
    person is told at the contact on file, by a message that names the member in the house: nobody takes one unseen.
    Raises ValidationError: `not_proved` where it was not proved by a code or in person who asks, `erased` for a record
    that is erased.
    """
    request = locked(tenant=tenant, request=request)
    require_member(tenant=tenant, user=actor)
    if request.identity_by not in _SURE or request.person is None:
        message = _("A new code needs that it was proved who asks: by a code to the contact on file, or at the desk.")
        raise ValidationError(message, code="not_proved")
    if packages.is_being_erased(request.person):
        raise ValidationError(_("This person's record was erased."), code="erased")
    code = new_code()
    request.code_hash = hash_code(tenant, code)
    request.seal_key = seal_key(code, tenant_id=tenant.pk)
    request.save(update_fields=["code_hash", "seal_key"])
    told = ready_texts.new_code(request)
    write_to_person(tenant=tenant, request=request, text=told, author=actor, template="new_code")
    package = _package(request)
    is_given = package is not None and package.state not in {PackageState.ERASED, PackageState.STOPPED}
    if package is not None and is_given and packages.may_be_given(request):
        packages.order(request=request, kind=package.kind)
    return request, code


@transaction.atomic
def build_again(*, tenant: Property, request: RightsRequest, actor: User) -> Package:
    """Have a package that failed, or that a member stopped, built once more.

    Raises ValidationError: `not_failed`, `erased`.
    """
    request = locked(tenant=tenant, request=request)
    require_member(tenant=tenant, user=actor)
    package = _package(request)
    if package is None or package.state not in {PackageState.FAILED, PackageState.STOPPED}:
        raise ValidationError(_("No package has failed here."), code="not_failed")
    if not packages.may_be_given(request):
        raise ValidationError(_("This person's record was erased."), code="erased")
    return packages.order(request=request, kind=package.kind)


def _package(request: RightsRequest) -> Package | None:
    rows = Package.objects.select_for_update(of=("self",)).defer("sealed")
    return rows.filter(request=request).first()
