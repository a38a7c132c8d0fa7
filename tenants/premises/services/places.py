"""Where a zone lies, and the devices in it: read with the whole tree, because a stall in a bath is in the bath."""

import uuid
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.premises.models import AccessPoint, Device, Zone
from tenants.premises.rules import is_private, is_private_place

Place = TypeVar("Place", Zone, AccessPoint)


def zone_kinds(tenant: Property) -> dict[uuid.UUID, tuple[str, ...]]:
    """Return for every zone its own kind, then those of the places around it. One query."""
    rows = {
        pk: (kind, parent)
        for pk, kind, parent in Zone.objects.filter(tenant=tenant).values_list("pk", "kind", "parent_id")
    }
    return {
        pk: tuple(rows[place][0] for place in _upwards(pk, {key: row[1] for key, row in rows.items()})) for pk in rows
    }


def lock_zones(tenant: Property) -> dict[uuid.UUID, Zone]:
    """Hold every zone of a property until the transaction ends, in the order of their keys.

    Whoever changes a zone takes all, so that holding one zone is enough to hold the kinds of those around it, also
    against a statement that asks no service.
    """
    return {zone.pk: zone for zone in Zone.objects.select_for_update().filter(tenant=tenant).order_by("pk")}


def lock_place(place: Place) -> Place:
    """Hold a zone or a door and return it as it is now. Raises ValidationError, code `gone`, when it was removed."""
    found = type(place).objects.select_for_update().filter(pk=place.pk).first()
    if found is None:
        raise removed()
    return found


def removed() -> ValidationError:
    return ValidationError(_("Somebody removed this at the same moment. Look again."), code="gone")


def within(zone: Zone, zones: dict[uuid.UUID, Zone]) -> set[uuid.UUID]:
    """Return a zone and every zone in it, out of all of its property."""
    parents = {pk: other.parent_id for pk, other in zones.items()}
    return {pk for pk in zones if zone.pk in _upwards(pk, parents)}


def devices_in(zones: set[uuid.UUID]) -> QuerySet[Device]:
    return Device.objects.filter(access_point__zone__in=zones)


def refuse_private_place(zone: Zone) -> None:
    """Raise ValidationError, code `private_place`, where no device may be, whoever asks (Measures Art 13)."""
    if not is_private_place(zone.kinds):
        return
    place = next(place for place in zone.chain if is_private(place.kind))
    raise ValidationError(
        _("No face device may be here: “%(zone)s” is a private place (%(kind)s). Measures Art 13."),
        code="private_place",
        params={"zone": place.name, "kind": place.get_kind_display()},
    )


def _upwards(pk: uuid.UUID, parents: dict[uuid.UUID, uuid.UUID | None]) -> list[uuid.UUID]:
    """Return a zone and those around it, the smallest first; it ends even where the rows were no tree."""
    chain: list[uuid.UUID] = []
    here: uuid.UUID | None = pk
    while here in parents and here is not None and here not in chain:
        chain.append(here)
        here = parents[here]
    return chain
