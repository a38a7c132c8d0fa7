"""The rules of the gate: facts in, checks out. One row per rule; everything unknown blocks."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from tenants.clearance.checks import Mend, Severity, article_name, blockers, dues
from tenants.clearance.facts import DeviceFacts, PersonFacts, SiteFacts
from tenants.clearance.rules import ALL, device_checks, person_checks, site_checks
from tenants.clearance.rules.endings import GRACE, Ending, ending
from tenants.clearance.rules.rule import Rule
from tenants.people.kinds import AgeBand, ConsentPurpose, ConsentStatus
from tenants.premises.kinds import DeviceMode, Passersby, ZoneKind

TODAY = date(2026, 3, 2)
YESTERDAY = TODAY - timedelta(days=1)
SITE = SiteFacts(
    today=TODAY,
    storage_mode="portal",
    handler_contact="王经理 0571",
    contract_signed_on=YESTERDAY,
    contract_ends_on=TODAY,
    is_stopped=False,
    notice_version=1,
    notice_storage_mode="portal",
    assessment_version=1,
    assessment_stale_since=None,
)
DEVICE = DeviceFacts(
    site=SITE,
    zone_kinds=("lobby", "gate"),
    has_face_method=True,
    face_works=True,
    other_ways=("card",),
    inconveniences=(),
    mode=DeviceMode.IDENTIFY,
    passersby=Passersby.BUTTON,
    capture_area="门前一米",
    security_need="防止尾随",
    sign_photo_on=TODAY - timedelta(days=365),
    test_faults=(),
    not_assessed=(),
)
PERSON = PersonFacts(
    site=SITE,
    age_band=AgeBand.UNDER_14,
    allows_under_14=True,
    notice_has_minors_rules=True,
    has_guardian=True,
    consents=dict.fromkeys(ConsentPurpose, ConsentStatus.AGREED),
    face_stored="portal",
    stay_ends_on=TODAY,
    retention_ends_on=TODAY,
    is_restricted=False,
    has_died=False,
    is_erasing=False,
    is_erased=False,
)

# (the fact that breaks it, the blocker's code, its article)
SITE_ROWS = [
    ({"is_stopped": True}, "faces_stopped", "Civil Code 997"),
    ({"handler_contact": " "}, "no_contact", "Art 5"),
    ({"contract_signed_on": None}, "no_contract", "PIPL 21"),
    ({"contract_signed_on": TODAY + timedelta(days=1)}, "no_contract", "PIPL 21"),
    ({"contract_ends_on": YESTERDAY}, "contract_over", "PIPL 21"),
    ({"notice_version": None, "notice_storage_mode": None}, "no_notice", "Art 5"),
    ({"notice_storage_mode": "on_device"}, "notice_other_storage", "Art 8"),
    ({"assessment_version": None}, "no_assessment", "Art 9"),
    ({"assessment_stale_since": TODAY}, "assessment_stale", "Art 9"),
]
DEVICE_ROWS = [
    *[
        ({"zone_kinds": (kind.value,)}, "private_place", "Art 13")
        for kind in (
            ZoneKind.HOTEL_ROOM,
            ZoneKind.PRIVATE_DINING_ROOM,
            ZoneKind.BATH,
            ZoneKind.TOILET,
            ZoneKind.CHANGING_ROOM,
            ZoneKind.NURSING_ROOM,
            ZoneKind.FITTING_ROOM,
            ZoneKind.DORMITORY_ROOM,
            ZoneKind.TREATMENT_ROOM,
        )
    ],
    ({"zone_kinds": ("lobby", "bath")}, "private_place", "Art 13"),
    ({"zone_kinds": ("a kind nobody knows",)}, "private_place", "Art 13"),
    ({"zone_kinds": ()}, "private_place", "Art 13"),
    ({"other_ways": ()}, "face_only", "Art 10"),
    ({"inconveniences": ("costs_money",)}, "other_way_costs", "Art 10"),
    ({"inconveniences": ("narrower_hours",)}, "other_way_hours", "Art 10"),
    ({"inconveniences": ("more_papers",)}, "other_way_papers", "Art 10"),
    ({"inconveniences": ("elsewhere",)}, "other_way_elsewhere", "Art 10"),
    ({"inconveniences": ("more_steps",)}, "other_way_steps", "Art 10"),
    ({"has_face_method": False, "face_works": False}, "face_not_a_method", "Art 5"),
    ({"face_works": False}, "face_out_of_order", "Art 5"),
    ({"not_assessed": ("purpose",)}, "purpose_not_assessed", "Art 9"),
    ({"not_assessed": ("mode",)}, "mode_not_assessed", "Art 9"),
    ({"not_assessed": ("vendor",)}, "vendor_not_assessed", "Art 9"),
    ({"not_assessed": ("algorithm",)}, "algorithm_not_assessed", "Art 9"),
    ({"not_assessed": ("place",)}, "place_not_assessed", "Art 9"),
    ({"not_assessed": ("storage",)}, "storage_not_assessed", "Art 9"),
    ({"capture_area": "\n"}, "no_capture_area", "Art 13"),
    ({"security_need": ""}, "no_security_need", "Art 13"),
    ({"sign_photo_on": None}, "no_sign", "Art 13"),
    ({"sign_photo_on": TODAY - timedelta(days=366)}, "sign_old", "Art 13"),
    ({"passersby": ""}, "passersby_unprotected", "NDSMR 24"),
    ({"passersby": Passersby.PRESENCE}, "passersby_unprotected", "NDSMR 24"),
    ({"test_faults": ("untested",)}, "untested", "GA/T 1093"),
    ({"test_faults": ("false_accept",)}, "false_accept", "GA/T 1093"),
    ({"test_faults": ("false_reject",)}, "false_reject", "GA/T 1093"),
    ({"test_faults": ("attack_success",)}, "attack_success", "GA/T 1093"),
]
PERSON_ROWS = [
    ({"is_erasing": True}, "erasing", "PIPL 47"),
    ({"is_erased": True}, "record_erased", "PIPL 47"),
    ({"has_died": True}, "died", "PIPL 49"),
    ({"is_restricted": True}, "restricted", "PIPL 44"),
    ({"allows_under_14": False}, "under_14", "Art 7"),
    ({"has_guardian": False}, "no_guardian", "Art 7"),
    ({"notice_has_minors_rules": False}, "no_minors_rules", "Art 7"),
    ({"stay_ends_on": YESTERDAY}, "stay_over", "PIPL 47"),
    ({"retention_ends_on": YESTERDAY}, "retention_over", "Art 8"),
    ({"face_stored": "on_device"}, "face_elsewhere", "Art 8"),
    *[
        (
            {"consents": PERSON.consents | {purpose: status}},
            f"consent_{purpose.value}_{status.value}",
            "Art 7" if status == ConsentStatus.NEEDS_PERSON else article,
        )
        for purpose, article in ((ConsentPurpose.RECOGNITION, "Art 6"), (ConsentPurpose.TRANSMISSION, "Art 8"))
        for status in ConsentStatus
        if status != ConsentStatus.AGREED
    ],
]
DUES = {"other_way_steps", "untested", "false_accept", "false_reject", "attack_success"}


def broken(checks: list) -> list[tuple[str, str]]:
    return [(check.code, check.article) for check in checks if not check.holds]


def test_a_lawful_door_and_a_willing_person_pass() -> None:
    assert broken(device_checks(DEVICE)) == broken(person_checks(PERSON)) == broken(site_checks(SITE)) == []


@pytest.mark.parametrize(("changes", "code", "article"), SITE_ROWS)
def test_what_a_property_lacks_stops_every_device_and_every_face(
    changes: dict[str, object], code: str, article: str
) -> None:
    site = replace(SITE, **changes)
    assert broken(site_checks(site)) == [(code, article)]
    assert [check.code for check in blockers(device_checks(replace(DEVICE, site=site)))] == [code]
    assert [check.code for check in blockers(person_checks(replace(PERSON, site=site)))] == [code]


@pytest.mark.parametrize(("changes", "code", "article"), DEVICE_ROWS)
def test_each_rule_alone_stops_a_device_or_is_due(changes: dict[str, object], code: str, article: str) -> None:
    checks = device_checks(replace(DEVICE, **changes))
    assert broken(checks) == [(code, article)]
    assert [check.code for check in (dues(checks) if code in DUES else blockers(checks))] == [code]


@pytest.mark.parametrize(("changes", "code", "article"), PERSON_ROWS)
def test_each_rule_alone_stops_a_face(changes: dict[str, object], code: str, article: str) -> None:
    checks = person_checks(replace(PERSON, **changes))
    assert broken(checks) == [(code, article)]
    assert len(blockers(checks)) == 1


def test_every_rule_has_its_row() -> None:
    rows = {code for _changes, code, _article in (*SITE_ROWS, *DEVICE_ROWS, *PERSON_ROWS)}
    assert rows == {rule.code for rule in ALL}
    assert len({rule.code for rule in ALL}) == len(ALL) >= 30


HAN = re.compile("[\u4e00-\u9fff]")
LATIN = re.compile("[A-Za-z]{3}")


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_every_rule_says_what_holds_what_is_wrong_and_what_to_do_in_both_languages(rule: Rule) -> None:
    """A text that nobody translated reads English in both, a text that was never marked reads one in both."""
    with override("zh-hans"):
        chinese = [str(text) for text in (rule.holds, rule.broken, rule.detail)]
    with override("en"):
        english = [str(text) for text in (rule.holds, rule.broken, rule.detail)]
    assert [text for text in chinese if not HAN.search(text)] == []
    assert [text for text in english if HAN.search(text) or not LATIN.search(text)] == []


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_every_rule_names_its_article_in_both_languages_its_weight_and_the_page_that_mends_it(rule: Rule) -> None:
    with override("zh-hans"):
        chinese = article_name(rule.article)
    with override("en"):
        english = article_name(rule.article)
    assert rule.article and english and not HAN.search(english)
    assert HAN.search(chinese) or rule.article.startswith("GA/T")  # a standard is called the same everywhere
    assert rule.severity in Severity and rule.mend in Mend


def test_a_rule_asks_nothing_of_the_days_before_it_was_law() -> None:
    """The Measures are in force since 1 June 2025; the duties of the PIPL are older."""
    before = date(2025, 5, 31)
    device = replace(DEVICE, site=replace(SITE, contract_signed_on=None, assessment_version=None), other_ways=())
    assert [check.code for check in blockers(device_checks(device, on=before))] == ["no_contract"]
    assert "face_only" in [check.code for check in blockers(device_checks(device, on=date(2025, 6, 1)))]


def test_an_adult_needs_no_guardian_and_no_rules_for_children() -> None:
    grown = replace(
        PERSON, age_band=AgeBand.ADULT, allows_under_14=False, has_guardian=False, notice_has_minors_rules=False
    )
    assert blockers(person_checks(grown)) == []


@pytest.mark.parametrize("consents", [{}, {ConsentPurpose.RECOGNITION: "perhaps"}])
def test_no_answer_and_an_unknown_answer_are_no_yes(consents: dict) -> None:
    codes = [check.code for check in blockers(person_checks(replace(PERSON, consents=consents)))]
    assert codes == ["consent_recognition_unanswered"]


@given(
    st.builds(
        DeviceFacts,
        site=st.just(SITE),
        zone_kinds=st.lists(st.sampled_from([*ZoneKind.values, "?"]), max_size=4).map(tuple),
        other_ways=st.lists(st.sampled_from(["card", "pin", "qr", "desk"]), max_size=3).map(tuple),
    )
)
def test_no_facts_pass_with_face_alone_or_in_a_private_place(facts: DeviceFacts) -> None:
    private = {"hotel_room", "private_dining_room", "bath", "toilet", "changing_room", "nursing_room"}
    private |= {"fitting_room", "dormitory_room", "treatment_room", "?"}
    if not blockers(device_checks(facts)):
        assert facts.other_ways
        assert private.isdisjoint(facts.zone_kinds)


@pytest.mark.parametrize(
    ("codes", "days", "expected"),
    [
        (["died"], 0, Ending.DIED),
        (["consent_recognition_expired"], 0, Ending.CONSENT_OVER),
        (["consent_recognition_stale"], GRACE.days - 1, None),
        (["consent_recognition_stale"], GRACE.days, Ending.CONSENT_LOST),
        (["assessment_stale"], GRACE.days, Ending.NOT_ASSESSED),
        (["contract_over"], GRACE.days, Ending.CONTRACT_ENDED),
        (["consent_transmission_needs_person"], GRACE.days, Ending.CONSENT_LOST),
        (["restricted"], 400, None),
        (["faces_stopped"], 400, None),
        ([], 400, None),
    ],
)
def test_a_refused_face_goes_when_its_time_is_over(codes: list[str], days: int, expected: Ending | None) -> None:
    since = dict.fromkeys(Ending, TODAY - timedelta(days=days))
    assert ending(codes, since=since, today=TODAY) == expected
