"""Consents: given by the person alone, one purpose at a time, to the exact notice shown."""

import inspect
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tenants.clearance.services import require_person
from tenants.organizations.models import Property
from tenants.organizations.services.properties import update_property
from tenants.people.kinds import ConsentDecision, ConsentPurpose, ConsentStatus, FaceState
from tenants.people.models import Consent, Person
from tenants.people.services.consents import consent_statuses, decide, oldest_valid_version
from tenants.people.services.guardians import open_for_child
from tenants.people.services.links import Visit, open_link
from tenants.people.services.persons import move_face, record_death
from tenants.rights.services.withdrawals import answer, withdraw
from tenants.transparency.models import Notice
from tests import factories

AGREE, DECLINE = ConsentDecision.AGREE, ConsentDecision.DECLINE
FACE, SEND = ConsentPurpose.RECOGNITION, ConsentPurpose.TRANSMISSION


def say(
    visit: Visit, decision: ConsentDecision, purpose: ConsentPurpose = FACE, notice: Notice | None = None
) -> Consent:
    notice = notice or Notice.objects.filter(tenant=visit.tenant).current()
    return decide(visit=visit, purpose=purpose, decision=decision, notice=notice, language="zh-hans")


def code(refused: pytest.ExceptionInfo[ValidationError]) -> str:
    return refused.value.code


@pytest.fixture
def visit(tenant: Property) -> Visit:
    factories.make_lawful(tenant)
    return factories.make_visit(tenant)


class TestOnlyThePerson:
    """Who makes a visit at all: tests/architecture/test_consents.py."""

    def test_a_visit_takes_the_secret(self) -> None:
        assert set(inspect.signature(open_link).parameters) == {"tenant", "token"}

    def test_a_guardians_visit_takes_the_guardians_own(self) -> None:
        assert inspect.signature(open_for_child).parameters["visit"].annotation is Visit

    def test_no_service_on_consents_takes_a_member(self) -> None:
        for service in (decide, answer, withdraw):
            assert not {"actor", "user", "person"} & set(inspect.signature(service).parameters)


def test_two_purposes_are_two_answers(visit: Visit) -> None:
    say(visit, AGREE, FACE)
    assert consent_statuses(visit.person) == {FACE: ConsentStatus.AGREED, SEND: ConsentStatus.UNANSWERED}
    with pytest.raises(ValidationError):
        require_person(visit.person)
    say(visit, AGREE, SEND)
    require_person(Person.objects.get(pk=visit.person.pk))
    assert Person.objects.get(pk=visit.person.pk).face_state == FaceState.CONSENTED


def test_a_consent_names_the_exact_notice_shown(visit: Visit) -> None:
    consent = say(visit, AGREE)
    assert consent.notice_hash == consent.notice.content_hash != ""
    assert (consent.language, consent.tenant) == ("zh-hans", visit.tenant)


def test_an_answer_to_an_older_notice_is_refused(visit: Visit) -> None:
    old = Notice.objects.get()
    factories.make_notice(visit.tenant)
    with pytest.raises(ValidationError) as refused:
        say(visit, AGREE, notice=old)
    assert code(refused) == "notice_changed"


def test_an_answer_to_the_notice_of_another_property_is_refused(visit: Visit) -> None:
    other = factories.make_property()
    foreign = factories.make_notice(other)
    from tenants.organizations.scoping import enter_tenant

    enter_tenant(visit.tenant.pk)
    with pytest.raises(ValidationError) as refused:
        say(visit, AGREE, notice=foreign)
    assert code(refused) == "notice_changed"


def test_what_is_not_asked_cannot_be_answered(db: None) -> None:
    tenant = factories.make_property(storage_mode="on_device")
    factories.make_notice(tenant)
    with pytest.raises(ValidationError) as refused:
        say(factories.make_visit(tenant), AGREE, SEND)
    assert code(refused) == "not_asked"


@pytest.mark.parametrize("wrong", [{"purpose": "training"}, {"decision": "maybe"}])
def test_an_unknown_purpose_or_answer_is_refused(visit: Visit, wrong: dict[str, str]) -> None:
    words = {"purpose": FACE, "decision": AGREE} | wrong
    with pytest.raises(ValueError, match=next(iter(wrong.values()))):
        decide(visit=visit, notice=Notice.objects.get(), language="en", **words)


def test_a_no_leaves_the_door_open_for_a_later_yes_and_blocks_until_then(visit: Visit) -> None:
    say(visit, DECLINE)
    assert consent_statuses(visit.person)[FACE] == ConsentStatus.DECLINED
    with pytest.raises(ValidationError):
        require_person(visit.person)
    say(visit, AGREE)
    assert consent_statuses(visit.person)[FACE] == ConsentStatus.AGREED


def test_a_yes_is_ended_by_stopping_and_not_by_a_second_answer(visit: Visit) -> None:
    say(visit, AGREE)
    with pytest.raises(ValidationError) as refused:
        say(visit, DECLINE)
    assert code(refused) == "use_withdrawal"


def test_a_material_change_makes_every_consent_stale_and_another_does_not(visit: Visit) -> None:
    factories.agree(visit)
    factories.make_notice(visit.tenant, rights_zh="改了措辞")
    require_person(Person.objects.get(pk=visit.person.pk))
    factories.make_notice(visit.tenant, retention_zh="三十天")
    factories.make_notice(visit.tenant, retention_zh="三十天", rights_zh="又改了措辞")
    assert set(consent_statuses(visit.person).values()) == {ConsentStatus.STALE}
    with pytest.raises(ValidationError) as refused:
        require_person(Person.objects.get(pk=visit.person.pk))
    assert {error.code for error in refused.value.error_list} == {
        "consent_recognition_stale",
        "consent_transmission_stale",
    }
    factories.agree(visit)
    require_person(Person.objects.get(pk=visit.person.pk))


def test_consents_hold_from_the_last_version_that_asked_everybody(visit: Visit) -> None:
    assert oldest_valid_version(visit.tenant) == 1
    factories.make_notice(visit.tenant, rights_zh="a")
    assert oldest_valid_version(visit.tenant) == 1
    factories.make_notice(visit.tenant, retention_zh="三十天")
    factories.make_notice(visit.tenant, retention_zh="三十天", rights_zh="b")
    assert oldest_valid_version(visit.tenant) == 3


def test_without_a_notice_no_consent_holds(tenant: Property) -> None:
    assert oldest_valid_version(tenant) is None
    assert set(consent_statuses(factories.make_person(tenant)).values()) == {ConsentStatus.UNANSWERED}


def test_another_place_of_storage_asks_for_the_second_consent(db: None) -> None:
    tenant = factories.make_property(storage_mode="on_device")
    person, _visit = factories.make_consented_person(tenant)
    require_person(person)
    update_property(tenant=tenant, storage_mode="portal")
    with pytest.raises(ValidationError):
        require_person(Person.objects.get(pk=person.pk))


def test_withdrawing_ends_every_consent_and_a_new_yes_begins_anew(visit: Visit) -> None:
    factories.agree(visit)
    withdraw(visit=visit)
    assert set(consent_statuses(visit.person).values()) == {ConsentStatus.WITHDRAWN}
    assert Consent.objects.filter(withdrawn_at__isnull=True).count() == 0
    with pytest.raises(ValidationError) as refused:
        withdraw(visit=visit)
    assert code(refused) == "nothing_given"


def test_a_no_to_a_changed_notice_ends_the_face(visit: Visit) -> None:
    factories.agree(visit)
    for state in (FaceState.CAPTURED, FaceState.ENROLLED):
        move_face(person=visit.person, target=state)
    factories.make_notice(visit.tenant, purpose_method_zh="另一种用途")
    notice = Notice.objects.filter(tenant=visit.tenant).current()
    answer(visit=visit, purpose=FACE, decision=DECLINE, notice=notice, language="zh-hans")
    assert Person.objects.get(pk=visit.person.pk).face_state == FaceState.ERASING


def test_a_consent_cannot_be_deleted(visit: Visit) -> None:
    consent = say(visit, AGREE)
    with pytest.raises(ValidationError) as refused:
        consent.delete()
    assert code(refused) == "evidence"


def test_the_same_answer_again_is_the_answer_that_stands(visit: Visit) -> None:
    """A link opened twice, a button pressed twice."""
    for decision in (DECLINE, AGREE):
        first = say(visit, decision)
        assert say(visit, decision) == first
    assert Consent.objects.count() == 2


def test_a_yes_has_a_period_and_a_no_has_none(visit: Visit) -> None:
    assert say(visit, DECLINE).ends_on is None
    assert say(visit, AGREE).ends_on == timezone.localdate() + timedelta(days=visit.tenant.face_days)


def test_a_yes_ends_with_its_period_and_is_asked_anew(visit: Visit) -> None:
    consent = say(visit, AGREE)
    today = timezone.localdate()
    factories.rewrite(Consent.objects.all(), ends_on=today)
    assert consent_statuses(visit.person)[FACE] == ConsentStatus.AGREED
    factories.rewrite(Consent.objects.all(), ends_on=today - timedelta(days=1))
    assert consent_statuses(visit.person)[FACE] == ConsentStatus.EXPIRED
    with pytest.raises(ValidationError):
        require_person(Person.objects.get(pk=visit.person.pk))
    assert say(visit, AGREE) != consent
    assert consent_statuses(visit.person)[FACE] == ConsentStatus.AGREED


def test_nobody_answers_for_the_dead(visit: Visit) -> None:
    record_death(tenant=visit.tenant, person=visit.person, died_on=timezone.localdate())
    with pytest.raises(ValidationError) as refused:
        say(visit, AGREE)
    assert code(refused) == "over"


def test_the_last_word_stays_the_last_when_the_clock_is_set_back(visit: Visit) -> None:
    ahead = timezone.now() + timedelta(hours=2)
    say(visit, AGREE)
    say(visit, AGREE, SEND)
    factories.rewrite(Consent.objects.all(), decided_at=ahead)
    withdraw(visit=visit)
    assert say(visit, DECLINE).decided_at > ahead
    assert consent_statuses(visit.person)[FACE] == ConsentStatus.DECLINED
    assert say(visit, AGREE).decided_at > ahead
    assert consent_statuses(Person.objects.get(pk=visit.person.pk))[FACE] == ConsentStatus.AGREED
