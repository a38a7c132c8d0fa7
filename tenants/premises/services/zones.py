"""Zones. What makes a place private, itself or around it, stops every device in it at once (Measures Art 13)."""

from types import EllipsisType

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenants.organizations.changes import facts_changed, hold_facts
from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.premises.kinds import SuspensionReason, ZoneKind, ZoneLevel
from tenants.premises.models import Zone
from tenants.premises.rules import is_private_place, lies_within
from tenants.premises.services.devices import suspend_active
from tenants.premises.services.effects import Effects, watching
from tenants.premises.services.places import devices_in, lock_place, lock_zones, removed, within, zone_kinds

__all__ = ["create_zone", "delete_zone", "update_zone", "zone_kinds"]


@transaction.atomic
def create_zone(
    *,
    tenant: Property,
    name: str,
    kind: ZoneKind | str,
    parent: Zone | None = None,
    level: ZoneLevel | str = ZoneLevel.AREA,
) -> Zone:
    """Add a place, in a larger one if `parent` is given. Raises ValidationError."""
    require_same_tenant(tenant, parent)
    hold_facts(tenant=tenant)
    if parent is not None:
        parent = lock_place(parent)
    zone = Zone(tenant=tenant, name=name, kind=kind, parent=parent, level=level)
    zone.full_clean()
    _refuse_larger(zone)
    zone.save()
    facts_changed(tenant=tenant)
    return zone


@transaction.atomic
def update_zone(
    *,
    tenant: Property,
    zone: Zone,
    name: str,
    kind: ZoneKind | str,
    parent: Zone | EllipsisType | None = ...,
    level: ZoneLevel | str = "",
) -> Effects:
    """Rename, relabel or move a place, and return the devices that this suspended or resumed. Raises ValidationError.

    Without `parent` or `level` these stay as they are.
    """
    require_same_tenant(tenant, zone, None if parent is ... else parent)
    with watching(tenant=tenant) as effects:
        zones = lock_zones(tenant)
        if not {zone.pk, *([parent.pk] if isinstance(parent, Zone) else [])} <= zones.keys():
            raise removed()
        zone = zones[zone.pk]
        zone.name, zone.kind, zone.level = name, kind, level or zone.level
        if parent is not ...:
            zone.parent = zones[parent.pk] if parent else None
        zone.full_clean()
        _refuse_larger(zone)
        inside = within(zone, zones)
        if any(not lies_within(zones[pk].level, zone.level) for pk in inside if zones[pk].parent_id == zone.pk):
            raise ValidationError(
                {"level": ValidationError(_("A zone in it is as large or larger. Move that one first."), code="level")}
            )
        zone.save()
        if is_private_place(zone_kinds(tenant)[zone.pk]):
            suspend_active(devices=devices_in(inside), reason=SuspensionReason.PRIVATE_PLACE)
        facts_changed(tenant=tenant)
    return effects


@transaction.atomic
def delete_zone(*, tenant: Property, zone: Zone) -> None:
    """Remove an empty place. Raises ValidationError while doors or other places are in it."""
    require_same_tenant(tenant, zone)
    hold_facts(tenant=tenant)
    zone = lock_place(zone)
    if zone.access_points.exists():
        raise ValidationError(_("Doors are in this zone. Move or remove them first."), code="zone_in_use")
    if zone.children.exists():
        raise ValidationError(_("Zones are in this zone. Move or remove them first."), code="zone_has_zones")
    zone.delete()
    facts_changed(tenant=tenant)


def _refuse_larger(zone: Zone) -> None:
    if zone.parent is not None and not lies_within(zone.level, zone.parent.level):
        raise ValidationError(
            {"parent": ValidationError(_("A zone lies in a larger one: site, building, floor, area."), code="level")}
        )
