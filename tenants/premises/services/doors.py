"""Doors and the ways to pass them. A door whose last other method fails stops its faces (Measures Art 10)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.premises.kinds import DeviceState, MethodKind, SuspensionReason
from tenants.premises.models import AccessMethod, AccessPoint, Device, Zone
from tenants.premises.rules import has_alternative, is_private
from tenants.premises.services.devices import suspend


@transaction.atomic
def create_door(*, tenant: Property, zone: Zone, name: str, methods: Iterable[MethodKind | str] = ()) -> AccessPoint:
    """Add a door with its methods, all live. Raises ValidationError."""
    require_same_tenant(tenant, zone)
    door = AccessPoint(tenant=tenant, zone=zone, name=name)
    door.full_clean()
    door.save()
    _set_methods(tenant, door, methods)
    return door


@transaction.atomic
def update_door(
    *, tenant: Property, door: AccessPoint, zone: Zone, name: str, methods: Iterable[MethodKind | str]
) -> list[Device]:
    """Change a door and its methods, and return the devices that this suspended. Raises ValidationError."""
    require_same_tenant(tenant, door, zone)
    _lock(door)
    # Locked as well, so that the zone cannot become private while the door moves into it.
    door.zone, door.name = Zone.objects.select_for_update().get(pk=zone.pk), name
    door.full_clean()
    door.save()
    _set_methods(tenant, door, methods)
    return _enforce(tenant, door)


@transaction.atomic
def set_method_live(*, tenant: Property, method: AccessMethod, is_live: bool) -> list[Device]:
    """Record that a method failed or works again, and return the devices that this suspended."""
    require_same_tenant(tenant, method)
    door = _lock(method.access_point)
    method.refresh_from_db()
    if method.is_live != is_live:
        method.is_live = is_live
        method.out_of_order_since = None if is_live else timezone.now()
        method.save()
    return _enforce(tenant, door)


@transaction.atomic
def delete_door(*, tenant: Property, door: AccessPoint) -> None:
    """Remove a door that never had a device. Raises ValidationError otherwise."""
    require_same_tenant(tenant, door)
    if door.devices.exists():
        raise ValidationError(_("Devices were registered at this door; it stays in the record."), code="door_in_use")
    door.delete()


def live_methods(door: AccessPoint) -> list[str]:
    """Return the kinds that work today."""
    return [method.kind for method in door.methods.all() if method.is_live]


def _lock(door: AccessPoint) -> AccessPoint:
    """Let one change of a door wait for the other: always the door first, then its zone, then its devices."""
    return AccessPoint.objects.select_for_update().get(pk=door.pk)


def _set_methods(tenant: Property, door: AccessPoint, wanted: Iterable[MethodKind | str]) -> None:
    kinds = {MethodKind(kind) for kind in wanted}
    for method in AccessMethod.objects.filter(access_point=door):
        if method.kind not in kinds:
            method.delete()
        kinds.discard(MethodKind(method.kind))
    for kind in sorted(kinds):
        AccessMethod(tenant=tenant, access_point=door, kind=kind).save()


def _enforce(tenant: Property, door: AccessPoint) -> list[Device]:
    """Stop the faces of a door that no longer has another way, or that moved into a private place."""
    reason = None
    if is_private(door.zone.kind):
        reason = SuspensionReason.PRIVATE_PLACE
    elif not has_alternative(
        AccessMethod.objects.filter(access_point=door, is_live=True).values_list("kind", flat=True)
    ):
        reason = SuspensionReason.NO_ALTERNATIVE
    if reason is None:
        return []
    active = Device.objects.select_for_update().filter(access_point=door, state=DeviceState.ACTIVE)
    return [suspend(tenant=tenant, device=device, reason=reason) for device in active]
