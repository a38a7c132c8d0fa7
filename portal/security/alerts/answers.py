"""What the portal does by itself when a rule rings, where a property has switched it on. Each can be taken back."""

import uuid
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.security.alerts.kinds import StepKind
from portal.security.models import Alert, AlertSettings, AlertStep
from tenants.organizations import actors
from tenants.organizations.models import Membership, Property
from tenants.organizations.services import members
from tenants.premises.kinds import SuspensionReason
from tenants.premises.models import Device
from tenants.premises.services import devices

# Rules in which the account itself did it. Not those in which a stranger tries to enter it: whoever types a wrong
# password often enough could lock a member out.
LOCKING = frozenset(
    {
        "tenant_probing",
        "id_probing",
        "mass_reading",
        "mass_listing",
        "mass_export",
        "decoy_person",
        "role_used_at_once",
    }
)
# Rules in which a terminal is not what or where it should be. Not those that a stranger can ring with a forged request:
# nobody outside may close a door to faces.
SUSPENDING = frozenset({"device_replay", "device_moved", "device_cloned", "device_foreign", "impossible_heartbeat"})

# Why something was not done, by the code that its step keeps.
REASONS = {
    "last_owner": _("The last owner is never locked out. Make somebody else owner first, then lock the account."),
    "no_member": _("The account is no active member here."),
    "no_device": _("The device is not here any more."),
    "wrong_state": _("The device does not use faces now, so there is nothing to suspend."),
}


def give(alert: Alert) -> None:
    """Answer a new alert as its property wishes, and write down what came of it. In the alert's own transaction."""
    kind, _colon, pk = alert.subject.partition(":")
    lock, suspend = kind == "user" and alert.rule in LOCKING, kind == "device" and alert.rule in SUSPENDING
    if alert.tenant is None or not (lock or suspend):
        return
    wishes = AlertSettings.objects.filter(tenant=alert.tenant).first()
    if wishes is None:
        return
    token = actors.name(f"rule:{alert.rule}")
    try:
        if lock and wishes.locks_accounts:
            _answer(alert, lambda: _lock(wishes.tenant, pk), StepKind.LOCKED, StepKind.NOT_LOCKED)
        if suspend and wishes.suspends_devices:
            _answer(alert, lambda: _suspend(wishes.tenant, pk), StepKind.SUSPENDED, StepKind.NOT_SUSPENDED)
    finally:
        actors.forget(token)


def _answer(alert: Alert, act: Callable[[], None], done: StepKind, not_done: StepKind) -> None:
    """Do it whole or not at all. What refuses it says so in the alert; the alert itself stands in any case."""
    kind, reason = done, ""
    try:
        with transaction.atomic():
            act()
    except ValidationError as refused:
        kind, reason = not_done, str(refused.error_list[0].code or "")
    AlertStep.objects.create(tenant=alert.tenant, alert=alert, kind=kind, text=reason)


def _lock(tenant: Property, user_id: str) -> None:
    """End the membership, which an owner can take back, and every session. Other properties are not asked."""
    pk = _id(user_id)
    member = Membership.objects.filter(tenant=tenant, user_id=pk, is_active=True).first() if pk else None
    if member is None:
        raise ValidationError(REASONS["no_member"], code="no_member")
    members.remove_member(tenant=tenant, membership=member)
    for session in UserSession.objects.filter(user=member.user_id):
        session.end()


def _suspend(tenant: Property, device_id: str) -> None:
    pk = _id(device_id)
    device = Device.objects.filter(tenant=tenant, pk=pk).first() if pk else None
    if device is None:
        raise ValidationError(REASONS["no_device"], code="no_device")
    devices.suspend(tenant=tenant, device=device, reason=SuspensionReason.ALERT)


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
