"""Pure rules about requests and their clock."""

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

from tenants.rights.kinds import RequestState

ANSWER_WORKING_DAYS = 15

TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    RequestState.RECEIVED: frozenset({RequestState.CONFIRMED, RequestState.REFUSED}),
    RequestState.CONFIRMED: frozenset({RequestState.ANSWERED, RequestState.REFUSED}),
    RequestState.ANSWERED: frozenset(),
    RequestState.REFUSED: frozenset(),
}

OPEN_STATES = frozenset({RequestState.RECEIVED, RequestState.CONFIRMED})


@dataclass(frozen=True)
class Deadline:
    """A Beijing date. When `is_final` is False the calendar is not announced that far: "not before"."""

    on: date
    is_final: bool


def add_working_days(day_zero: date, days: int) -> Deadline:
    """Count the State Council's working days: make-up Saturdays count, day 0 does not (regulation §2.3).

    In a year that is not announced yet every Monday to Friday counts, and the result is a lower bound.
    """
    day, is_final = day_zero, True
    while days:
        day += timedelta(days=1)
        try:
            counts = chinese_calendar.is_workday(day)
        except NotImplementedError:
            counts, is_final = day.weekday() < 5, False
        days -= counts
    return Deadline(day, is_final)


def working_days_left(today: date, due: date) -> int:
    """Return the working days until `due`, negative when it is past; unknown years count Monday to Friday."""
    step, sign = (today, 1) if due >= today else (due, -1)
    end, count = max(today, due), 0
    while step < end:
        step += timedelta(days=1)
        try:
            count += chinese_calendar.is_workday(step)
        except NotImplementedError:
            count += step.weekday() < 5
    return sign * count


def may_become(state: str, target: RequestState) -> bool:
    return state in RequestState.values and target in TRANSITIONS[RequestState(state)]
