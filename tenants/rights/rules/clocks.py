"""The clock of a request: Beijing dates and the State Council's working days (regulation §2.3)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import chinese_calendar

from tenants.rights.kinds import RequestKind, RequestState

ANSWER_WORKING_DAYS = 15
EXTENSION_WORKING_DAYS = 15
# What courts order to be deleted they order within five days, weekends and all (Tianjin 2022).
ESCALATION_DAYS = 5
# Who never proves who they are is told so, and the request closes.
LAPSE_DAYS = 30
TARGET = timedelta(hours=24)
# What ends the use of a face does not wait for the last day.
AT_ONCE = frozenset({RequestKind.DELETE, RequestKind.WITHDRAW, RequestKind.RESTRICT})
# The desk is reminded each time that one of these is reached.
_MILESTONES = (5, 3, 1, 0)
_OVERDUE_EVERY = 5


@dataclass(frozen=True)
class Deadline:
    """A Beijing date. When `is_final` is False the calendar is not announced that far: "not before"."""

    on: date
    is_final: bool


def is_working_day(day: date) -> tuple[bool, bool]:
    """Say whether people work on this day, and whether that is announced. Unannounced: Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        return day.weekday() < 5, False


def add_working_days(day_zero: date, days: int) -> Deadline:
    """Count the State Council's working days: make-up Saturdays count, day 0 does not (regulation §2.3).

    In a year that is not announced yet every Monday to Friday counts, and the result is a lower bound.
    """
    day, is_final = day_zero, True
    while days:
        day += timedelta(days=1)
        counts, is_announced = is_working_day(day)
        is_final = is_final and is_announced
        days -= counts
    return Deadline(day, is_final)


def working_days_left(today: date, due: date) -> int:
    """Return the working days until `due`, negative when it is past; unknown years count Monday to Friday."""
    step, sign = (today, 1) if due >= today else (due, -1)
    end, count = max(today, due), 0
    while step < end:
        step += timedelta(days=1)
        count += is_working_day(step)[0]
    return sign * count


@dataclass(frozen=True)
class Clock:
    """What of a request its clock is made of. Days are Beijing dates; `paused_days` are working days."""

    received_on: date
    paused_on: date | None = None
    paused_days: int = 0
    is_extended: bool = False
    reminded_on: date | None = None

    def paused_until(self, today: date) -> int:
        """Return all working days paused. A clock that was set back takes nothing off."""
        if self.paused_on is None:
            return self.paused_days
        return self.paused_days + max(0, working_days_left(self.paused_on, today))

    def due(self, today: date) -> Deadline:
        """Return the last day to answer; while the clock is paused it moves on with every working day."""
        extra = EXTENSION_WORKING_DAYS if self.is_extended else 0
        return add_working_days(self.received_on, ANSWER_WORKING_DAYS + extra + self.paused_until(today))

    def is_to_escalate(self, today: date) -> bool:
        """Say whether the fifth day has come; the days on which the person had to act do not count."""
        if self.paused_on is not None:
            return False
        return today >= self.received_on + timedelta(days=ESCALATION_DAYS + self.paused_days)

    def is_to_remind(self, today: date) -> bool:
        """Say whether a milestone was reached since the last reminder, however many beats were missed between."""
        if self.paused_on is not None:
            return False
        due = self.due(today).on
        before = 0 if self.reminded_on is None else _milestones(working_days_left(self.reminded_on, due))
        return _milestones(working_days_left(today, due)) > before

    def has_lapsed(self, today: date) -> bool:
        """Say whether proof has been outstanding for too long. Nothing lapses that nobody asked for."""
        return self.paused_on is not None and today >= self.paused_on + timedelta(days=LAPSE_DAYS)


def _milestones(left: int) -> int:
    """Return how many milestones are behind when so many working days are left; negative is overdue."""
    reached = sum(left <= milestone for milestone in _MILESTONES)
    return reached if left >= 0 else reached + 1 + (-left - 1) // _OVERDUE_EVERY


def is_past_target(*, kind: str, state: str, proved_at: datetime | None, now: datetime) -> bool:
    """Say whether something that should be done within 24 hours still is not."""
    if kind not in AT_ONCE or state != RequestState.CONFIRMED or proved_at is None:
        return False
    return now > proved_at + TARGET
