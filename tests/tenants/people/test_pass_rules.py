"""Hours, days and doors of a pass, and digits that nobody should be given."""

from dataclasses import fields
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.people.kinds import PassKind, PassState
from tenants.people.rules import passes
from tenants.people.rules.passes import MethodFacts, PassFacts, is_obvious, method_refusal, pass_refusal
from tenants.premises.kinds import MethodKind
from tenants.premises.rules import is_open

NOON, NIGHT = time(12), time(23, 30)
TODAY = date(2026, 3, 2)


def facts(**fields: object) -> PassFacts:
    everything = {"state": PassState.ACTIVE, "valid_from": None, "valid_until": None, "opens_this_door": True}
    return PassFacts(**(everything | fields))


def test_every_kind_of_pass_is_a_method_of_a_door_other_than_the_face() -> None:
    assert set(PassKind.values) < set(MethodKind.values) - {MethodKind.FACE.value}


def test_the_facts_hold_nothing_that_could_make_a_pass_depend_on_a_consent() -> None:
    assert {f.name for f in fields(MethodFacts)} == {"is_live", "opens_at", "closes_at"}
    assert {f.name for f in fields(PassFacts)} == {"state", "valid_from", "valid_until", "opens_this_door"}


@pytest.mark.parametrize(
    ("method", "at", "rule"),
    [
        (None, NOON, passes.NO_METHOD),
        (MethodFacts(is_live=False), NOON, passes.OUT_OF_ORDER),
        (MethodFacts(is_live=True), NIGHT, ""),
        (MethodFacts(True, time(8), time(20)), NOON, ""),
        (MethodFacts(True, time(8), time(20)), NIGHT, passes.CLOSED),
        (MethodFacts(True, time(8), time(20)), time(8), ""),
        (MethodFacts(True, time(8), time(20)), time(20), passes.CLOSED),
        (MethodFacts(True, time(22), time(6)), NIGHT, ""),
        (MethodFacts(True, time(22), time(6)), NOON, passes.CLOSED),
        (MethodFacts(True, time(8), None), NIGHT, ""),
        (MethodFacts(True, None, time(20)), NIGHT, passes.CLOSED),
        (MethodFacts(True, time(8), time(8)), NIGHT, ""),
    ],
)
def test_a_door_takes_a_pass_while_its_method_works_and_is_open(method: MethodFacts, at: time, rule: str) -> None:
    assert method_refusal(method, at=at) == rule


@given(at=st.times(), opens=st.times(), closes=st.times())
def test_hours_and_their_complement_are_never_open_at_once(at: time, opens: time, closes: time) -> None:
    both = [is_open(at, opens_at=opens, closes_at=closes), is_open(at, opens_at=closes, closes_at=opens)]
    assert all(both) if opens == closes else sum(both) == 1


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({}, ""),
        ({"state": PassState.STOPPED}, passes.STOPPED),
        ({"state": "unheard of"}, passes.STOPPED),
        ({"valid_from": TODAY, "valid_until": TODAY}, ""),
        ({"valid_from": TODAY + timedelta(days=1)}, passes.NOT_YET),
        ({"valid_until": TODAY - timedelta(days=1)}, passes.OVER),
        ({"opens_this_door": False}, passes.OTHER_DOOR),
    ],
)
def test_a_pass_opens_on_its_days_and_at_its_doors(changed: dict[str, object], rule: str) -> None:
    assert pass_refusal(facts(**changed), today=TODAY) == rule


@pytest.mark.parametrize("digits", ["000000", "777777", "123456", "890123", "654321", "210987", "121212", "258258"])
def test_digits_that_are_tried_first_are_obvious(digits: str) -> None:
    assert is_obvious(digits)


@pytest.mark.parametrize("digits", ["483920", "112358", "246801", "100000"])
def test_other_digits_are_not_obvious(digits: str) -> None:
    assert not is_obvious(digits)


@pytest.mark.parametrize("written", ["04:a2:1f:33", "04A21F33", " 04-a2-1f-33\n", "０４ａ２１ｆ３３"])
def test_a_card_is_the_same_however_its_number_is_written(written: str) -> None:
    assert passes.plain_card(written) == "04A21F33"


@given(text=st.text(max_size=40))
def test_what_is_left_of_a_number_is_plain(text: str) -> None:
    assert passes.plain_card(text).isascii()
    assert set(passes.plain_digits(text)) <= set("0123456789")
