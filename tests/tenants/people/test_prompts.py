"""Nobody is asked after a no, and nobody twice in 48 hours, unless they start it themselves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.organizations.services.properties import update_property
from tenants.people.kinds import ConsentDecision, ConsentPurpose, LinkReason, PromptChannel
from tenants.people.models import Guardian, Person, PersonalLink, PromptRecord
from tenants.people.services import prompts
from tenants.people.services.consents import decide
from tenants.people.services.guardians import end_guardian
from tenants.people.services.links import Visit, open_link
from tenants.people.services.persons import record_death
from tenants.rights.services.withdrawals import withdraw
from tenants.transparency.models import Notice
from tests import factories

FACE, SEND = ConsentPurpose.RECOGNITION, ConsentPurpose.TRANSMISSION


@pytest.fixture
def person(tenant: Property) -> Person:
    factories.make_notice(tenant)
    return factories.make_person(tenant)


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(ValidationError) as refused:
        call()
    return refused.value.code


def say(visit: Visit, purpose: ConsentPurpose, decision: ConsentDecision) -> None:
    notice = Notice.objects.filter(tenant=visit.tenant).current()
    decide(visit=visit, purpose=purpose, decision=decision, notice=notice, language="zh-hans")


def test_an_invitation_is_written_down_and_opens_the_page(person: Person) -> None:
    token = factories.invite(person.tenant, person, channel=PromptChannel.SMS)
    assert open_link(tenant=person.tenant, token=token).person == person
    rows = PromptRecord.objects.all()
    assert {(row.person, row.child, row.channel) for row in rows} == {(person, None, PromptChannel.SMS)}
    link = PersonalLink.objects.latest("created_at")
    assert (link.reason, link.made_by.memberships.get().tenant) == (LinkReason.INVITATION, person.tenant)


@pytest.mark.parametrize("ending", ["decline", "withdraw"])
def test_after_a_no_nobody_asks_and_the_person_may_still_come(person: Person, ending: str) -> None:
    visit = factories.make_visit(person.tenant, person)
    factories.agree(visit, ConsentDecision.DECLINE if ending == "decline" else ConsentDecision.AGREE)
    if ending == "withdraw":
        withdraw(visit=visit)
    assert refusal(lambda: factories.invite(person.tenant, person)) == "refused_before"
    assert refusal(lambda: prompts.record(person=person, channel="email")) == "refused_before"
    assert not PromptRecord.objects.exists()
    token = factories.make_link(person.tenant, person)
    factories.agree(open_link(tenant=person.tenant, token=token))


@pytest.mark.parametrize(("hours", "may_ask"), [(0, False), (47.9, False), (48.1, True)])
def test_a_second_prompt_waits_48_hours(person: Person, hours: float, may_ask: bool) -> None:
    prompts.record(person=person, channel=PromptChannel.DESK)
    now = timezone.now() + timedelta(hours=hours)
    assert prompts.prompted_recently(person=person, purpose=FACE, now=now) is not may_ask


def test_an_invitation_within_48_hours_is_refused_and_the_old_link_lives_on(person: Person) -> None:
    token = factories.invite(person.tenant, person)
    assert refusal(lambda: factories.invite(person.tenant, person)) == "asked_recently"
    assert open_link(tenant=person.tenant, token=token)


def test_every_question_nobody_agreed_to_is_asked_and_written_down(person: Person) -> None:
    prompts.record(person=person, channel=PromptChannel.DESK)
    assert {row.purpose for row in PromptRecord.objects.all()} == set(ConsentPurpose)


def test_no_child_is_prompted_even_where_children_are_allowed(tenant: Property) -> None:
    child = factories.make_child(tenant)
    assert refusal(lambda: factories.invite(tenant, child)) == "under_14"
    update_property(tenant=tenant, allows_under_14=True)
    child.refresh_from_db()
    assert refusal(lambda: factories.invite(tenant, child)) == "needs_guardian"
    assert not PersonalLink.objects.exists()


def test_the_dead_are_not_prompted(person: Person) -> None:
    record_death(tenant=person.tenant, person=person, died_on=timezone.localdate())
    assert refusal(lambda: factories.invite(person.tenant, person)) in {"over", "died"}


class TestEveryOpenQuestion:
    """A link asks all that nobody has agreed to: one no among it, and nobody asks."""

    def test_a_no_to_the_second_question_is_a_no_as_well(self, person: Person) -> None:
        visit = factories.make_visit(person.tenant, person)
        say(visit, FACE, ConsentDecision.AGREE)
        say(visit, SEND, ConsentDecision.DECLINE)
        assert refusal(lambda: factories.invite(person.tenant, person)) == "refused_before"
        assert not PromptRecord.objects.exists()

    def test_only_what_is_open_is_written_down(self, person: Person) -> None:
        say(factories.make_visit(person.tenant, person), FACE, ConsentDecision.AGREE)
        factories.invite(person.tenant, person)
        assert [row.purpose for row in PromptRecord.objects.all()] == [SEND]

    def test_nothing_open_is_nothing_to_ask(self, person: Person) -> None:
        factories.agree(factories.make_visit(person.tenant, person))
        assert refusal(lambda: factories.invite(person.tenant, person)) == "nothing_to_ask"

    def test_without_a_notice_nobody_is_asked_and_the_48_hours_do_not_begin(self, tenant: Property) -> None:
        person = factories.make_person(tenant)
        assert refusal(lambda: factories.invite(tenant, person)) == "no_notice"
        factories.make_notice(tenant)
        assert factories.invite(tenant, person)


class TestAGuardianIsAskedForAChild:
    @pytest.fixture
    def guardian(self, tenant: Property) -> Guardian:
        return factories.make_guardian(factories.allow_children(tenant))

    def ask(self, guardian: Guardian, **about: object) -> str:
        return factories.invite(guardian.tenant, guardian.guardian, **about)

    def test_though_they_said_no_for_themselves(self, guardian: Guardian) -> None:
        factories.agree(factories.make_visit(guardian.tenant, guardian.guardian), ConsentDecision.DECLINE)
        assert refusal(lambda: self.ask(guardian)) == "refused_before"
        token = self.ask(guardian, child=guardian.child)
        assert open_link(tenant=guardian.tenant, token=token).person == guardian.guardian
        rows = PromptRecord.objects.all()
        assert {(row.person, row.child) for row in rows} == {(guardian.guardian, guardian.child)}

    def test_but_not_after_their_no_for_the_child(self, guardian: Guardian) -> None:
        factories.agree(factories.make_guardian_visit(guardian), ConsentDecision.DECLINE)
        assert refusal(lambda: self.ask(guardian, child=guardian.child)) == "refused_before"
        assert self.ask(guardian)

    def test_the_48_hours_are_for_each_of_the_two(self, guardian: Guardian) -> None:
        for about in ({}, {"child": guardian.child}):
            self.ask(guardian, **about)
            assert refusal(lambda about=about: self.ask(guardian, **about)) == "asked_recently"

    def test_only_by_whoever_answers_for_this_child(self, guardian: Guardian) -> None:
        stranger = factories.make_person(guardian.tenant)
        assert refusal(lambda: factories.invite(guardian.tenant, stranger, child=guardian.child)) == "not_the_guardian"
        end_guardian(tenant=guardian.tenant, guardian=guardian)
        assert refusal(lambda: self.ask(guardian, child=guardian.child)) == "not_the_guardian"

    def test_not_before_the_childs_birthday_is_known(self, guardian: Guardian) -> None:
        """As of children who were entered by band only: their guardian's yes would never end."""
        Person.objects.filter(pk=guardian.child_id).update(age_band_until=None)
        assert refusal(lambda: self.ask(guardian, child=guardian.child)) == "no_birth_date"
        visit = factories.make_guardian_visit(guardian)
        assert refusal(lambda: say(visit, FACE, ConsentDecision.AGREE)) == "no_birth_date"
