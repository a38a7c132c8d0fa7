"""The clock of a request: the State Council's working days, and what may follow what."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.rights.kinds import RequestState
from tenants.rights.rules import OPEN_STATES, Deadline, add_working_days, may_become, working_days_left

# Counted by hand on the calendars that the State Council announced; the first is the CAC's own date.
VECTORS = [
    ("2025-06-01", 30, "2025-07-14"),
    ("2025-06-01", 15, "2025-06-23"),
    ("2025-09-30", 30, "2025-11-18"),
    ("2025-09-30", 15, "2025-10-28"),
    ("2026-01-15", 30, "2026-03-04"),
    ("2026-01-15", 15, "2026-02-05"),
    ("2026-02-13", 30, "2026-04-02"),
    ("2026-02-13", 15, "2026-03-12"),
    ("2026-04-30", 30, "2026-06-15"),
    ("2026-04-30", 15, "2026-05-25"),
    ("2026-09-30", 30, "2026-11-17"),
    ("2026-09-30", 15, "2026-10-27"),
]
known_days = st.dates(date(2024, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize(("day_zero", "days", "due"), VECTORS)
def test_working_days_are_the_state_councils(day_zero: str, days: int, due: str) -> None:
    assert add_working_days(date.fromisoformat(day_zero), days) == Deadline(date.fromisoformat(due), is_final=True)


def test_a_make_up_saturday_counts() -> None:
    assert add_working_days(date(2025, 10, 10), 1).on == date(2025, 10, 11)
    assert add_working_days(date(2026, 2, 27), 1).on == date(2026, 2, 28)


def test_a_year_that_is_not_announced_gives_a_date_that_is_not_final() -> None:
    late = add_working_days(date(2026, 12, 25), 15)
    assert late.on > date(2026, 12, 31)
    assert not late.is_final
    # Every Monday to Friday counts, so the real date is the same or later.
    assert late.on == date(2027, 1, 15)


def test_a_date_just_inside_the_announced_year_is_final() -> None:
    assert add_working_days(date(2026, 12, 30), 1) == Deadline(date(2026, 12, 31), is_final=True)


@given(day=known_days, days=st.integers(1, 30))
def test_a_deadline_is_a_working_day_and_counts_back(day: date, days: int) -> None:
    deadline = add_working_days(day, days)
    assert deadline.is_final
    assert working_days_left(day, deadline.on) == days
    assert add_working_days(deadline.on - timedelta(days=1), 1).on == deadline.on


@given(day=known_days, days=st.integers(1, 30))
def test_one_more_working_day_is_a_later_date(day: date, days: int) -> None:
    one, more = add_working_days(day, days).on, add_working_days(day, days + 1).on
    assert day < one < more


def test_days_left_are_negative_when_the_date_is_past() -> None:
    assert working_days_left(date(2026, 3, 12), date(2026, 3, 12)) == 0
    assert working_days_left(date(2026, 3, 13), date(2026, 3, 12)) == -1
    assert working_days_left(date(2026, 3, 9), date(2026, 3, 12)) == 3


def test_a_closed_request_never_moves_again() -> None:
    closed = set(RequestState) - OPEN_STATES
    assert not any(may_become(state, target) for state in closed for target in RequestState)


def test_nothing_is_answered_before_the_desk_knows_who_asks() -> None:
    assert not may_become(RequestState.RECEIVED, RequestState.ANSWERED)
    assert may_become(RequestState.CONFIRMED, RequestState.ANSWERED)


@given(state=st.text(max_size=20), target=st.sampled_from(RequestState))
def test_an_unknown_state_may_become_nothing(state: str, target: RequestState) -> None:
    assert state in RequestState.values or not may_become(state, target)
