"""What an answer amounts to, how long a face may be kept, and the life of a face."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.organizations.kinds import StorageMode
from tenants.people.kinds import AgeBand, ConsentDecision, ConsentPurpose, ConsentStatus, FaceState, GivenBy
from tenants.people.rules.consents import (
    TRANSITIONS,
    Answer,
    consent_ends_on,
    consent_status,
    face_ends_on,
    required_purposes,
)

versions = st.integers(1, 50)
TODAY = date(2026, 11, 24)


def judge(answer: Answer | None, oldest: int | None, band: str = AgeBand.ADULT, today: date = TODAY) -> ConsentStatus:
    return consent_status(answer, oldest_valid_version=oldest, today=today, band=band)


def test_storing_in_the_portal_needs_a_second_consent() -> None:
    assert required_purposes(StorageMode.ON_DEVICE) == (ConsentPurpose.RECOGNITION,)
    assert set(required_purposes(StorageMode.PORTAL)) == {ConsentPurpose.RECOGNITION, ConsentPurpose.TRANSMISSION}


@given(mode=st.text(max_size=20))
def test_an_unknown_place_of_storage_needs_every_consent(mode: str) -> None:
    assert mode == StorageMode.ON_DEVICE or set(required_purposes(mode)) == set(ConsentPurpose)


@given(version=versions, oldest=versions)
def test_an_agreement_holds_from_the_oldest_valid_notice_on(version: int, oldest: int) -> None:
    status = judge(Answer(ConsentDecision.AGREE, version, is_withdrawn=False), oldest)
    assert status == (ConsentStatus.AGREED if version >= oldest else ConsentStatus.STALE)


@given(decision=st.text(max_size=12), version=versions, withdrawn=st.booleans(), oldest=st.none() | versions)
def test_only_a_plain_agreement_to_a_valid_notice_counts(
    decision: str, version: int, withdrawn: bool, oldest: int | None
) -> None:
    status = judge(Answer(decision, version, withdrawn), oldest)
    is_plain = decision == ConsentDecision.AGREE and not withdrawn and oldest is not None and version >= oldest
    assert (status == ConsentStatus.AGREED) == is_plain


def test_no_answer_and_no_notice_are_no_agreement() -> None:
    assert judge(None, 1) == ConsentStatus.UNANSWERED
    agreed = Answer(ConsentDecision.AGREE, 1, is_withdrawn=False)
    assert judge(agreed, None) == ConsentStatus.STALE


@given(left=st.integers(-400, 400))
def test_an_agreement_holds_through_the_last_day_of_its_period(left: int) -> None:
    answer = Answer(ConsentDecision.AGREE, 1, is_withdrawn=False, ends_on=TODAY + timedelta(days=left))
    assert judge(answer, 1) == (ConsentStatus.AGREED if left >= 0 else ConsentStatus.EXPIRED)


@given(
    decision=st.sampled_from(ConsentDecision),
    withdrawn=st.booleans(),
    over=st.booleans(),
    ended=st.booleans(),
    giver=st.sampled_from(GivenBy),
    band=st.sampled_from(AgeBand),
)
def test_who_has_to_agree_is_the_guardian_under_14_and_the_person_from_then_on(
    decision: str, withdrawn: bool, over: bool, ended: bool, giver: str, band: str
) -> None:
    answer = Answer(decision, 1, withdrawn, is_over=over, given_by=giver, is_guardianship_over=ended)
    status = judge(answer, 1, band)
    is_yes = decision == ConsentDecision.AGREE and not withdrawn and not over
    is_theirs = (band == AgeBand.UNDER_14) == (giver == GivenBy.GUARDIAN)
    assert (status == ConsentStatus.AGREED) == (is_yes and is_theirs and not ended)
    grew_up = giver == GivenBy.GUARDIAN and band != AgeBand.UNDER_14
    assert (status == ConsentStatus.NEEDS_PERSON) == (is_yes and grew_up)
    # What a guardian refused does not bind somebody who now decides.
    assert not grew_up or status in {ConsentStatus.NEEDS_PERSON, ConsentStatus.UNANSWERED}


@given(face_days=st.integers(1, 999), left=st.none() | st.integers(0, 5000))
def test_a_consent_lasts_a_year_at_most_and_a_guardians_not_beyond_the_14th_birthday(
    face_days: int, left: int | None
) -> None:
    until = None if left is None else TODAY + timedelta(days=left)
    end = consent_ends_on(today=TODAY, face_days=face_days, band_until=until)
    assert end == min(TODAY + timedelta(days=min(face_days, 365)), until or date.max)


days = st.dates(date(2025, 1, 1), date(2030, 1, 1))


@given(enrolled=days, face_days=st.integers(1, 365), stay=st.none() | days)
def test_a_face_goes_with_the_earliest_date(enrolled: date, face_days: int, stay: date | None) -> None:
    end = face_ends_on(enrolled_on=enrolled, face_days=face_days, stay_ends_on=stay)
    assert end is not None
    assert end <= enrolled + timedelta(days=face_days)
    assert stay is None or end <= stay
    assert end in {enrolled + timedelta(days=face_days), stay}


def test_without_a_face_and_a_stay_there_is_no_end() -> None:
    assert face_ends_on(enrolled_on=None, face_days=180, stay_ends_on=None) is None


def test_every_state_of_a_face_can_be_erased_and_only_through_erasing() -> None:
    for state in FaceState:
        reachable = FaceState.ERASING in TRANSITIONS[state] or state == FaceState.ERASING
        assert reachable, state
        assert state == FaceState.ERASING or FaceState.ERASED not in TRANSITIONS[state]


def test_no_face_is_enrolled_without_having_been_agreed_to() -> None:
    """Every way from the invitation to an enrolled face passes the consent."""
    seen, todo = set(), [FaceState.INVITED]
    while todo:
        state = todo.pop()
        if state not in seen and state != FaceState.CONSENTED:
            seen.add(state)
            todo.extend(TRANSITIONS[state])
    assert not seen & {FaceState.CAPTURED, FaceState.ENROLLED, FaceState.SUSPENDED}


@pytest.mark.parametrize("state", FaceState)
def test_every_state_knows_where_it_leads(state: FaceState) -> None:
    assert TRANSITIONS[state]
