"""Devices: register, pair, change, suspend, retire. Activation asks the gate: see clearance.services.activate."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.changes import facts_changed, hold_facts
from tenants.organizations.limits import require_room
from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant, tenant_context
from tenants.premises import pairing
from tenants.premises.changes import device_moved
from tenants.premises.kinds import NEEDS_PAIRING, ONLY_A_MEMBER_STARTS, DeviceMode, DeviceState, SuspensionReason
from tenants.premises.models import AccessPoint, Device, DeviceSign
from tenants.premises.rules import may_become
from tenants.premises.services.effects import Effects, watching
from tenants.premises.services.places import lock_place, refuse_private_place

# What a member may write about a device, at its registration and later.
FACTS = frozenset(
    {
        "name",
        "mode",
        "purpose",
        "vendor",
        "model",
        "serial",
        "algorithm",
        "algorithm_version",
        "tested_on",
        "false_accept_percent",
        "false_reject_percent",
        "attack_success_percent",
        "capture_area",
        "security_need",
        "passersby",
    }
)

HEARD_TO = timedelta(seconds=10)

# A sign is read on a photo of ordinary size; more would only fill the table.
MAX_SIGN_BYTES = 3_000_000
JPEG_START = b"\xff\xd8\xff"
_NO_HASH = "0" * 64
BAD_CODE = _("This pairing code is not valid. Ask for a new one.")


@transaction.atomic
def register(
    *,
    tenant: Property,
    access_point: AccessPoint,
    name: str,
    mode: DeviceMode | str = DeviceMode.VERIFY,
    **facts: Any,
) -> tuple[Device, str]:
    """Register a terminal; return it with its pairing code, which is not kept and cannot be shown again.

    `facts` are fields of FACTS, each may come later. Raises ValidationError; code `private_place` in a forbidden
    place, for every role (Measures Art 13). Raises TypeError on another field.
    """
    require_same_tenant(tenant, access_point)
    _refuse_unknown(facts)
    hold_facts(tenant=tenant)
    live = Device.objects.filter(tenant=tenant).exclude(state=DeviceState.RETIRED)
    require_room(tenant=tenant, name="max_devices", used=live.count)
    access_point = lock_place(access_point)
    refuse_private_place(access_point.zone)
    now = timezone.now()
    device = Device(
        id=uuid.uuid4(), tenant=tenant, access_point=access_point, name=name, mode=mode, state_changed_at=now, **facts
    )
    code = _new_code(device)
    _check(device)
    device.save()
    facts_changed(tenant=tenant)
    return device, code


@transaction.atomic
def update(*, tenant: Property, device: Device, access_point: AccessPoint | None = None, **facts: Any) -> Effects:
    """Change what is known of a device, or the door it is at; return the devices that this suspended or resumed.

    The gate judges the device anew: another processing than the assessed one stops it (Measures Art 9; PIPL 14), and
    another door needs a photo of the sign there (Art 13). Raises ValidationError; code `retired` for a retired one,
    `private_place` for a door in a forbidden place. Raises TypeError on a field outside FACTS.
    """
    require_same_tenant(tenant, device, access_point)
    _refuse_unknown(facts)
    with watching(tenant=tenant) as effects:
        device = _lock(device)
        if device.state == DeviceState.RETIRED:
            raise ValidationError(_("This device is retired."), code="retired")
        if access_point is not None and access_point.pk != device.access_point_id:
            device.access_point, device.sign_photo_on = lock_place(access_point), None
            refuse_private_place(device.access_point.zone)
        for name, value in facts.items():
            setattr(device, name, value)
        _check(device)
        device.save()
        facts_changed(tenant=tenant)
    return effects


@transaction.atomic
def record_sign(*, tenant: Property, device: Device, taken_on: date, picture: bytes) -> DeviceSign:
    """Keep a dated photo of the sign in place (Measures Art 13). Raises ValidationError.

    `picture` is a JPEG without metadata: the door that took the upload has decoded and written it anew.
    """
    require_same_tenant(tenant, device)
    hold_facts(tenant=tenant)
    device = _lock(device)
    if device.state == DeviceState.RETIRED:
        raise ValidationError(_("This device is retired."), code="retired")
    if taken_on > timezone.localdate():
        raise ValidationError({"taken_on": ValidationError(_("This day is still to come."), code="future")})
    if len(picture) > MAX_SIGN_BYTES:
        raise ValidationError({"picture": ValidationError(_("The picture is too large (3 MB)."), code="too_large")})
    if not picture.startswith(JPEG_START):
        raise ValidationError({"picture": ValidationError(_("This is not a picture."), code="not_a_picture")})
    sign = DeviceSign(tenant=tenant, device=device, taken_on=taken_on, picture=picture)
    sign.save()
    if device.sign_photo_on is None or taken_on > device.sign_photo_on:
        device.sign_photo_on = taken_on
        device.save()
    facts_changed(tenant=tenant)
    return sign


@transaction.atomic
def issue_pairing_code(*, tenant: Property, device: Device) -> str:
    """Give a terminal a new pairing code, shown once; an earlier one is over. Its keys stay until it pairs by this one.

    Raises ValidationError, code `retired`.
    """
    require_same_tenant(tenant, device)
    device = _lock(device)
    if device.state == DeviceState.RETIRED:
        raise ValidationError(_("This device is retired."), code="retired")
    code = _new_code(device)
    device.save()
    return code


@transaction.atomic
def use_pairing_code(*, tenant: Property, device_id: uuid.UUID, code: pairing.PairingCode) -> Device:
    """Use a pairing code up and return the device, locked.

    A device that was stopped because two machines used its key, or was declared lost, has new keys now: a member may
    start it again.
    Raises ValidationError, code `bad_code`, and the same for one that is unknown, used, over or of a retired device.
    """
    hold_facts(tenant=tenant)
    device = Device.objects.select_for_update(of=("self",), no_key=True).filter(pk=device_id, tenant=tenant).first()
    now = timezone.now()
    # An unknown device costs a comparison too.
    is_proved = code.proves(device.pairing_hash if device else _NO_HASH)
    if (
        device is None
        or not is_proved
        or device.state == DeviceState.RETIRED
        or device.pairing_used_at is not None
        or device.pairing_expires_at is None
        or device.pairing_expires_at <= now
    ):
        raise ValidationError({"code": ValidationError(BAD_CODE, code="bad_code")})
    device.pairing_used_at = now
    if device.suspended_for in NEEDS_PAIRING:
        device.suspended_for = SuspensionReason.MANUAL
    device.save()
    return device


@transaction.atomic
def suspend(*, tenant: Property, device: Device, reason: SuspensionReason | str = SuspensionReason.MANUAL) -> Device:
    """Stop a device at once, or keep off one that the gate has stopped: only a member starts it again.

    Raises ValidationError when it is neither active nor stopped by the gate.
    """
    hold_facts(tenant=tenant)
    if Device.objects.filter(pk=device.pk, suspended_for__in=ONLY_A_MEMBER_STARTS).exists():
        raise ValidationError(
            _("Only a member starts this device again, so it is stopped already."), code="wrong_state"
        )
    return set_state(tenant=tenant, device=device, target=DeviceState.SUSPENDED, reason=SuspensionReason(reason))


@transaction.atomic
def stop_for_copied_key(*, tenant: Property, device: Device) -> Device:
    """Stop a device whose key two machines use, whatever it was stopped for: it must be paired again."""
    hold_facts(tenant=tenant)
    return set_state(tenant=tenant, device=device, target=DeviceState.SUSPENDED, reason=SuspensionReason.KEY_COPIED)


@transaction.atomic
def stop_for_loss(*, tenant: Property, device: Device) -> Device:
    """Stop a device that was declared lost, whatever it was stopped for: it must be paired again.

    One that is retired, or was never started, stays what it is.
    """
    hold_facts(tenant=tenant)
    device = _lock(device)
    if device.state not in (DeviceState.ACTIVE, DeviceState.SUSPENDED):
        return device
    return _become(device, DeviceState.SUSPENDED, SuspensionReason.LOST)


@transaction.atomic
def suspend_active(*, devices: QuerySet[Device], reason: SuspensionReason) -> list[Device]:
    """Stop those of `devices` that are active, locked at once in the order of their keys."""
    active = devices.filter(state=DeviceState.ACTIVE).select_for_update(of=("self",), no_key=True).order_by("pk")
    return [_become(device, DeviceState.SUSPENDED, reason) for device in active]


@transaction.atomic
def retire(*, tenant: Property, device: Device) -> Device:
    """End a device for good. Raises ValidationError when it is retired already."""
    hold_facts(tenant=tenant)
    device = set_state(tenant=tenant, device=device, target=DeviceState.RETIRED)
    facts_changed(tenant=tenant)
    return device


@transaction.atomic
def set_state(
    *, tenant: Property, device: Device, target: DeviceState, reason: SuspensionReason | None = None
) -> Device:
    """Move a device along its transition table."""
    require_same_tenant(tenant, device)
    device = _lock(device)
    if target == DeviceState.ACTIVE and device.suspended_for == SuspensionReason.KEY_COPIED:
        raise ValidationError(_("Two machines used its key. Pair the terminal again first."), code="key_copied")
    if target == DeviceState.ACTIVE and device.suspended_for == SuspensionReason.LOST:
        raise ValidationError(_("It was declared lost. Pair the terminal again first."), code="lost")
    if not may_become(device.state, target):
        raise ValidationError(
            _("A device that is “%(state)s” cannot become “%(target)s”."),
            code="wrong_state",
            params={"state": device.get_state_display(), "target": target.label},
        )
    return _become(device, target, reason)


def heard_from(*, device: Device) -> None:
    """Note that the terminal spoke, to ten seconds. Not a change of the record, so it is not audited.

    Called outside a transaction: most times there is nothing to write.
    """
    now = timezone.now()
    if device.last_seen_at is None or now - device.last_seen_at > HEARD_TO:
        with tenant_context(device.tenant_id):
            Device.objects.filter(pk=device.pk).update(last_seen_at=now)


def _lock(device: Device) -> Device:
    # `no_key`: a row that points at the device, such as a door event, need not wait.
    rows = Device.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("access_point__zone").get(pk=device.pk)


def _become(device: Device, target: DeviceState, reason: SuspensionReason | None) -> Device:
    """The one writer of `state`."""
    before = DeviceState(device.state)
    if before != target:  # another reason for the same state does not begin it anew
        device.state, device.state_changed_at = target, timezone.now()
    device.suspended_for = reason or ""
    device.save()
    if before != target:
        device_moved(device=device, before=before, after=target)
    return device


def _new_code(device: Device) -> str:
    code = pairing.issue(device.tenant_id, device.pk)
    device.pairing_hash, device.pairing_issued_at, device.pairing_used_at = code.hash, timezone.now(), None
    device.pairing_expires_at = device.pairing_issued_at + pairing.LIFETIME
    return str(code)


def _check(device: Device) -> None:
    device.full_clean()
    if device.tested_on and device.tested_on > timezone.localdate():
        raise ValidationError({"tested_on": ValidationError(_("This day is still to come."), code="future")})


def _refuse_unknown(facts: dict[str, Any]) -> None:
    unknown = facts.keys() - FACTS
    if unknown:
        raise TypeError(f"Not a fact that a member writes: {sorted(unknown)}")
