"""What makes an assessment out of date, what it covers, and how a risk is weighed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.transparency.rules import assessments as rules

SIGNED = rules.Coverage(
    purposes=frozenset({"access"}),
    modes=frozenset({"verify", "identify"}),
    vendors=frozenset({"Acme", "Orion"}),
    algorithms=frozenset({"ArcFace 3"}),
    place_kinds=frozenset({"lobby", "gate"}),
    storage_mode="on_device",
    stale_since=None,
)
TODAY = {
    "purposes": {"access"},
    "modes": {"verify"},
    "vendors": {"Acme"},
    "algorithms": {"ArcFace 3"},
    "place_kinds": {"lobby"},
    "storage_mode": "on_device",
}

REASONS = [
    ({}, ()),
    ({"purposes": {"access", "visitor"}}, ("purpose",)),
    ({"modes": {"verify", "unheard_of"}}, ("mode",)),
    ({"vendors": {"Acme", "Zenith"}}, ("vendor",)),
    ({"vendors": {""}}, ("vendor",)),
    ({"algorithms": {"ArcFace 4"}}, ("algorithm",)),
    ({"place_kinds": {"lobby", "lift"}}, ("place",)),
    ({"storage_mode": "portal"}, ("storage",)),
    ({"had_major_incident": True}, ("incident",)),
    ({"had_major_incident": True, "storage_mode": "portal", "vendors": {"Zenith"}}, ("vendor", "storage", "incident")),
    # Taking away is no change that must be assessed.
    ({"vendors": set(), "algorithms": set(), "place_kinds": set(), "purposes": set(), "modes": set()}, ()),
]


@pytest.mark.parametrize(("change", "codes"), REASONS)
def test_something_new_makes_it_stale(change: dict, codes: tuple[str, ...]) -> None:
    assert rules.stale_reasons(SIGNED, **TODAY | change) == codes


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, ()),
        ({"purpose": "visitor"}, ("purpose",)),
        ({"mode": "unheard_of"}, ("mode",)),
        ({"vendor": "Zenith"}, ("vendor",)),
        ({"algorithm": "ArcFace 4"}, ("algorithm",)),
        ({"place_kind": "lift"}, ("place",)),
        ({"storage_mode": "portal"}, ("storage",)),
    ],
)
def test_one_device_is_covered_or_says_what_is_not(change: dict, codes: tuple[str, ...]) -> None:
    device = {
        "purpose": "access",
        "mode": "identify",
        "vendor": "Orion",
        "algorithm": "ArcFace 3",
        "place_kind": "gate",
        "storage_mode": "on_device",
    }
    assert rules.covers(SIGNED, **device | change) == codes


@pytest.mark.parametrize("field", rules.TEXTS)
@pytest.mark.parametrize(("text", "code"), [("", "missing"), ("\u3000 \n", "missing"), ("Because ____.", "blank")])
def test_no_text_of_the_four_items_may_be_open(field: str, text: str, code: str) -> None:
    full = dict.fromkeys(rules.TEXTS, "written")
    assert rules.unfinished(full) == {}
    assert rules.unfinished(full | {field: text}) == {field: code}


def test_article_nine_has_four_items() -> None:
    assert len(rules.ITEMS) == 4
    assert set(rules.unfinished({})) == set(rules.TEXTS)


@pytest.mark.parametrize(
    ("likelihood", "impact", "band"),
    [(1, 1, "low"), (1, 5, "low"), (2, 3, "medium"), (2, 5, "medium"), (3, 4, "high"), (5, 5, "high")],
)
def test_a_risk_is_weighed_by_likelihood_and_impact(likelihood: int, impact: int, band: str) -> None:
    assert rules.band(likelihood, impact) == rules.band(impact, likelihood) == band


@pytest.mark.parametrize(("people", "small"), [(0, True), (99_999, True), (100_000, False), (100_001, False)])
def test_the_hundred_thousandth_person_ends_the_small_form(people: int, small: bool) -> None:
    assert rules.is_small(people) is small


@pytest.mark.parametrize(
    ("until", "kept"),
    [
        (None, None),
        (date(2026, 11, 24), date(2029, 11, 24)),
        (date(2028, 2, 29), date(2031, 3, 1)),
    ],
)
def test_it_is_kept_three_years_after_what_it_covers(until: date | None, kept: date | None) -> None:
    assert rules.keep_until(until) == kept


content = st.fixed_dictionaries({"texts": st.fixed_dictionaries({name: st.text(max_size=5) for name in rules.TEXTS})})


@given(one=content, two=content)
def test_the_fingerprint_is_of_every_text(one: dict, two: dict) -> None:
    assert (rules.content_hash(one) == rules.content_hash(two)) == (one == two)


def test_the_fingerprint_does_not_depend_on_the_order_of_names() -> None:
    assert rules.content_hash({"a": 1, "b": 2}) == rules.content_hash({"b": 2, "a": 1})
    assert rules.content_hash({"a": [1, 2]}) != rules.content_hash({"a": [2, 1]})
