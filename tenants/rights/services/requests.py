"""Requests: received from anyone, found again by their code, assigned, taken back."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property, User
from tenants.organizations.news import NotificationKind
from tenants.organizations.services.notifications import tell
from tenants.people.models import Person
from tenants.people.services.links import GuardianVisit, Visit
from tenants.rights import ready_texts
from tenants.rights.kinds import (
    IdentityProof,
    RequestChannel,
    Requester,
    RequestKind,
    RequestState,
)
from tenants.rights.models import RightsRequest
from tenants.rights.rules import ANSWER_WORKING_DAYS, add_working_days
from tenants.rights.rules.transitions import may_ask
from tenants.rights.services import identity
from tenants.rights.services.messages import write_to_person
from tenants.rights.services.moving import locked, may_handle, move, require_member, require_open, require_step
from tenants.rights.tracking import new_code, plain_code, seal_key

# Whoever writes down what somebody else asks says who they are.
_AT_THE_DESK = frozenset({RequestChannel.PAPER, RequestChannel.PHONE, RequestChannel.API})


@transaction.atomic
def receive(
    *,
    tenant: Property,
    kind: RequestKind | str,
    name: str,
    contact: str,
    room: str = "",
    message: str = "",
    asked_by: Requester | str = Requester.SELF,
    relation: str = "",
    channel: RequestChannel | str = RequestChannel.FORM,
    language: str = "zh-hans",
    entered_by: User | None = None,
) -> tuple[RightsRequest, str]:
    """Take a request without an account; return it with its tracking code, shown once and kept by nobody.

    The clock starts now and runs in Beijing working days. It is not yet known who asks: `identity` proves it.
    Raises ValidationError.
    """
    if asked_by not in Requester.values:
        raise ValidationError({"asked_by": ValidationError(_("Say who asks."), code="asked_by")})
    if not may_ask(kind, asked_by):
        text = _("A relative may ask to see, copy, correct or delete (PIPL 49).")
        if asked_by != Requester.RELATIVE or kind not in RequestKind.values:
            text = _("Choose what you ask for.")
        raise ValidationError({"kind": ValidationError(text, code="kind")})
    if not name.strip():
        raise ValidationError({"name": ValidationError(_("Write a name."), code="required")})
    if asked_by != Requester.SELF and not relation.strip():
        raise ValidationError(
            {"relation": ValidationError(_("Say for whom you ask, and why you may."), code="required")}
        )
    if channel not in {RequestChannel.FORM, *_AT_THE_DESK} or (channel in _AT_THE_DESK) != (entered_by is not None):
        raise ValidationError({"channel": ValidationError(_("Say how the request came."), code="channel")})
    if entered_by is not None:
        require_member(tenant=tenant, user=entered_by)
    return _receive(
        tenant,
        kind=kind,
        name=name,
        contact=contact,
        room=room,
        message=message,
        asked_by=asked_by,
        relation=relation,
        channel=channel,
        language=language,
        entered_by=entered_by,
    )


@transaction.atomic
def receive_from(
    *, visit: Visit, kind: RequestKind | str, message: str = "", language: str = "zh-hans"
) -> tuple[RightsRequest, str]:
    """Take a request from a personal page; the link has proved who asks. Name and contact are on file already.

    A withdrawal is carried out at once. Raises ValidationError.
    """
    is_guardian = isinstance(visit, GuardianVisit)
    if kind not in RequestKind.values:
        raise ValidationError({"kind": ValidationError(_("Choose what you ask for."), code="kind")})
    identity.hold_before_withdrawal(tenant=visit.tenant, kind=kind)
    request, code = _receive(
        visit.tenant,
        kind=kind,
        message=message,
        asked_by=Requester.GUARDIAN if is_guardian else Requester.SELF,
        channel=RequestChannel.PAGE,
        language=language,
    )
    person = Person.objects.get(pk=visit.person.pk)
    request = identity.confirm(
        tenant=visit.tenant,
        request=locked(tenant=visit.tenant, request=request),
        person=person,
        by=IdentityProof.LINK,
    )
    return request, code


def find_by_code(*, tenant: Property, code: str) -> RightsRequest:
    """Return the request that a tracking code opens. Raises RightsRequest.DoesNotExist."""
    return RightsRequest.objects.select_related("person").get(tenant=tenant, code_hash=hash_code(tenant, code))


def hash_code(tenant: Property, code: str) -> str:
    """Hash a tracking code as people type it: case, full width, spaces and dashes do not matter."""
    return hashlib.sha256(f"{tenant.pk}:{plain_code(code)}".encode()).hexdigest()


@transaction.atomic
def assign(*, tenant: Property, request: RightsRequest, to: User | None, actor: User) -> RightsRequest:
    """Give an open request to a member who may answer it, or to nobody. Raises ValidationError."""
    require_member(tenant=tenant, user=actor)
    request = locked(tenant=tenant, request=request)
    require_open(request)
    if to is not None and not may_handle(tenant=tenant, user=to):
        raise ValidationError({"to": ValidationError(_("Choose a member who answers requests."), code="may_not")})
    request.assigned_to = to
    request.save(update_fields=["assigned_to"])
    return request


@transaction.atomic
def take_back(*, tenant: Property, request: RightsRequest) -> RightsRequest:
    """End an open request because the person wishes it; nothing was done. Raises ValidationError."""
    request = locked(tenant=tenant, request=request)
    require_step(request, RequestState.TAKEN_BACK)
    rows = [request, *RightsRequest.objects.filter(merged_into=request).select_related("tenant").order_by("pk")]
    told = [
        write_to_person(tenant=tenant, request=row, text=ready_texts.taken_back(row), template="taken_back")
        for row in rows
    ]
    return move(request, RequestState.TAKEN_BACK, told=told[0])


def _receive(tenant: Property, **fields: object) -> tuple[RightsRequest, str]:
    if fields["kind"] == RequestKind.CORRECT and not str(fields["message"]).strip():
        text = _("Write what is wrong and how it should be.")
        raise ValidationError({"message": ValidationError(text, code="required")})
    deadline = add_working_days(timezone.localdate(), ANSWER_WORKING_DAYS)
    code = new_code()
    request = RightsRequest(
        tenant=tenant,
        number=_next_number(tenant),
        code_hash=hash_code(tenant, code),
        seal_key=seal_key(code, tenant_id=tenant.pk),
        due_on=deadline.on,
        is_due_final=deadline.is_final,
        **fields,
    )
    request.full_clean()
    request.save()
    tell(tenant=tenant, kind=NotificationKind.REQUEST_RECEIVED, subject=request, but_not=request.entered_by_id)
    return request, code


def _next_number(tenant: Property) -> str:
    """Return R-YYMM-NNN, counted per property and month; a transaction lock keeps two from taking one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"request:{tenant.pk}"])
    prefix = f"R-{timezone.localdate():%y%m}-"
    taken = RightsRequest.objects.filter(tenant=tenant, number__startswith=prefix).count()
    return f"{prefix}{taken + 1:03d}"
