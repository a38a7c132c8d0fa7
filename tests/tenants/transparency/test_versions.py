"""Days: which version is in force, which was overtaken, and from which one consents hold."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.transparency.rules.versions import (
    MOST_DAYS_AHEAD,
    Version,
    in_force,
    is_too_early,
    is_too_late,
    oldest_valid,
    overtaken_by,
    predecessor,
    was_overtaken,
)

DAY = date(2026, 3, 1)


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def version(number: int, published: int, effective: int, *, asks_again: bool = False) -> Version:
    return Version(number, day(published), day(effective), asks_again)


def test_a_waiting_version_is_not_in_force_before_its_day() -> None:
    both = [version(1, 0, 0), version(2, 5, 30, asks_again=True)]
    assert [in_force(both, on=day(n)) for n in (-1, 0, 29, 30)] == [None, 1, 1, 2]
    assert [oldest_valid(both, on=day(n)) for n in (-1, 0, 29, 30)] == [None, 1, 1, 2]


def test_a_version_published_meanwhile_overtakes_the_waiting_one_and_nobody_is_asked_about_that() -> None:
    waiting, urgent = version(2, 5, 30, asks_again=True), version(3, 10, 10)
    versions = [version(1, 0, 0), waiting, urgent]
    assert was_overtaken(waiting, versions)
    assert overtaken_by(waiting, versions) == 3
    assert [in_force(versions, on=day(n)) for n in (9, 10, 30, 99)] == [1, 3, 3, 3]
    assert oldest_valid(versions, on=day(99)) == 1


def test_a_version_that_was_in_force_for_an_hour_still_asked_everybody() -> None:
    """Two versions on one day: the first was shown and answered, so what it changed counts."""
    versions = [version(1, 0, 0), version(2, 5, 5, asks_again=True), version(3, 5, 5)]
    assert not was_overtaken(versions[1], versions)
    assert oldest_valid(versions, on=day(5)) == 2


@pytest.mark.parametrize(
    ("effective", "expected"),
    [(10, 1), (30, 1), (31, 2), (60, 2)],
)
def test_a_new_version_is_compared_with_the_one_that_it_takes_over_from(effective: int, expected: int) -> None:
    versions = [version(1, 0, 0), version(2, 5, 30)]
    assert predecessor(versions, today=day(10), effective_on=day(effective)) == expected
    assert predecessor([], today=day(10), effective_on=day(effective)) is None


def test_on_the_day_itself_the_version_in_force_is_the_one_to_compare_with() -> None:
    assert predecessor([version(1, 0, 0), version(2, 5, 5)], today=day(5), effective_on=day(5)) == 2


@pytest.mark.parametrize(("ahead", "early", "late"), [(-1, True, False), (0, False, False), (90, False, False)])
def test_a_first_day_is_today_or_within_90_days(ahead: int, early: bool, late: bool) -> None:
    assert is_too_early(day(ahead), today=DAY) == early
    assert is_too_late(day(ahead), today=DAY) == late
    assert is_too_late(day(MOST_DAYS_AHEAD + 1), today=DAY)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans()), min_size=1, max_size=6), st.integers(0, 30)
)
def test_a_consent_to_the_version_in_force_always_holds(rows: list[tuple[int, int, bool]], today: int) -> None:
    """Whoever answers what is shown today holds today, however versions wait and overtake."""
    published, versions = 0, []
    for number, (gap, ahead, asks_again) in enumerate(rows, start=1):
        published += gap
        versions.append(version(number, published, published + ahead, asks_again=asks_again))
    known = [v for v in versions if v.published_on <= day(today)]
    shown, oldest = in_force(known, on=day(today)), oldest_valid(known, on=day(today))
    assert (shown is None) == (oldest is None)
    assert shown is None or oldest <= shown
