"""Events that a terminal reports afterwards, because it could not reach the portal when they happened."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from recognition.matching.models import DoorEvent
from tenants.people.models import Person
from tenants.people.services.uses import faces_used
from tenants.premises.kinds import MethodKind
from tenants.premises.models import Device
from tenants.rights.kinds import ErasureScope
from tenants.rights.models import Erasure

FUTURE = "future"
TOO_OLD = "too_old"
UNKNOWN_PERSON = "unknown_person"
# The terminal's clock may be this far ahead, as in its signatures.
TOLERANCE = timedelta(seconds=60)


@dataclass(frozen=True)
class Reported:
    """One event as the terminal tells it. A face that did not match has no person, and nothing else about it exists."""

    id: uuid.UUID
    at: datetime
    method: str
    allowed: bool
    rule: str
    mode: str = ""
    person: uuid.UUID | None = None


@dataclass
class Taken:
    """What became of a batch: how many are new, how many were known, and which are refused for what."""

    stored: int = 0
    known: int = 0
    refused: list[tuple[uuid.UUID, str]] = field(default_factory=list)


@transaction.atomic
def record_reported(*, device: Device, events: Sequence[Reported], now: datetime | None = None) -> Taken:
    """Keep what a terminal reports; sent again it changes nothing. Constant in queries, whatever the number.

    Somebody whose record was erased, or is being, is not named any more. The people are locked, so that an erasure
    comes before or after and takes every event that names them.
    """
    now = now or timezone.now()
    one_each = {event.id: event for event in events}
    rows = DoorEvent.objects.filter(device=device, reported__in=one_each)
    known = set(rows.values_list("reported", flat=True))
    people = _named(device, {event.person for event in one_each.values() if event.person})
    oldest = now - timedelta(days=device.tenant.event_days)
    taken, new = Taken(known=len(events) - len(one_each) + len(known)), []
    for event in one_each.values():
        if event.id in known:
            continue
        code = _refusal(event, people, now=now, oldest=oldest)
        if code:
            taken.refused.append((event.id, code))
        else:
            new.append(_row(device, event, people))
    # A batch that is sent twice at the same moment is stored once.
    DoorEvent.objects.bulk_create(new, ignore_conflicts=True)
    faces_used(days=_uses(new))
    taken.stored = len(new)
    return taken


def _uses(events: Sequence[DoorEvent]) -> dict[uuid.UUID, date]:
    """Return on which Beijing day each person's face last opened a door."""
    found: dict[uuid.UUID, date] = {}
    for event in events:
        if event.is_allowed and event.person_id and event.method == MethodKind.FACE:
            day = timezone.localdate(event.at)
            found[event.person_id] = max(found.get(event.person_id, day), day)
    return found


def _refusal(event: Reported, people: dict[uuid.UUID, bool], *, now: datetime, oldest: datetime) -> str:
    if event.at > now + TOLERANCE:
        return FUTURE
    if event.at < oldest:
        return TOO_OLD
    if event.person is None:
        # A face that opened a door was somebody's.
        return UNKNOWN_PERSON if event.allowed and event.method == MethodKind.FACE else ""
    return "" if event.person in people else UNKNOWN_PERSON


def _named(device: Device, ids: set[uuid.UUID]) -> dict[uuid.UUID, bool]:
    """Return which of these people the property has, locked, and whether an event may name them."""
    if not ids:
        return {}
    locked = Person.objects.select_for_update(of=("self",), no_key=True)
    list(locked.filter(tenant_id=device.tenant_id, pk__in=ids).order_by("pk").values_list("pk"))
    ends = Erasure.objects.filter(person=OuterRef("pk"), scope=ErasureScope.PERSON)
    rows = Person.objects.filter(tenant_id=device.tenant_id, pk__in=ids).annotate(ends=Exists(ends))
    return {pk: not ends for pk, ends in rows.values_list("pk", "ends")}


def _row(device: Device, event: Reported, people: dict[uuid.UUID, bool]) -> DoorEvent:
    may_name = event.person is not None and people[event.person]
    return DoorEvent(
        tenant_id=device.tenant_id,
        device=device,
        person_id=event.person if may_name else None,
        method=event.method,
        mode=event.mode,
        is_allowed=event.allowed,
        rule=event.rule,
        at=event.at,
        reported=event.id,
    )
