"""Zones. Relabelling one to a private kind stops every device in it at once (Measures Art 13)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.premises.kinds import DeviceState, SuspensionReason, ZoneKind
from tenants.premises.models import Device, Zone
from tenants.premises.rules import is_private
from tenants.premises.services.devices import suspend


@transaction.atomic
def create_zone(*, tenant: Property, name: str, kind: ZoneKind | str) -> Zone:
    """Add a place. Raises ValidationError."""
    zone = Zone(tenant=tenant, name=name, kind=kind)
    zone.full_clean()
    zone.save()
    return zone


@transaction.atomic
def update_zone(*, tenant: Property, zone: Zone, name: str, kind: ZoneKind | str) -> list[Device]:
    """Rename or relabel a place, and return the devices that this suspended. Raises ValidationError."""
    require_same_tenant(tenant, zone)
    zone = Zone.objects.select_for_update().get(pk=zone.pk)
    zone.name, zone.kind = name, kind
    zone.full_clean()
    zone.save()
    if not is_private(zone.kind):
        return []
    active = Device.objects.select_for_update().filter(access_point__zone=zone, state=DeviceState.ACTIVE)
    return [suspend(tenant=tenant, device=device, reason=SuspensionReason.PRIVATE_PLACE) for device in active]


@transaction.atomic
def delete_zone(*, tenant: Property, zone: Zone) -> None:
    """Remove an empty place. Raises ValidationError while doors are in it."""
    require_same_tenant(tenant, zone)
    if zone.access_points.exists():
        raise ValidationError(_("Doors are in this zone. Move or remove them first."), code="zone_in_use")
    zone.delete()
