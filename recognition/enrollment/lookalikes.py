"""Whether somebody else in the same property has nearly the same face: a note to members, never a reason to refuse.

Twins exist; so does one person with two records. Only members who see people learn of it, the person never does, and
the note goes with either face.
"""

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from django.db.models import Q, QuerySet

from recognition.enrollment.models import Enrollment
from tenants.people.models import Person

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from recognition.engine.protocol import FaceEngine

RESEMBLES_ANOTHER = "resembles_another"


class Finder(Protocol):
    """Finds the other person of this person's property, and of no other, whom an embedding resembles."""

    def __call__(
        self, *, person: Person, embedding: "NDArray[np.float32]", engine: "FaceEngine"
    ) -> uuid.UUID | None: ...


_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Matching holds the faces to compare with, and stands above this room; it says at start-up how to ask it."""
    _finders.append(finder)


def find(*, person: Person, embedding: "NDArray[np.float32]", engine: "FaceEngine") -> uuid.UUID | None:
    """Return the id of the other person, or None. Ask before this person's new template is kept."""
    for finder in _finders:
        if found := finder(person=person, embedding=embedding, engine=engine):
            return found
    return None


def notes_of(person: Person) -> QuerySet[Enrollment]:
    """Return the enrolments on which a likeness with this person, or of this person, is noted."""
    return Enrollment.objects.filter(Q(person=person) | Q(resembles=person), resembles__isnull=False)


def noted_among(people: Sequence[Person]) -> set[uuid.UUID]:
    """Return those of these people, by id, of whom or with whom a likeness is noted. One query."""
    ids = {person.pk for person in people}
    rows = Enrollment.objects.filter(Q(person__in=ids) | Q(resembles__in=ids), resembles__isnull=False)
    return {one for pair in rows.values_list("person_id", "resembles_id") for one in pair if one in ids}


def forget(*, person: Person) -> int:
    """Take every such note away; return how many there were."""
    notes = list(notes_of(person))
    for enrollment in notes:
        enrollment.warning, enrollment.resembles = "", None
        enrollment.save()
    return len(notes)
