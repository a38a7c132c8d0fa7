"""Devices: register, suspend, retire, rotate. Activation asks the gate: see clearance.services.activate."""

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.premises import credentials
from tenants.premises.kinds import DeviceMode, DeviceState, SuspensionReason
from tenants.premises.models import AccessPoint, Device
from tenants.premises.rules import is_private, may_become


@transaction.atomic
def register(
    *,
    tenant: Property,
    access_point: AccessPoint,
    name: str,
    mode: DeviceMode | str = DeviceMode.VERIFY,
    vendor: str = "",
    model: str = "",
    serial: str = "",
) -> tuple[Device, str]:
    """Register a terminal; return it with its credential, which is not kept and cannot be shown again.

    Raises ValidationError; code `private_place` in a forbidden place, for every role (Measures Art 13).
    """
    require_same_tenant(tenant, access_point)
    if is_private(access_point.zone.kind):
        raise ValidationError(
            _("No face device may be here: “%(zone)s” is a private place (%(kind)s). Measures Art 13."),
            code="private_place",
            params={"zone": access_point.zone.name, "kind": access_point.zone.get_kind_display()},
        )
    now = timezone.now()
    device = Device(
        id=uuid.uuid4(),
        tenant=tenant,
        access_point=access_point,
        name=name,
        mode=mode,
        vendor=vendor,
        model=model,
        serial=serial,
        state_changed_at=now,
        credential_issued_at=now,
    )
    credential = credentials.issue(tenant.pk, device.pk)
    device.credential_hash = credential.hash
    device.full_clean()
    device.save()
    return device, str(credential)


@transaction.atomic
def rotate_credential(*, tenant: Property, device: Device) -> str:
    """Replace the credential; the old one stops at once. Returns the new one, shown once."""
    require_same_tenant(tenant, device)
    if device.state == DeviceState.RETIRED:
        raise ValidationError(_("This device is retired."), code="retired")
    credential = credentials.issue(tenant.pk, device.pk)
    device.credential_hash, device.credential_issued_at = credential.hash, timezone.now()
    device.save()
    return str(credential)


@transaction.atomic
def suspend(*, tenant: Property, device: Device, reason: SuspensionReason | str = SuspensionReason.MANUAL) -> Device:
    """Stop a device at once. Raises ValidationError when it is not active."""
    return set_state(tenant=tenant, device=device, target=DeviceState.SUSPENDED, reason=SuspensionReason(reason))


@transaction.atomic
def retire(*, tenant: Property, device: Device) -> Device:
    """End a device for good; its credential stops. Raises ValidationError when it is retired already."""
    return set_state(tenant=tenant, device=device, target=DeviceState.RETIRED)


@transaction.atomic
def set_state(
    *, tenant: Property, device: Device, target: DeviceState, reason: SuspensionReason | None = None
) -> Device:
    """Move a device along its transition table. The one writer of `state`."""
    require_same_tenant(tenant, device)
    device = Device.objects.select_for_update(of=("self",)).select_related("access_point__zone").get(pk=device.pk)
    if not may_become(device.state, target):
        raise ValidationError(
            _("A device that is “%(state)s” cannot become “%(target)s”."),
            code="wrong_state",
            params={"state": device.get_state_display(), "target": target.label},
        )
    device.state, device.state_changed_at = target, timezone.now()
    device.suspended_for = reason or ""
    device.save()
    return device


def heard_from(*, device: Device) -> None:
    """Note that the terminal spoke. Not a change of the record, so it is not audited."""
    Device.objects.filter(pk=device.pk).update(last_seen_at=timezone.now())
