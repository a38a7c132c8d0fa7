"""A child's consent: a grown-up guardian's own, off by default, over on the day after the 14th birthday."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.people.kinds import AgeBand, ConsentDecision, ConsentPurpose, ConsentStatus, GivenBy
from tenants.people.models import Consent, Guardian, Person
from tenants.people.services.consents import consent_statuses, decide
from tenants.people.services.guardians import add_guardian, children_of, end_guardian, open_for_child
from tenants.people.services.links import Visit
from tenants.people.services.persons import record_death, update_person
from tenants.rights.services.withdrawals import withdraw
from tenants.transparency.models import Notice
from tests import factories

FACE = ConsentPurpose.RECOGNITION


def say(visit: Visit, decision: ConsentDecision = ConsentDecision.AGREE) -> Consent:
    notice = Notice.objects.filter(tenant=visit.tenant).current()
    return decide(visit=visit, purpose=FACE, decision=decision, notice=notice, language="zh-hans")


def status(child: Person) -> ConsentStatus:
    return consent_statuses(Person.objects.get(pk=child.pk))[FACE]


def code_of(refused: pytest.ExceptionInfo[ValidationError]) -> str:
    error = refused.value
    return next(iter(error.error_dict.values()))[0].code if hasattr(error, "error_dict") else error.code


@pytest.fixture
def allowed(tenant: Property) -> Property:
    """A property that allows children's faces and has told how."""
    return factories.allow_children(tenant)


@pytest.fixture
def guardian(allowed: Property) -> Guardian:
    return factories.make_guardian(allowed)


def test_children_are_off_by_default_and_nobody_answers_for_them(tenant: Property) -> None:
    factories.make_notice(tenant)
    guardian = factories.make_guardian(tenant)
    for visit in (factories.make_visit(tenant, guardian.child), factories.make_guardian_visit(guardian)):
        with pytest.raises(ValidationError) as refused:
            say(visit)
        assert code_of(refused) == "under_14"


def test_a_child_cannot_answer_and_the_guardian_can(guardian: Guardian) -> None:
    with pytest.raises(ValidationError) as refused:
        say(factories.make_visit(guardian.tenant, guardian.child))
    assert code_of(refused) == "needs_guardian"
    consent = say(factories.make_guardian_visit(guardian))
    assert (consent.person, consent.guardian, consent.given_by) == (guardian.child, guardian, GivenBy.GUARDIAN)
    assert status(guardian.child) == ConsentStatus.AGREED


def test_the_guardians_yes_for_the_child_is_none_for_themselves(guardian: Guardian) -> None:
    say(factories.make_guardian_visit(guardian))
    assert status(guardian.guardian) == ConsentStatus.UNANSWERED
    say(factories.make_visit(guardian.tenant, guardian.guardian), ConsentDecision.DECLINE)
    assert status(guardian.child) == ConsentStatus.AGREED


@pytest.mark.parametrize("band", [AgeBand.UNDER_14, AgeBand.TEEN])
def test_a_guardian_who_is_a_minor_is_refused(tenant: Property, band: AgeBand) -> None:
    with pytest.raises(ValidationError) as refused:
        factories.make_guardian(tenant, guardian=factories.make_person(tenant, "姐姐", age_band=band))
    assert code_of(refused) == "guardian_is_a_minor"


def test_a_guardian_of_today_is_18_since_yesterday_at_the_latest(tenant: Property) -> None:
    sister = factories.make_person(tenant, "姐姐", age_band=AgeBand.TEEN)
    sister.age_band_until = timezone.localdate()
    sister.save()
    with pytest.raises(ValidationError):
        factories.make_guardian(tenant, guardian=sister)
    sister.age_band_until -= timedelta(days=1)
    sister.save()
    assert factories.make_guardian(tenant, guardian=sister)


def test_a_guardian_cannot_be_made_a_minor_afterwards(guardian: Guardian) -> None:
    with pytest.raises(ValidationError) as refused:
        update_person(
            tenant=guardian.tenant,
            person=guardian.guardian,
            name="王妈妈",
            kind="owner",
            age_band=AgeBand.TEEN,
            birth_date=timezone.localdate() - timedelta(days=365 * 16),
        )
    assert "age_band" in refused.value.error_dict


def test_nobody_is_their_own_guardian_and_a_grown_up_needs_none(tenant: Property) -> None:
    child, adult = factories.make_child(tenant), factories.make_person(tenant)
    for one, other in ((child, child), (adult, adult), (adult, factories.make_person(tenant))):
        with pytest.raises(ValidationError):
            factories.make_guardian(tenant, child=one, guardian=other)


def test_the_same_guardian_is_recorded_once_and_another_one_may_come(guardian: Guardian) -> None:
    with pytest.raises(ValidationError):
        factories.make_guardian(guardian.tenant, guardian.child, guardian.guardian)
    factories.make_guardian(guardian.tenant, guardian.child, factories.make_person(guardian.tenant, "李爸爸"))
    assert Guardian.objects.count() == 2


def test_a_guardian_of_another_property_is_refused(guardian: Guardian) -> None:
    other = factories.make_property()
    stranger = factories.make_person(other)
    with pytest.raises(ValidationError) as refused:
        add_guardian(
            tenant=other,
            child=guardian.child,
            guardian=stranger,
            relationship="parent",
            evidence="birth_certificate",
            recorded_by=guardian.recorded_by,
        )
    assert code_of(refused) == "different_tenants"


def test_on_the_14th_birthday_the_yes_holds_and_from_the_next_day_the_person_is_asked(guardian: Guardian) -> None:
    child, today = guardian.child, timezone.localdate()
    visit = factories.make_guardian_visit(guardian)
    say(visit)
    child.age_band_until = today
    child.save()
    assert status(child) == ConsentStatus.AGREED
    child.age_band_until = today - timedelta(days=1)
    child.save()
    assert status(child) == ConsentStatus.NEEDS_PERSON
    with pytest.raises(ValidationError) as refused:
        say(visit)
    assert code_of(refused) == "needs_person"
    with pytest.raises(Guardian.DoesNotExist):
        open_for_child(factories.make_visit(guardian.tenant, guardian.guardian), child.pk)
    say(factories.make_visit(guardian.tenant, child))
    assert status(child) == ConsentStatus.AGREED


def test_a_guardians_yes_ends_with_the_14th_birthday_at_the_latest(guardian: Guardian) -> None:
    child = guardian.child
    child.age_band_until = timezone.localdate() + timedelta(days=3)
    child.save()
    assert say(factories.make_guardian_visit(guardian)).ends_on == child.age_band_until


def test_a_guardians_no_does_not_bind_who_is_14_now(guardian: Guardian) -> None:
    say(factories.make_guardian_visit(guardian), ConsentDecision.DECLINE)
    assert status(guardian.child) == ConsentStatus.DECLINED
    guardian.child.age_band = AgeBand.TEEN
    guardian.child.save()
    assert status(guardian.child) == ConsentStatus.UNANSWERED


def test_a_guardian_takes_back_in_one_step(guardian: Guardian) -> None:
    visit = factories.make_guardian_visit(guardian)
    say(visit)
    withdraw(visit=visit)
    assert status(guardian.child) == ConsentStatus.WITHDRAWN


def test_when_the_guardianship_ends_the_yes_holds_no_longer(guardian: Guardian) -> None:
    visit = factories.make_guardian_visit(guardian)
    say(visit)
    end_guardian(tenant=guardian.tenant, guardian=guardian)
    assert end_guardian(tenant=guardian.tenant, guardian=guardian).ended_at
    assert status(guardian.child) == ConsentStatus.UNANSWERED
    with pytest.raises(ValidationError) as refused:
        say(visit)
    assert code_of(refused) == "not_the_guardian"


def test_a_guardians_death_ends_the_guardianship(guardian: Guardian) -> None:
    say(factories.make_guardian_visit(guardian))
    record_death(tenant=guardian.tenant, person=guardian.guardian, died_on=timezone.localdate())
    assert status(guardian.child) == ConsentStatus.UNANSWERED


def test_a_childs_page_opens_for_its_guardian_only_and_never_through_another_child(guardian: Guardian) -> None:
    own = factories.make_visit(guardian.tenant, guardian.guardian)
    assert [row.child for row in children_of(own)] == [guardian.child]
    visit = open_for_child(own, guardian.child_id)
    stranger = factories.make_visit(guardian.tenant)
    for wrong in (stranger, visit, factories.make_visit(guardian.tenant, guardian.child)):
        with pytest.raises(Guardian.DoesNotExist):
            open_for_child(wrong, guardian.child_id)
    with pytest.raises(Guardian.DoesNotExist):
        open_for_child(own, factories.make_child(guardian.tenant).pk)


def test_a_yes_of_an_adult_who_turns_out_to_be_a_child_does_not_count(allowed: Property) -> None:
    person, _visit = factories.make_consented_person(allowed)
    person.age_band = AgeBand.UNDER_14
    person.save()
    assert status(person) == ConsentStatus.UNANSWERED


def test_a_child_has_a_link_of_its_own_for_its_pass(allowed: Property) -> None:
    assert factories.make_link(allowed, factories.make_child(allowed))
