"""What the portal knows of the processing that an assessment judges: the facts of its devices, and nothing typed."""

from collections.abc import Iterable
from typing import TypedDict

from django.db.models import F

from tenants.organizations.models import Property
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device
from tenants.premises.rules import algorithm_generation


class Scope(TypedDict):
    """Sorted codes; what is kept with an assessment as JSON."""

    purposes: list[str]
    modes: list[str]
    vendors: list[str]
    algorithms: list[str]
    place_kinds: list[str]
    storage_mode: str


PLANNED = (DeviceState.REGISTERED, DeviceState.ACTIVE, DeviceState.SUSPENDED)
# A suspended device stays a fact: its faces are still there, and stopping it does not undo a change.
IN_USE = (DeviceState.ACTIVE, DeviceState.SUSPENDED)


def scope_of(tenant: Property, *, states: Iterable[DeviceState] = PLANNED) -> Scope:
    """Return what the devices in these states are for, how they work and where they are: sorted codes. One query.

    What a device does not state is an empty text, so that stating it later counts as a change.
    """
    devices = Device.objects.filter(tenant=tenant, state__in=list(states)).order_by()
    # A thousand devices of one kind are one row.
    fields = ("purpose", "mode", "vendor", "algorithm", "algorithm_version")
    facts = [_facts(**kind) for kind in devices.values(*fields, place_kind=F("access_point__zone__kind")).distinct()]
    return {
        "purposes": sorted({fact["purpose"] for fact in facts}),
        "modes": sorted({fact["mode"] for fact in facts}),
        "vendors": sorted({fact["vendor"] for fact in facts}),
        "algorithms": sorted({fact["algorithm"] for fact in facts}),
        "place_kinds": sorted({fact["place_kind"] for fact in facts}),
        "storage_mode": str(tenant.storage_mode),
    }


def facts_of(device: Device) -> dict[str, str]:
    """Return what `rules.assessments.covers` asks of one device; its door and zone should be at hand."""
    return _facts(
        purpose=device.purpose,
        mode=device.mode,
        vendor=device.vendor,
        algorithm=device.algorithm,
        algorithm_version=device.algorithm_version,
        place_kind=device.access_point.zone.kind,
    )


def _facts(
    *, purpose: str, mode: str, vendor: str, algorithm: str, algorithm_version: str, place_kind: str
) -> dict[str, str]:
    return {
        "purpose": str(purpose),
        "mode": str(mode),
        "vendor": vendor.strip(),
        "algorithm": algorithm_generation(algorithm, algorithm_version),
        "place_kind": str(place_kind),
    }
