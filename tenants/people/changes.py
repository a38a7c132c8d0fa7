"""Tell whoever judges that a fact about one person has changed (see organizations/changes.py)."""

from typing import Protocol

from tenants.people.kinds import FaceState
from tenants.people.models import Person


class Listener(Protocol):
    def __call__(self, *, person: Person) -> None:
        """Judge this person's face again."""


class FaceListener(Protocol):
    def __call__(self, *, person: Person, before: FaceState, after: FaceState) -> None:
        """Follow this face in its life; `before` and `after` are the same when it was enrolled anew."""


_listeners: list[Listener] = []
_face_listeners: list[FaceListener] = []


def listen(listener: Listener) -> None:
    """Register a listener once."""
    if listener not in _listeners:
        _listeners.append(listener)


def person_changed(*, person: Person) -> None:
    """Say that something the gate looks at has changed for this person. Call it last, in the same transaction."""
    for listener in _listeners:
        listener(person=person)


def listen_faces(listener: FaceListener) -> None:
    """Register a listener once."""
    if listener not in _face_listeners:
        _face_listeners.append(listener)


def face_moved(*, person: Person, before: FaceState, after: FaceState) -> None:
    """Say that a face has moved along its life. Called by `move_face` alone, last, in its transaction.

    Runs as whichever role moved it: a page, a worker, or the worker that looks at faces.
    """
    for listener in _face_listeners:
        listener(person=person, before=before, after=after)
