"""Who took a yes back: the person's own no binds at any age, a guardian's ends with the 14th birthday."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.web.reads.people import people_rows, with_consent
from tenants.clearance.checks import blockers
from tenants.clearance.services import check_person
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.people.kinds import (
    AgeBand,
    ConsentDecision,
    ConsentPurpose,
    ConsentStatus,
    FaceState,
    GivenBy,
    WithdrawnBy,
)
from tenants.people.models import Consent, Guardian, Person
from tenants.people.rules.consents import OWN_WITHDRAWALS, Answer, consent_status
from tenants.people.services.consents import consent_statuses
from tenants.people.services.persons import move_face
from tenants.rights.kinds import ErasureReason
from tenants.rights.services.erasures import order_erasure
from tenants.rights.services.withdrawals import answer_on_paper, withdraw
from tenants.transparency.models import Notice
from tests import factories

FACE = ConsentPurpose.RECOGNITION
ONE_DAY = timedelta(days=1)


@pytest.fixture
def guardian(tenant: Property) -> Guardian:
    """Who has said yes for a child to everything that is asked."""
    guardian = factories.make_guardian(factories.allow_children(tenant))
    factories.agree(factories.make_guardian_visit(guardian))
    return guardian


def turns_14(child: Person) -> Person:
    """Yesterday was the 14th birthday."""
    Person.objects.filter(pk=child.pk).update(age_band_until=timezone.localdate() - ONE_DAY)
    return Person.objects.select_related("tenant").get(pk=child.pk)


def said_everywhere(person: Person, owner: User) -> tuple[str, str, bool]:
    """The rule for one person, the list for a page, and the gate."""
    row = with_consent(people_rows(person.tenant, owner), person.tenant).get(pk=person.pk)
    codes = {check.code for check in blockers(check_person(person))}
    status = consent_statuses(Person.objects.get(pk=person.pk))[FACE]
    return status, row.consent, f"consent_recognition_{status}" in codes


def test_a_14_year_olds_own_stop_is_not_forgotten(guardian: Guardian, owner: User) -> None:
    person = turns_14(guardian.child)
    withdraw(visit=factories.make_visit(person.tenant, person))
    assert said_everywhere(person, owner) == (ConsentStatus.WITHDRAWN, ConsentStatus.WITHDRAWN, True)
    with pytest.raises(ValidationError) as refused:
        factories.invite(person.tenant, person)
    assert refused.value.code == "refused_before"


def test_nor_is_it_after_the_erasure_that_followed(guardian: Guardian, owner: User) -> None:
    person = turns_14(guardian.child)
    withdraw(visit=factories.make_visit(person.tenant, person))
    move_face(person=person, target=FaceState.ERASED)
    assert said_everywhere(person, owner) == (ConsentStatus.WITHDRAWN, ConsentStatus.WITHDRAWN, True)


def test_a_childs_own_stop_still_binds_when_the_child_is_14(guardian: Guardian, owner: User) -> None:
    withdraw(visit=factories.make_visit(guardian.tenant, guardian.child))
    assert said_everywhere(turns_14(guardian.child), owner)[0] == ConsentStatus.WITHDRAWN


def test_a_guardians_stop_binds_until_then_and_no_longer(guardian: Guardian, owner: User) -> None:
    withdraw(visit=factories.make_guardian_visit(guardian))
    assert said_everywhere(guardian.child, owner) == (ConsentStatus.WITHDRAWN, ConsentStatus.WITHDRAWN, True)
    person = turns_14(guardian.child)
    assert said_everywhere(person, owner) == (ConsentStatus.UNANSWERED, ConsentStatus.UNANSWERED, True)
    assert factories.invite(person.tenant, person)


@pytest.mark.parametrize(
    ("is_guardians", "by"), [(False, WithdrawnBy.PERSON_SHEET), (True, WithdrawnBy.GUARDIAN_SHEET)]
)
def test_a_signed_no_says_who_signed_it(guardian: Guardian, is_guardians: bool, by: WithdrawnBy) -> None:
    child = guardian.child if is_guardians else turns_14(guardian.child)
    answer_on_paper(
        tenant=child.tenant,
        person=child,
        guardian=guardian if is_guardians else None,
        purpose=FACE,
        decision=ConsentDecision.DECLINE,
        notice=Notice.objects.filter(tenant=child.tenant).current(),
        assisted_by=factories.make_member(child.tenant, Role.FRONT_DESK),
        was_read_aloud=True,
        scan=factories.make_scan(),
        signed_on=timezone.localdate(),
    )
    assert {row.withdrawn_by for row in Consent.objects.filter(decision=ConsentDecision.AGREE)} == {by}


@given(
    giver=st.sampled_from(GivenBy),
    by=st.sampled_from(WithdrawnBy),
    band=st.sampled_from(AgeBand),
    over=st.booleans(),
    ended=st.booleans(),
    oldest=st.none() | st.integers(1, 3),
)
def test_what_the_person_took_back_is_taken_back_whatever_else_is_so(
    giver: str, by: str, band: str, over: bool, ended: bool, oldest: int | None
) -> None:
    answer = Answer(
        ConsentDecision.AGREE,
        2,
        is_withdrawn=True,
        is_over=over,
        given_by=giver,
        is_guardianship_over=ended,
        withdrawn_by=by,
    )
    status = consent_status(answer, oldest_valid_version=oldest, today=timezone.localdate(), band=band)
    was_the_guardians = giver == GivenBy.GUARDIAN and band != AgeBand.UNDER_14 and by not in OWN_WITHDRAWALS
    assert status == (ConsentStatus.UNANSWERED if was_the_guardians else ConsentStatus.WITHDRAWN)


@pytest.mark.parametrize("wrong", [{"withdrawn_by": ""}, {"withdrawn_by": "nobody"}, {"withdrawn_at": None}])
def test_the_database_wants_to_know_who_and_only_then(guardian: Guardian, wrong: dict[str, object]) -> None:
    withdraw(visit=factories.make_guardian_visit(guardian))
    with pytest.raises(IntegrityError, match="a_withdrawal_names_who_withdrew"), transaction.atomic():
        factories.rewrite(Consent.objects.all(), **wrong)


@pytest.mark.parametrize("change", [{"decision": "agree", "ends_on": "2099-01-01"}, {"ends_on": "2099-01-01"}])
def test_no_running_process_turns_a_no_into_a_yes(tenant: Property, change: dict[str, str]) -> None:
    factories.make_notice(tenant)
    factories.agree(factories.make_visit(tenant), ConsentDecision.DECLINE)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Consent.objects.update(**change)


def test_no_answer_outlives_the_face_though_the_clock_was_set_back(tenant: Property) -> None:
    factories.make_notice(tenant)
    visit = factories.make_visit(tenant)
    factories.agree(visit)
    ahead = timezone.now() + timedelta(hours=2)
    factories.rewrite(Consent.objects.all(), decided_at=ahead)
    order_erasure(tenant=tenant, person=visit.person, reason=ErasureReason.STAY_ENDED)
    person = Person.objects.get(pk=visit.person.pk)
    assert person.face_ended_at >= ahead
    assert set(consent_statuses(person).values()) == {ConsentStatus.UNANSWERED}
