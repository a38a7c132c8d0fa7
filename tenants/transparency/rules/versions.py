"""Pure rules about which version holds on a day, and whose consents with it (PIPL 14).

A version is published on one day and takes effect on the same day or a later one. A version published
meanwhile that takes effect no later overtakes the waiting one, which then never takes effect.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

# Long enough to tell everybody, short enough that what was announced is still what is meant.
MOST_DAYS_AHEAD = 90


@dataclass(frozen=True)
class Version:
    """One published version. Days are Beijing days."""

    number: int
    published_on: date
    effective_on: date
    asks_again: bool = False


def in_force(versions: Collection[Version], *, on: date) -> int | None:
    """Return the number of the version in force at the end of a day, or None."""
    return max((version.number for version in versions if version.effective_on <= on), default=None)


def overtaken_by(version: Version, versions: Collection[Version]) -> int | None:
    """Return the first later version that took its place before it took effect, or None.

    A version that was overtaken never takes effect, and nobody is ever asked about it.
    """
    return min(
        (
            later.number
            for later in versions
            if later.number > version.number
            and later.published_on < version.effective_on
            and later.effective_on <= version.effective_on
        ),
        default=None,
    )


def in_force_during(versions: Collection[Version], *, on: date) -> set[int]:
    """Return every version that was in force at some hour of a day: more than one on a day of publication."""
    morning = in_force([version for version in versions if version.published_on < on], on=on)
    since = {version.number for version in versions if version.published_on == on and version.effective_on <= on}
    return since if morning is None else since | {morning}


def was_overtaken(version: Version, versions: Collection[Version]) -> bool:
    return overtaken_by(version, versions) is not None


def oldest_valid(versions: Collection[Version], *, on: date) -> int | None:
    """Return the version from which consents still hold, or None when nothing is in force."""
    past = [version for version in versions if version.effective_on <= on]
    if not past:
        return None
    asking = [version.number for version in past if version.asks_again and not was_overtaken(version, versions)]
    return max(asking, default=min(version.number for version in past))


def predecessor(versions: Collection[Version], *, today: date, effective_on: date) -> int | None:
    """Return the version that one published today, in force from a day, takes over from; None when it is the first."""
    return in_force(versions, on=max(today, effective_on - timedelta(days=1)))


def is_too_early(effective_on: date, *, today: date) -> bool:
    return effective_on < today


def is_too_late(effective_on: date, *, today: date) -> bool:
    return effective_on > today + timedelta(days=MOST_DAYS_AHEAD)
