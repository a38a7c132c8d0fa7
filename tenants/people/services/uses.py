"""When a face last opened a door: a day, no more. After 180 days without one it is not needed (PIPL 47(1))."""

import uuid
from collections.abc import Mapping
from datetime import date

from django.db.models import Q
from django.utils import timezone

from tenants.people.kinds import FaceState
from tenants.people.models import Person


def face_used(*, person: Person) -> None:
    """Note that a face opened a door today. The person is locked; only the first use of a day writes anything.

    Not in the audit log: the door event says more, and goes with its own clock.
    """
    today = timezone.localdate()
    if person.face_last_used_on != today:
        Person.objects.filter(pk=person.pk, face_state=FaceState.ENROLLED).update(face_last_used_on=today)


def faces_used(*, days: Mapping[uuid.UUID, date]) -> None:
    """Note uses that a terminal reported afterwards, by the person's id; an earlier day than is known changes nothing.

    The people are locked. One query for each day.
    """
    for day in set(days.values()):
        people = [person for person, used in days.items() if used == day]
        older = Q(face_last_used_on__isnull=True) | Q(face_last_used_on__lt=day)
        Person.objects.filter(older, pk__in=people, face_state=FaceState.ENROLLED).update(face_last_used_on=day)
