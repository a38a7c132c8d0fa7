"""Convenient is measured (Measures Art 10): what makes another way worse than the face, and what does not."""

from dataclasses import replace
from datetime import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.premises.kinds import MethodKind
from tenants.premises.rules import BLOCKING, Inconvenience, Terms, convenient_methods, inconveniences

FACE, CARD = Terms("face"), Terms("card")
MINUTES = st.integers(0, 24 * 60 - 1)


def at(minute: int) -> time:
    return time(minute // 60, minute % 60)


@pytest.mark.parametrize(
    ("worse", "why"),
    [
        ({"fee": Decimal("0.01")}, Inconvenience.COSTS_MONEY),
        ({"extra_papers": True}, Inconvenience.MORE_PAPERS),
        ({"distance_m": 1}, Inconvenience.ELSEWHERE),
        ({"opens_at": time(6), "closes_at": time(23)}, Inconvenience.NARROWER_HOURS),
        ({"opens_at": time(6)}, Inconvenience.NARROWER_HOURS),
    ],
)
def test_what_the_law_counts_as_worse_is_not_convenient(worse: dict[str, object], why: Inconvenience) -> None:
    card = replace(CARD, **worse)
    assert inconveniences(FACE, card) == (why,)
    assert convenient_methods([FACE, card]) == ()
    assert convenient_methods([FACE, card, Terms("pin")]) == ("pin",)


def test_one_more_step_is_remarked_but_does_not_block() -> None:
    card = replace(CARD, steps=2)
    assert inconveniences(FACE, card) == (Inconvenience.MORE_STEPS,)
    assert convenient_methods([FACE, card]) == ("card",)
    assert frozenset(Inconvenience) - BLOCKING == {Inconvenience.MORE_STEPS}


def test_a_face_that_costs_money_does_not_make_a_card_that_costs_money_convenient() -> None:
    assert convenient_methods([replace(FACE, fee=Decimal(5)), replace(CARD, fee=Decimal(1))]) == ()


def test_a_way_out_of_order_and_an_unknown_way_are_none() -> None:
    assert convenient_methods([FACE, replace(CARD, is_live=False), Terms("palm")]) == ()


def test_without_a_face_method_a_way_is_measured_against_a_face_that_works_all_day() -> None:
    assert convenient_methods([replace(CARD, opens_at=time(6), closes_at=time(23))]) == ()


def test_a_free_way_out_of_order_does_not_make_a_costly_one_convenient() -> None:
    assert convenient_methods([FACE, replace(CARD, fee=Decimal(1)), replace(CARD, is_live=False)]) == ()


@pytest.mark.parametrize(
    ("face", "other", "covers"),
    [
        ((6, 22), (6, 22), True),
        ((6, 22), (5, 23), True),
        ((6, 22), (7, 22), False),
        ((6, 22), (6, 21), False),
        ((22, 6), (21, 7), True),
        ((22, 6), (22, 5), False),
        ((22, 2), (20, 4), True),
        ((8, 12), (20, 13), True),
        ((8, 14), (20, 13), False),
        ((23, 1), (0, 23), False),
    ],
)
def test_hours_may_cross_midnight(face: tuple[int, int], other: tuple[int, int], covers: bool) -> None:
    door = Terms("face", time(face[0]), time(face[1]))
    card = Terms("card", time(other[0]), time(other[1]))
    assert (inconveniences(door, card) == ()) == covers


@given(MINUTES, MINUTES, MINUTES, MINUTES)
def test_hours_cover_exactly_when_every_minute_of_the_face_is_open(a: int, b: int, c: int, d: int) -> None:
    """Against a count of single minutes, from the first of a day to the last."""

    def minutes(opens: int, closes: int) -> set[int]:
        return {minute % 1440 for minute in range(opens, closes if closes > opens else closes + 1440)}

    if a == b or c == d:
        return
    is_open = minutes(c, d) >= minutes(a, b)
    assert (inconveniences(Terms("face", at(a), at(b)), Terms("card", at(c), at(d))) == ()) == is_open


@given(st.lists(st.builds(Terms, st.sampled_from(MethodKind), fee=st.decimals(0, 9), is_live=st.booleans())))
def test_a_convenient_way_is_live_free_and_not_the_face(terms: list[Terms]) -> None:
    found = convenient_methods(terms)
    assert "face" not in found
    assert all(any(t.kind == kind and t.is_live and t.fee == 0 for t in terms) for kind in found)
