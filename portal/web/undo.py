"""Take back what was just done: a button beside the message that says it is done, good once and for ten minutes.

The button carries a signed note of what was done by whom. What takes it back is a service like any other: it asks the
gate, the rules and the member's rights anew, and refuses where somebody else has changed the same thing since.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.security.alerts import handling
from portal.security.models import Alert
from recognition.edge.models import DeviceLoss
from recognition.edge.services import losses
from tenants.clearance.services import activate_device
from tenants.organizations.models import Membership, Property, User
from tenants.organizations.roles import Permission as P
from tenants.organizations.services.members import restore_member
from tenants.premises.models import AccessMethod, Device
from tenants.premises.services.doors import set_method_live
from tenants.rights.models import Complaint, LegalHold, RightsRequest
from tenants.rights.services import complaints, holds, requests

LIFETIME = timedelta(minutes=10)
_SALT = "portal.web.undo"
OVER = _("This can be taken back once, within ten minutes, by who did it. Change it on its page instead.")
CHANGED = _("Somebody changed it since. Nothing was taken back.")


class Act(StrEnum):
    """What can be taken back. Everything else is asked about before it is done."""

    MEMBER_REMOVED = "member_removed"
    REQUEST_ASSIGNED = "request_assigned"
    COMPLAINT_ASSIGNED = "complaint_assigned"
    DEVICE_SUSPENDED = "device_suspended"
    WAY_CHANGED = "way_changed"
    ALERT_CLOSED = "alert_closed"
    LOSS_DECLARED = "loss_declared"
    HOLD_ASKED = "hold_asked"


@dataclass(frozen=True)
class Note:
    """What was done: to which row, and how it was before and after where the row alone does not say it."""

    act: Act
    pk: uuid.UUID
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class _Undo:
    """`take_back` raises ValidationError where it may not be; `page` is where the row is seen."""

    permission: P
    take_back: Callable[[Property, User, Note], Any]
    page: Callable[[Property, Note], str]
    is_sensitive: bool = False


def _page(name: str) -> Callable[[Property, Note], str]:
    return lambda tenant, note: reverse(name, args=[tenant.slug, note.pk])


def _list(name: str) -> Callable[[Property, Note], str]:
    return lambda tenant, _note: reverse(name, args=[tenant.slug])


def _device_of_loss(tenant: Property, note: Note) -> str:
    loss = DeviceLoss.objects.filter(tenant=tenant, pk=note.pk).first()
    return reverse("device", args=[tenant.slug, loss.device_id]) if loss else reverse("devices", args=[tenant.slug])


def _member(tenant: Property, _actor: User, note: Note) -> None:
    restore_member(tenant=tenant, membership=Membership.objects.get(tenant=tenant, pk=note.pk))


def _assignee(note: Note, current: uuid.UUID | None) -> User | None:
    if str(current or "") != note.after:
        raise ValidationError(CHANGED, code="changed")
    return User.objects.get(pk=note.before) if note.before else None


def _request(tenant: Property, actor: User, note: Note) -> None:
    row = RightsRequest.objects.get(tenant=tenant, pk=note.pk)
    requests.assign(tenant=tenant, request=row, to=_assignee(note, row.assigned_to_id), actor=actor)


def _complaint(tenant: Property, _actor: User, note: Note) -> None:
    row = Complaint.objects.get(tenant=tenant, pk=note.pk)
    complaints.assign(tenant=tenant, complaint=row, to=_assignee(note, row.assigned_to_id))


def _device(tenant: Property, _actor: User, note: Note) -> None:
    activate_device(tenant=tenant, device=Device.objects.get(tenant=tenant, pk=note.pk))


def _way(tenant: Property, _actor: User, note: Note) -> None:
    method = AccessMethod.objects.get(tenant=tenant, pk=note.pk)
    if str(method.is_live) != note.after:
        raise ValidationError(CHANGED, code="changed")
    set_method_live(tenant=tenant, method=method, is_live=not method.is_live)


def _alert(tenant: Property, actor: User, note: Note) -> None:
    handling.reopen(alert=Alert.objects.get(tenant=tenant.pk, pk=note.pk), actor=actor)


def _loss(tenant: Property, actor: User, note: Note) -> None:
    losses.take_back(tenant=tenant, loss=DeviceLoss.objects.get(tenant=tenant, pk=note.pk), actor=actor)


def _hold(tenant: Property, actor: User, note: Note) -> None:
    row = LegalHold.objects.get(tenant=tenant, pk=note.pk)
    if row.approved_at is not None:
        raise ValidationError(CHANGED, code="changed")
    holds.lift(tenant=tenant, hold=row, actor=actor)


UNDOS: dict[Act, _Undo] = {
    Act.MEMBER_REMOVED: _Undo(P.MANAGE_MEMBERS, _member, _list("members"), is_sensitive=True),
    Act.REQUEST_ASSIGNED: _Undo(P.HANDLE_REQUESTS, _request, _page("request")),
    Act.COMPLAINT_ASSIGNED: _Undo(P.HANDLE_REQUESTS, _complaint, _page("complaint")),
    Act.DEVICE_SUSPENDED: _Undo(P.MANAGE_PREMISES, _device, _page("device")),
    Act.WAY_CHANGED: _Undo(P.MANAGE_PREMISES, _way, _list("premises")),
    Act.ALERT_CLOSED: _Undo(P.HANDLE_ALERTS, _alert, _page("alert")),
    Act.LOSS_DECLARED: _Undo(P.MANAGE_PREMISES, _loss, _device_of_loss, is_sensitive=True),
    Act.HOLD_ASKED: _Undo(P.MANAGE_RETENTION, _hold, _list("holds"), is_sensitive=True),
}


def offer(*, tenant: Property, user: User, note: Note) -> str:
    """Return the signed note for the button beside the message: `messages.success(…, extra_tags=offer(…))`."""
    said = [note.act, note.pk.hex, note.before, note.after, tenant.pk.hex, user.pk.hex, uuid.uuid4().hex]
    return signing.dumps(said, salt=_SALT)


def read(token: str, *, tenant: Property, user: User) -> Note:
    """Return what this button takes back. Raises ValidationError for one that is over, or of somebody else."""
    try:
        act, pk, before, after, tenant_id, user_id, _nonce = signing.loads(token, salt=_SALT, max_age=LIFETIME)
    except signing.BadSignature:
        raise ValidationError(OVER, code="over") from None
    if tenant_id != tenant.pk.hex or user_id != user.pk.hex:
        raise ValidationError(OVER, code="over")
    return Note(Act(act), uuid.UUID(pk), before, after)


def take_back(token: str, *, tenant: Property, user: User) -> Note:
    """Take it back, once. Raises ValidationError where it cannot be, and PermissionDenied without the right to."""
    note = read(token, tenant=tenant, user=user)
    undo = UNDOS[note.act]
    if undo.permission not in tenant.granted:
        raise PermissionDenied
    if not cache.add(f"undo:{token[-64:]}", 1, timeout=LIFETIME.total_seconds()):
        raise ValidationError(OVER, code="over")
    try:
        undo.take_back(tenant, user, note)
    except ObjectDoesNotExist:
        raise ValidationError(CHANGED, code="changed") from None
    return note
