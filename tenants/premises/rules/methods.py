"""Other ways through a door, and whether they are as convenient as the face (Measures Art 10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from enum import StrEnum

from tenants.premises.kinds import MethodKind


@dataclass(frozen=True)
class Terms:
    """What one way to pass asks of a person. Both times None: all day. `fee` in yuan, `distance_m` from the door."""

    kind: str
    opens_at: time | None = None
    closes_at: time | None = None
    fee: Decimal = Decimal(0)
    steps: int = 1
    distance_m: int = 0
    extra_papers: bool = False
    is_live: bool = True


class Inconvenience(StrEnum):
    """Why another way is not as convenient as the face."""

    COSTS_MONEY = "costs_money"
    NARROWER_HOURS = "narrower_hours"
    MORE_PAPERS = "more_papers"
    ELSEWHERE = "elsewhere"
    MORE_STEPS = "more_steps"


# More steps at the same door are worth a remark; the others push people towards the face.
BLOCKING = frozenset(Inconvenience) - {Inconvenience.MORE_STEPS}


def is_open(at: time, *, opens_at: time | None, closes_at: time | None) -> bool:
    """Say whether hours cover a time of day. Hours past midnight wrap; two equal times mean all day."""
    opens, closes = opens_at or time.min, closes_at or time.min
    if opens == closes:
        return True
    if opens < closes:
        return opens <= at < closes
    return at >= opens or at < closes


def has_alternative(live_methods: Iterable[str]) -> bool:
    """Say whether a door can be passed without a face (Measures Art 10)."""
    return any(method in MethodKind.values and method != MethodKind.FACE for method in live_methods)


def inconveniences(face: Terms, other: Terms) -> tuple[Inconvenience, ...]:
    """Compare another way with the face at the same door."""
    found = {
        Inconvenience.COSTS_MONEY: other.fee > 0,
        Inconvenience.NARROWER_HOURS: not _covers(other, face),
        Inconvenience.MORE_PAPERS: other.extra_papers,
        Inconvenience.ELSEWHERE: other.distance_m > 0,
        Inconvenience.MORE_STEPS: other.steps > face.steps,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def compare_methods(terms: Iterable[Terms]) -> dict[str, tuple[Inconvenience, ...]]:
    """Return why each other way of a door is not as convenient as its face; an empty answer is as convenient.

    A door that lists no face is measured against the strictest: a face that works all day.
    """
    known = tuple(terms)
    face = _face(known)
    return {way.kind: inconveniences(face, way) for way in known if has_alternative([way.kind])}


def convenient_methods(terms: Iterable[Terms]) -> tuple[str, ...]:
    """Return the live ways that are no less convenient than the door's face, each judged by its own terms."""
    known = tuple(terms)
    face = _face(known)
    ways = [way for way in known if way.is_live and has_alternative([way.kind])]
    return tuple(dict.fromkeys(way.kind for way in ways if not BLOCKING.intersection(inconveniences(face, way))))


def _face(terms: tuple[Terms, ...]) -> Terms:
    return next((way for way in terms if way.kind == MethodKind.FACE), Terms(MethodKind.FACE))


def _covers(other: Terms, face: Terms) -> bool:
    """Say whether `other` is open whenever the face is. Half-given hours count as never open."""
    if other.opens_at is None and other.closes_at is None:
        return True
    hours = other.opens_at, other.closes_at, face.opens_at, face.closes_at
    if any(hour is None for hour in hours):
        return False
    opens, closes, face_opens, face_closes = (
        hour.hour * 3600 + hour.minute * 60 + hour.second for hour in hours if hour
    )
    # Counted from the moment the other way opens, so that midnight needs no case of its own.
    day = 24 * 3600
    length, starts = (closes - opens) % day, (face_opens - opens) % day
    return starts + (face_closes - face_opens) % day <= length
