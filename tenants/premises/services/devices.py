"""Devices: register, change, suspend, retire, rotate. Activation asks the gate: see clearance.services.activate."""

import uuid
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.changes import facts_changed, hold_facts
from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.premises import credentials
from tenants.premises.kinds import DeviceMode, DeviceState, SuspensionReason
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

# A sign is read on a photo of ordinary size; more would only fill the table.
MAX_SIGN_BYTES = 3_000_000
JPEG_START = b"\xff\xd8\xff"


@transaction.atomic
def register(
    *,
    tenant: Property,
    access_point: AccessPoint,
    name: str,
    mode: DeviceMode | str = DeviceMode.VERIFY,
    **facts: Any,
) -> tuple[Device, str]:
    """Register a terminal; return it with its credential, which is not kept and cannot be shown again.

    `facts` are fields of FACTS, each may come later. Raises ValidationError; code `private_place` in a forbidden
    place, for every role (Measures Art 13). Raises TypeError on another field.
    """
    require_same_tenant(tenant, access_point)
    _refuse_unknown(facts)
    hold_facts(tenant=tenant)
    access_point = lock_place(access_point)
    refuse_private_place(access_point.zone)
    now = timezone.now()
    device = Device(
        id=uuid.uuid4(),
        tenant=tenant,
        access_point=access_point,
        name=name,
        mode=mode,
        state_changed_at=now,
        credential_issued_at=now,
        **facts,
    )
    credential = credentials.issue(tenant.pk, device.pk)
    device.credential_hash = credential.hash
    _check(device)
    device.save()
    facts_changed(tenant=tenant)
    return device, str(credential)


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
def rotate_credential(*, tenant: Property, device: Device) -> str:
    """Replace the credential; the old one stops at once. Returns the new one, shown once."""
    require_same_tenant(tenant, device)
    device = _lock(device)
    if device.state == DeviceState.RETIRED:
        raise ValidationError(_("This device is retired."), code="retired")
    credential = credentials.issue(tenant.pk, device.pk)
    device.credential_hash, device.credential_issued_at = credential.hash, timezone.now()
    device.save()
    return str(credential)


@transaction.atomic
def suspend(*, tenant: Property, device: Device, reason: SuspensionReason | str = SuspensionReason.MANUAL) -> Device:
    """Stop a device at once, or keep off one that the gate has stopped: only a member starts it again.

    Raises ValidationError when it is neither active nor stopped by the gate.
    """
    hold_facts(tenant=tenant)
    if Device.objects.filter(pk=device.pk, suspended_for=SuspensionReason.MANUAL).exists():
        raise ValidationError(_("A member has stopped this device already."), code="wrong_state")
    return set_state(tenant=tenant, device=device, target=DeviceState.SUSPENDED, reason=SuspensionReason(reason))


@transaction.atomic
def suspend_active(*, devices: QuerySet[Device], reason: SuspensionReason) -> list[Device]:
    """Stop those of `devices` that are active, locked at once in the order of their keys."""
    active = devices.filter(state=DeviceState.ACTIVE).select_for_update(of=("self",)).order_by("pk")
    return [_become(device, DeviceState.SUSPENDED, reason) for device in active]


@transaction.atomic
def retire(*, tenant: Property, device: Device) -> Device:
    """End a device for good; its credential stops. Raises ValidationError when it is retired already."""
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
    if not may_become(device.state, target):
        raise ValidationError(
            _("A device that is “%(state)s” cannot become “%(target)s”."),
            code="wrong_state",
            params={"state": device.get_state_display(), "target": target.label},
        )
    return _become(device, target, reason)


def heard_from(*, device: Device) -> None:
    """Note that the terminal spoke. Not a change of the record, so it is not audited."""
    Device.objects.filter(pk=device.pk).update(last_seen_at=timezone.now())


def _lock(device: Device) -> Device:
    return Device.objects.select_for_update(of=("self",)).select_related("access_point__zone").get(pk=device.pk)


def _become(device: Device, target: DeviceState, reason: SuspensionReason | None) -> Device:
    """The one writer of `state`."""
    if device.state != target:  # another reason for the same state does not begin it anew
        device.state, device.state_changed_at = target, timezone.now()
    device.suspended_for = reason or ""
    device.save()
    return device


def _check(device: Device) -> None:
    device.full_clean()
    if device.tested_on and device.tested_on > timezone.localdate():
        raise ValidationError({"tested_on": ValidationError(_("This day is still to come."), code="future")})


def _refuse_unknown(facts: dict[str, Any]) -> None:
    unknown = facts.keys() - FACTS
    if unknown:
        raise TypeError(f"Not a fact that a member writes: {sorted(unknown)}")
