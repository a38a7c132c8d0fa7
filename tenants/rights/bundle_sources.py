"""What the rooms above add to an evidence bundle: each registers one function, so that rights knows no face."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tenants.people.models import Person


@dataclass(frozen=True)
class Match:
    """One answer to this person's face at a door."""

    at: datetime
    door: uuid.UUID
    door_name: str
    device: uuid.UUID
    mode: str
    is_allowed: bool
    rule: str


Matches = Callable[[Person], Sequence[Match]]
# Each receipt by the name of its file, JSON-ready.
Receipts = Callable[[Person], Mapping[str, Mapping[str, object]]]

_matches: list[Matches] = []
_receipts: list[Receipts] = []


def register_matches(source: Matches) -> None:
    """Add a source of matches; each asks a constant number of queries and runs as the web role."""
    if source not in _matches:
        _matches.append(source)


def register_receipts(source: Receipts) -> None:
    """Add a source of signed receipts of an erasure; it runs as the web role."""
    if source not in _receipts:
        _receipts.append(source)


def matches_of(person: Person) -> list[Match]:
    """Return every known answer to this person's face, oldest first."""
    return sorted((match for source in _matches for match in source(person)), key=lambda match: match.at)


def receipts_of(person: Person) -> dict[str, Mapping[str, object]]:
    """Return the signed receipts of every source by file name."""
    return {name: body for source in _receipts for name, body in source(person).items()}
