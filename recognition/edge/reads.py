"""Where faces are, and what is still to be done by terminals, in a constant number of queries."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from recognition.edge.kinds import OPEN_ORDERS, CopyState, OrderKind, OrderState
from recognition.edge.models import DeviceCopy, DeviceOrder
from recognition.edge.order_rules import HELD_STATES
from recognition.edge.services.copies import back_before
from recognition.edge.services.enrolling import terminals
from tenants.people.models import Person
from tenants.premises.models import Device

# For how long what a terminal could not do is shown.
SHOWN_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Place:
    """One person's face at one terminal. `until` while the terminal waits for the person."""

    device: Device
    state: CopyState
    since: datetime | None = None
    until: datetime | None = None
    may_take: bool = False

    @property
    def device_id(self) -> uuid.UUID:
        return self.device.pk


def places(*, person: Person) -> list[Place]:
    """Return every terminal that may hold this person's face, and every active one that could. Three queries."""
    rows = DeviceCopy.objects.filter(person=person).select_related("device__access_point")
    copies = {copy.device_id: copy for copy in rows}
    taking = dict(
        DeviceOrder.objects.filter(person=person, kind=OrderKind.ENROL, state__in=OPEN_ORDERS).values_list(
            "device_id", "until"
        )
    )
    active = {device.pk: device for device in terminals(tenant=person.tenant)}
    found = [
        Place(
            copy.device,
            CopyState(copy.state),
            copy.since,
            taking.get(copy.device_id),
            copy.device_id in active and copy.state != CopyState.DELETING,
        )
        for copy in copies.values()
        if copy.state != CopyState.GONE or copy.device_id in active
    ]
    found += [Place(device, CopyState.GONE, may_take=True) for device in active.values() if device.pk not in copies]
    return sorted(found, key=lambda place: place.device.name)


def pending(*, people: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[DeviceCopy]]:
    """Return the copies whose deletion a terminal has not confirmed, by person, the longest first. One query."""
    found: dict[uuid.UUID, list[DeviceCopy]] = {}
    rows = DeviceCopy.objects.filter(person__in=list(people), state=CopyState.DELETING).select_related("device")
    for copy in rows.order_by("since"):
        found.setdefault(copy.person_id, []).append(copy)
    return found


def lost(*, person: uuid.UUID, since: datetime, until: datetime | None) -> list[DeviceCopy]:
    """Return the copies of a face that an erasure could not reach, because the terminal was declared lost. One query.

    `since` and `until` are the erasure's: a terminal that came back before its order confirms like any other.
    """
    rows = DeviceCopy.objects.filter(~back_before(since), person=person, lost_at__isnull=False).select_related("device")
    return list(rows if until is None else rows.filter(lost_at__lte=until))


@dataclass(frozen=True)
class Work:
    """What a terminal has still to do, and the faces on it. `waiting_since` is of the oldest open order."""

    waiting: int = 0
    waiting_since: datetime | None = None
    failed: int = 0
    held: int = 0
    deleting: int = 0
    deleting_since: datetime | None = None


def work(*, devices: Collection[uuid.UUID]) -> dict[uuid.UUID, Work]:
    """Return the work of each of these devices. Two queries, whatever the number."""
    is_open = Q(state__in=OPEN_ORDERS)
    orders = DeviceOrder.objects.filter(device__in=list(devices)).order_by("device").values_list("device")
    counted = orders.annotate(
        waiting=Count("pk", filter=is_open),
        waiting_since=Min("created_at", filter=is_open),
        failed=Count("pk", filter=_failed_lately()),
    )
    counts = {device: row for device, *row in counted}
    copies = DeviceCopy.objects.filter(device__in=list(devices)).order_by("device").values_list("device")
    found = copies.annotate(
        held=Count("pk", filter=Q(state__in=HELD_STATES)),
        deleting=Count("pk", filter=Q(state=CopyState.DELETING)),
        deleting_since=Min("since", filter=Q(state=CopyState.DELETING)),
    )
    faces = {device: row for device, *row in found}
    return {device: Work(*counts.get(device, (0, None, 0)), *faces.get(device, (0, 0, None))) for device in devices}


def listed(*, device: Device, length: int) -> list[DeviceOrder]:
    """Return the orders that need somebody's eye: open ones, the oldest first, then the latest that failed."""
    rows = DeviceOrder.objects.filter(device=device).defer("sealed", "receipt", "signature").select_related("person")
    waiting = list(rows.filter(state__in=OPEN_ORDERS).order_by("number")[:length])
    return waiting + list(rows.filter(_failed_lately()).order_by("-number")[: length - len(waiting)])


def _failed_lately() -> Q:
    return Q(state=OrderState.FAILED, finished_at__gte=timezone.now() - SHOWN_FOR)
