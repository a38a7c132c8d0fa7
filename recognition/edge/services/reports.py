"""Take what a terminal says of itself. Another algorithm than the declared one is judged at once (Measures Art 9)."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from recognition.edge.kinds import OPEN_ORDERS, AlarmKind, CopyState
from recognition.edge.models import DeviceCopy, DeviceOrder, DeviceReport
from recognition.edge.rules import LEASE
from tenants.organizations.changes import hold_facts
from tenants.premises.kinds import DeviceState, MethodKind
from tenants.premises.models import AccessMethod, Device
from tenants.premises.services import devices
from tenants.rights.ledger import is_behind

# What a report calls it, and what the device's record calls it.
DECLARED = ("algorithm", "algorithm_version")
FIELDS = {"model": "model_version"}


def take_report(*, device: Device, report: dict[str, Any], clock_offset: float | None = None) -> AlarmKind | None:
    """Keep a report; fields that are not in it stay as they were. Return what is wrong with it, for an alarm.

    A reported algorithm that is not the declared one becomes the declared one: the assessment is stale and the gate
    stops the device (Measures Art 9). The same again changes nothing.
    """
    with transaction.atomic():
        other = {name: report[name] for name in DECLARED if report.get(name) not in (None, "", getattr(device, name))}
        if other and device.state != DeviceState.RETIRED:
            hold_facts(tenant=device.tenant)
            devices.update(tenant=device.tenant, device=device, **other)
        values = {FIELDS.get(name, name): value for name, value in report.items()}
        DeviceReport.objects.update_or_create(
            tenant_id=device.tenant_id,
            device=device,
            defaults={**values, "clock_offset": clock_offset, "at": timezone.now()},
        )
        return AlarmKind.COUNT_DIFFERS if _count_differs(device, report.get("faces")) else None


class Lease(NamedTuple):
    """How long a terminal may use faces without a newer answer, in which hours, and how many orders wait for it.

    `hours` are pairs of times in Beijing, none for the whole day.
    """

    device: Device
    orders: int
    faces_until: datetime
    hours: list[list[str]]
    server_time: datetime


def renew_lease(*, device: Device) -> Lease:
    """Return the lease of a terminal, with the terminal as it is now.

    It ends at once while the database is older than the ledger of erasures: alone, a terminal could not know whom to
    refuse.
    """
    device = Device.objects.select_related("tenant", "access_point").get(pk=device.pk)
    face = AccessMethod.objects.filter(access_point=device.access_point_id, kind=MethodKind.FACE).first()
    hours = []
    if face is not None and face.opens_at is not None and face.closes_at is not None:
        hours = [[f"{face.opens_at:%H:%M}", f"{face.closes_at:%H:%M}"]]
    waiting = DeviceOrder.objects.filter(device=device, state__in=OPEN_ORDERS).count()
    now = timezone.now()
    until = now if is_behind() else now + LEASE
    return Lease(device=device, orders=waiting, faces_until=until, hours=hours, server_time=now)


def _count_differs(device: Device, faces: int | None) -> bool:
    """Say whether a terminal without open work holds another number of faces than it should."""
    if faces is None or DeviceOrder.objects.filter(device=device, state__in=OPEN_ORDERS).exists():
        return False
    held = DeviceCopy.objects.filter(device=device, state__in=(CopyState.HELD, CopyState.SUSPENDED)).count()
    return faces != held
