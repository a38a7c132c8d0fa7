"""The gate: facts in, checks out. Everything unknown blocks."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.clearance.facts import DeviceFacts, PersonFacts
from tenants.clearance.rules import blockers, device_checks, person_checks
from tenants.people.kinds import AgeBand, ConsentPurpose, ConsentStatus

TODAY = date(2026, 3, 2)
GOOD_DEVICE = DeviceFacts(
    zone_name="大厅",
    zone_kind="lobby",
    has_face_method=True,
    live_methods=("face", "card"),
    notice_version=1,
    notice_storage_mode="portal",
    storage_mode="portal",
    handler_contact="王经理 0571",
)
GOOD_PERSON = PersonFacts(
    age_band=AgeBand.ADULT,
    consents=dict.fromkeys(ConsentPurpose, ConsentStatus.AGREED),
    ends_on=TODAY + timedelta(days=1),
    is_erasing=False,
    today=TODAY,
)


def device_codes(**changes: object) -> list[str]:
    return [check.code for check in blockers(device_checks(replace(GOOD_DEVICE, **changes)))]


def person_codes(**changes: object) -> list[str]:
    return [check.code for check in blockers(person_checks(replace(GOOD_PERSON, **changes)))]


def test_a_lawful_device_and_a_willing_person_pass() -> None:
    assert device_codes() == person_codes() == []


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("private_place", {"zone_kind": "toilet"}),
        ("private_place", {"zone_kind": "a kind nobody knows"}),
        ("face_only", {"live_methods": ("face",)}),
        ("face_only", {"live_methods": ()}),
        ("face_only", {"live_methods": ("face", "iris")}),
        ("face_not_a_method", {"has_face_method": False}),
        ("no_notice", {"notice_version": None, "notice_storage_mode": None}),
        ("no_notice", {"notice_storage_mode": "on_device"}),
        ("no_contact", {"handler_contact": " "}),
    ],
)
def test_each_rule_alone_stops_a_device(code: str, changes: dict[str, object]) -> None:
    assert device_codes(**changes) == [code]


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("under_14", {"age_band": AgeBand.UNDER_14}),
        ("under_14", {"age_band": "unknown"}),
        ("period_over", {"ends_on": TODAY - timedelta(days=1)}),
        ("erasing", {"is_erasing": True}),
    ],
)
def test_each_rule_alone_stops_a_face(code: str, changes: dict[str, object]) -> None:
    assert person_codes(**changes) == [code]


def test_the_last_day_is_still_a_day() -> None:
    assert person_codes(ends_on=TODAY) == []
    assert person_codes(ends_on=None) == []


@given(
    recognition=st.sampled_from(ConsentStatus),
    transmission=st.sampled_from(ConsentStatus),
    age=st.sampled_from(AgeBand),
    left=st.integers(-3, 3),
    erasing=st.booleans(),
)
def test_a_face_is_used_only_when_everything_says_yes(
    recognition: ConsentStatus, transmission: ConsentStatus, age: AgeBand, left: int, erasing: bool
) -> None:
    consents = {ConsentPurpose.RECOGNITION: recognition, ConsentPurpose.TRANSMISSION: transmission}
    blocked = person_codes(consents=consents, age_band=age, ends_on=TODAY + timedelta(days=left), is_erasing=erasing)
    says_yes = set(consents.values()) == {ConsentStatus.AGREED}
    assert bool(blocked) == (not says_yes or age == AgeBand.UNDER_14 or left < 0 or erasing)


def test_every_check_has_a_sentence_and_an_article() -> None:
    for check in [*device_checks(GOOD_DEVICE), *person_checks(GOOD_PERSON)]:
        assert str(check.title) and str(check.detail) and check.article.startswith(("Art ", "PIPL "))
