"""Tell whoever judges that a fact about one person has changed (see organizations/changes.py)."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from tenants.people.kinds import FaceState
from tenants.people.models import Person


class Listener(Protocol):
    def __call__(self, *, person: Person) -> None:
        """Judge this person's face again."""


class FaceListener(Protocol):
    def __call__(self, *, person: Person, before: FaceState, after: FaceState) -> None:
        """Follow this face in its life; `before` and `after` are the same when it was enrolled anew."""


class Among(Protocol):
    def __call__(self, people: Sequence[Person]) -> Sequence[Person]:
        """Return those of these people whom the listener has anything to do with. One query."""


_listeners: list[Listener] = []
_face_listeners: dict[FaceListener, Among | None] = {}


def listen(listener: Listener) -> None:
    """Register a listener once."""
    if listener not in _listeners:
        _listeners.append(listener)


def person_changed(*, person: Person) -> None:
    """Say that something the gate looks at has changed for this person. Call it last, in the same transaction."""
    for listener in _listeners:
        listener(person=person)


def listen_faces(listener: FaceListener, *, among: Among | None = None) -> None:
    """Register a listener once. `among` says whom it looks at when many faces end together; without it, everybody."""
    _face_listeners.setdefault(listener, among)


def face_moved(*, person: Person, before: FaceState, after: FaceState) -> None:
    """Say that a face has moved along its life. Called by `move_face` alone, last, in its transaction.

    Runs as whichever role moved it: a page, a worker, or the worker that looks at faces.
    """
    for listener in _face_listeners:
        listener(person=person, before=before, after=after)


def faces_moved(*, people: Sequence[Person], before: Mapping[UUID, FaceState], after: FaceState) -> None:
    """Say the same of many faces of one property. Called by `end_faces` alone, last, in its transaction."""
    for listener, among in _face_listeners.items():
        for person in among(people) if among else people:
            listener(person=person, before=before[person.pk], after=after)
