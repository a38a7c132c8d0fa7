"""The clocks: what a notice told, and what may be lengthened."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.rights.retention_rules import BOUNDS, Kind, TooLong, beyond_notice, out_of_bounds, told_days, week_of

NOW = {Kind.FACE: 180, Kind.EVENT: 90, Kind.REQUEST: 180, Kind.ALARM: 184}
TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("人脸最多保存 180 天。开门记录保存 90 天，里面没有照片。", {Kind.FACE: 180, Kind.EVENT: 90}),
        ("A face is kept for at most 180 days. Door records are kept for 90 days.", {Kind.FACE: 180, Kind.EVENT: 90}),
        ("一百八十天，之后删除", {Kind.FACE: 180}),
        ("最多保存三十天", {Kind.FACE: 30}),
        ("保存两百零五天", {Kind.FACE: 205}),
        ("Kept for 6 months at most.", {Kind.FACE: 186}),
        ("最长一年", {Kind.FACE: 366}),
        ("搬走当天删除", {}),
        ("", {}),
    ],
)
def test_a_notice_tells_its_periods_in_digits_and_in_chinese(text: str, told: dict[Kind, int]) -> None:
    assert told_days({"retention_zh": text}) == told
    assert told_days({"retention_en": text}) == told


def test_the_longer_of_two_languages_counts() -> None:
    assert told_days({"retention_zh": "最多 30 天", "retention_en": "At most 60 days."}) == {Kind.FACE: 60}


def test_a_longer_clock_than_told_is_named() -> None:
    wanted = NOW | {Kind.FACE: 200, Kind.EVENT: 120}
    told = {Kind.FACE: 180, Kind.EVENT: 120}
    assert beyond_notice(now=NOW, wanted=wanted, told=told) == [TooLong(Kind.FACE, 200, 180)]


def test_a_notice_that_names_no_period_allows_no_longer_one() -> None:
    assert beyond_notice(now=NOW, wanted=NOW | {Kind.EVENT: 91}, told={}) == [TooLong(Kind.EVENT, 91, None)]


def test_alarms_and_texts_are_not_told_in_a_notice() -> None:
    assert beyond_notice(now=NOW, wanted=NOW | {Kind.ALARM: 365, Kind.REQUEST: 365}, told={}) == []


clocks = st.fixed_dictionaries({kind: st.integers(*BOUNDS[kind]) for kind in Kind})


@given(now=clocks, wanted=clocks, told=st.dictionaries(st.sampled_from([Kind.FACE, Kind.EVENT]), st.integers(0, 400)))
def test_shorter_is_always_allowed_and_longer_never_beyond_what_was_told(
    now: dict[Kind, int], wanted: dict[Kind, int], told: dict[Kind, int]
) -> None:
    refused = {found.kind for found in beyond_notice(now=now, wanted=wanted, told=told)}
    for kind in (Kind.FACE, Kind.EVENT):
        is_allowed = wanted[kind] <= now[kind] or wanted[kind] <= told.get(kind, 0)
        assert (kind in refused) != is_allowed
    assert out_of_bounds(wanted) == []


def test_what_is_late_lies_in_the_first_week() -> None:
    assert [week_of(TODAY + timedelta(days=days), today=TODAY) for days in (-9, 0, 6, 7)] == [0, 0, 0, 1]
