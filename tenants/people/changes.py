"""Tell whoever judges that a fact about one person has changed (see organizations/changes.py)."""

from typing import Protocol

from tenants.people.models import Person


class Listener(Protocol):
    def __call__(self, *, person: Person) -> None:
        """Judge this person's face again."""


_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Register a listener once."""
    if listener not in _listeners:
        _listeners.append(listener)


def person_changed(*, person: Person) -> None:
    """Say that something the gate looks at has changed for this person. Call it last, in the same transaction."""
    for listener in _listeners:
        listener(person=person)
