"""When a terminal counts as silent. Terminals report every half minute, so an hour is no bad line any more."""

from datetime import datetime, timedelta

QUIET = timedelta(hours=1)


def heard_at(*, last_seen_at: datetime | None, paired_at: datetime | None) -> datetime | None:
    """Return when a terminal last spoke; None of one that was never connected, which cannot fall silent."""
    return None if paired_at is None else last_seen_at or paired_at


def is_silent(*, heard: datetime | None, now: datetime) -> bool:
    return heard is not None and now - heard > QUIET
