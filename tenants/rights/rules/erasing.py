"""Pure rules of an erasure under way: when it is tried again, when somebody is told, how long its evidence stays."""

from datetime import date, datetime, timedelta

# After these an erasure that waits is the owners' business: a day is the target, five days are too long.
ESCALATIONS = (timedelta(hours=24), timedelta(days=5))
EVIDENCE_YEARS = 3
# The longest pause, in first pauses: an hour when the first one is a minute.
LONGEST_PAUSE = 60


def pause(*, tries: int, first: timedelta) -> timedelta:
    """Return how long a store that could not do it yet is left alone: twice as long each time, within bounds."""
    return min(first * 2 ** min(tries, 16), first * LONGEST_PAUSE)


def escalation(*, ordered_at: datetime, now: datetime) -> int:
    """Return how often the owners should have been told by now that an erasure waits: 0, 1 or 2."""
    return sum(now - ordered_at >= limit for limit in ESCALATIONS)


def kept_until(completed_on: date) -> date:
    """Return the day until which evidence of an erasure is kept at least (Measures Art 9; PIPL 56)."""
    try:
        return completed_on.replace(year=completed_on.year + EVIDENCE_YEARS)
    except ValueError:  # 29 February
        return date(completed_on.year + EVIDENCE_YEARS, 3, 1)
