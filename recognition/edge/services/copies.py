"""Where each face is: a row for each terminal and person, kept for good, so that no face on a terminal is forgotten."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from recognition.edge.kinds import AT_AN_END, CopyState
from recognition.edge.models import DeviceCopy, DeviceLoss
from tenants.people.models import Person
from tenants.premises.models import Device

FIELDS = ("state", "since", "handle", "model_version")


def living(*, person: Person) -> QuerySet[DeviceCopy]:
    """Return the copies of a person's face that are neither confirmed to be gone nor on a terminal declared lost."""
    return DeviceCopy.objects.filter(person=person).exclude(state__in=AT_AN_END)


def on_terminals(people: Sequence[Person]) -> list[Person]:
    """Return those of these people of whom a terminal may hold a face. One query."""
    rows = DeviceCopy.objects.filter(person__in=[person.pk for person in people]).exclude(state__in=AT_AN_END)
    held = set(rows.values_list("person_id", flat=True))
    return [person for person in people if person.pk in held]


def of_device(*, device: Device) -> QuerySet[DeviceCopy]:
    """Return the copies on a terminal that are not confirmed to be gone."""
    return DeviceCopy.objects.filter(device=device).exclude(state=CopyState.GONE)


def back_before(moment: datetime) -> Exists:
    """Say of a copy whether the terminal that was lost with it came back before then: it is asked like any other."""
    returns = DeviceLoss.objects.filter(
        device=OuterRef("device"),
        confirmed_at__isnull=False,
        returned_at__gte=OuterRef("lost_at"),
        returned_at__lte=moment,
    )
    return Exists(returns)


def become(states: Mapping[DeviceCopy, CopyState]) -> None:
    """Write new states down, with since when. The queue is held. One query."""
    now = timezone.now()
    for copy, state in states.items():
        if copy.state != state:
            copy.state, copy.since = state, now
        if state == CopyState.GONE:
            copy.handle = copy.model_version = ""
    DeviceCopy.objects.bulk_update(list(states), FIELDS)


def known(
    *, tenant_id: uuid.UUID, pairs: Iterable[tuple[uuid.UUID, uuid.UUID]]
) -> dict[tuple[uuid.UUID, uuid.UUID], DeviceCopy]:
    """Return the row of each (device, person), made where there is none. The queue is held. Two queries."""
    wanted = set(pairs)
    rows = DeviceCopy.objects.filter(
        device__in={device for device, _person in wanted}, person__in={person for _device, person in wanted}
    )
    found = {(row.device_id, row.person_id): row for row in rows if (row.device_id, row.person_id) in wanted}
    now = timezone.now()
    new = [
        DeviceCopy(tenant_id=tenant_id, device_id=device, person_id=person, state=CopyState.GONE, since=now)
        for device, person in sorted(wanted - found.keys())
    ]
    for row in DeviceCopy.objects.bulk_create(new):
        found[row.device_id, row.person_id] = row
    return found
