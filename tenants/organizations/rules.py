"""When a property has to look again at who has access."""

from calendar import monthrange
from datetime import date, timedelta

MONTHS = 3
SOON = timedelta(days=14)


def review_due_on(last: date) -> date:
    """Return the day until which access is reviewed: three months after the last review, or after the beginning.

    The last day of a month where the third one is shorter.
    """
    year, month = divmod(last.year * 12 + last.month - 1 + MONTHS, 12)
    return date(year, month + 1, min(last.day, monthrange(year, month + 1)[1]))


def is_review_near(due_on: date, today: date) -> bool:
    """Say whether the review is to be asked for: from two weeks before its day."""
    return today >= due_on - SOON
