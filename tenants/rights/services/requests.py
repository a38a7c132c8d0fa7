"""Requests: received from anyone, confirmed and answered by members."""

import hashlib
import secrets
import unicodedata
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.people.models import Person
from tenants.rights.kinds import OFFERED_KINDS, ErasureReason, ErasureScope, RequestKind, RequestState
from tenants.rights.models import RightsRequest
from tenants.rights.rules import ANSWER_WORKING_DAYS, add_working_days, may_become
from tenants.rights.services.erasures import order_erasure

# Crockford's alphabet: nothing that can be misread on paper.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PACKAGE_LIFETIME = timedelta(days=14)


@transaction.atomic
def receive(
    *, tenant: Property, kind: RequestKind | str, name: str, contact: str, room: str = "", message: str = ""
) -> tuple[RightsRequest, str]:
    """Take a request without an account; return it with its tracking code, shown once.

    The clock starts now and runs in Beijing working days. Raises ValidationError.
    """
    if kind not in OFFERED_KINDS:
        raise ValidationError({"kind": ValidationError(_("Choose what you ask for."), code="kind")})
    today = timezone.localdate()
    deadline = add_working_days(today, ANSWER_WORKING_DAYS)
    code = "".join(secrets.choice(ALPHABET) for _unused in range(16))
    request = RightsRequest(
        tenant=tenant,
        number=_next_number(tenant),
        code_hash=hash_code(tenant, code),
        kind=kind,
        name=name,
        contact=contact,
        room=room,
        message=message,
        due_on=deadline.on,
        is_due_final=deadline.is_final,
    )
    request.full_clean()
    request.save()
    return request, "-".join(code[i : i + 4] for i in range(0, 16, 4))


def find_by_code(*, tenant: Property, code: str) -> RightsRequest:
    """Return the request that a tracking code opens. Raises RightsRequest.DoesNotExist."""
    return RightsRequest.objects.select_related("person").get(tenant=tenant, code_hash=hash_code(tenant, code))


def hash_code(tenant: Property, code: str) -> str:
    """Hash a tracking code as people type it: case, full width, spaces and dashes do not matter."""
    typed = unicodedata.normalize("NFKC", code).upper()
    plain = "".join(c for c in typed if c.isalnum()).replace("O", "0").replace("I", "1").replace("L", "1")
    return hashlib.sha256(f"{tenant.pk}:{plain}".encode()).hexdigest()


@transaction.atomic
def confirm(*, tenant: Property, request: RightsRequest, person: Person) -> RightsRequest:
    """Record that the desk knows who asks, and link the person. Raises ValidationError."""
    require_same_tenant(tenant, request, person)
    if person.erased_at:
        raise ValidationError(_("This person's record was erased."), code="erased")
    request = _locked(request, RequestState.CONFIRMED)
    request.person = person
    request.state = RequestState.CONFIRMED
    request.save()
    return request


@transaction.atomic
def answer(*, tenant: Property, request: RightsRequest, text: str) -> RightsRequest:
    """Do what is asked and close: open the package, or order the erasure of the whole record.

    With the record go the person's passes: only here does a card stop because of a request, and the doors'
    pages say so before (PIPL 47; Measures Art 10). Raises ValidationError.
    """
    require_same_tenant(tenant, request)
    request = _locked(request, RequestState.ANSWERED)
    if not text.strip():
        raise ValidationError({"text": ValidationError(_("Write what you tell the person."), code="required")})
    request.answer, request.state, request.closed_at = text, RequestState.ANSWERED, timezone.now()
    if request.kind == RequestKind.ACCESS:
        request.package_until = timezone.now() + PACKAGE_LIFETIME
    request.save()
    if request.kind == RequestKind.DELETE and request.person is not None:
        order_erasure(
            tenant=tenant,
            person=request.person,
            reason=ErasureReason.REQUESTED,
            scope=ErasureScope.PERSON,
            request=request,
        )
    return request


@transaction.atomic
def refuse(*, tenant: Property, request: RightsRequest, text: str) -> RightsRequest:
    """Refuse with the reason and the way to complain (PIPL 50). Raises ValidationError without a reason."""
    require_same_tenant(tenant, request)
    request = _locked(request, RequestState.REFUSED)
    if not text.strip():
        raise ValidationError({"text": ValidationError(_("A refusal needs its reason."), code="required")})
    request.answer, request.state, request.closed_at = text, RequestState.REFUSED, timezone.now()
    request.save()
    return request


def _locked(request: RightsRequest, target: RequestState) -> RightsRequest:
    request = RightsRequest.objects.select_for_update(of=("self",)).select_related("person").get(pk=request.pk)
    if not may_become(request.state, target):
        raise ValidationError(
            _("A request that is “%(state)s” cannot become “%(target)s”."),
            code="wrong_state",
            params={"state": request.get_state_display(), "target": target.label},
        )
    return request


def _next_number(tenant: Property) -> str:
    """Return R-YYMM-NNN, counted per property and month; a transaction lock keeps two from taking one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"request:{tenant.pk}"])
    prefix = f"R-{timezone.localdate():%y%m}-"
    taken = RightsRequest.objects.filter(tenant=tenant, number__startswith=prefix).count()
    return f"{prefix}{taken + 1:03d}"
