"""Nobody is asked after a no, and nobody twice in 48 hours, unless they start it themselves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.organizations.services.properties import update_property
from tenants.people.kinds import ConsentDecision, ConsentPurpose, PromptChannel
from tenants.people.models import Person, PersonalLink, PromptRecord
from tenants.people.services import prompts
from tenants.people.services.links import issue_link, open_link
from tenants.people.services.persons import record_death
from tenants.rights.services.withdrawals import withdraw
from tests import factories

FACE = ConsentPurpose.RECOGNITION


@pytest.fixture
def person(tenant: Property) -> Person:
    factories.make_notice(tenant)
    return factories.make_person(tenant)


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(ValidationError) as refused:
        call()
    return refused.value.code


def test_an_invitation_is_written_down_and_opens_the_page(person: Person) -> None:
    token = prompts.invite(tenant=person.tenant, person=person, channel=PromptChannel.SMS)
    assert open_link(tenant=person.tenant, token=token).person == person
    row = PromptRecord.objects.get()
    assert (row.person, row.purpose, row.channel) == (person, FACE, PromptChannel.SMS)


@pytest.mark.parametrize("ending", ["decline", "withdraw"])
def test_after_a_no_nobody_asks_and_the_person_may_still_come(person: Person, ending: str) -> None:
    visit = factories.make_visit(person.tenant, person)
    factories.agree(visit, ConsentDecision.DECLINE if ending == "decline" else ConsentDecision.AGREE)
    if ending == "withdraw":
        withdraw(visit=visit)
    assert refusal(lambda: prompts.invite(tenant=person.tenant, person=person)) == "refused_before"
    assert refusal(lambda: prompts.record(person=person, purpose=FACE, channel="email")) == "refused_before"
    assert not PromptRecord.objects.exists()
    token = issue_link(tenant=person.tenant, person=person)
    factories.agree(open_link(tenant=person.tenant, token=token))


@pytest.mark.parametrize(("hours", "may_ask"), [(0, False), (47.9, False), (48.1, True)])
def test_a_second_prompt_waits_48_hours(person: Person, hours: float, may_ask: bool) -> None:
    prompts.record(person=person, purpose=FACE, channel=PromptChannel.DESK)
    now = timezone.now() + timedelta(hours=hours)
    assert prompts.prompted_recently(person=person, purpose=FACE, now=now) is not may_ask


def test_an_invitation_within_48_hours_is_refused_and_the_old_link_lives_on(person: Person) -> None:
    token = prompts.invite(tenant=person.tenant, person=person)
    assert refusal(lambda: prompts.invite(tenant=person.tenant, person=person)) == "asked_recently"
    assert open_link(tenant=person.tenant, token=token)


def test_the_pause_is_for_each_purpose(person: Person) -> None:
    prompts.record(person=person, purpose=FACE, channel=PromptChannel.DESK)
    prompts.record(person=person, purpose=ConsentPurpose.TRANSMISSION, channel=PromptChannel.DESK)
    assert PromptRecord.objects.count() == 2


def test_no_child_is_prompted_even_where_children_are_allowed(tenant: Property) -> None:
    child = factories.make_child(tenant)
    assert refusal(lambda: prompts.invite(tenant=tenant, person=child)) == "under_14"
    update_property(tenant=tenant, allows_under_14=True)
    child.refresh_from_db()
    assert refusal(lambda: prompts.invite(tenant=tenant, person=child)) == "needs_guardian"
    assert not PersonalLink.objects.exists()


def test_the_dead_are_not_prompted(person: Person) -> None:
    record_death(tenant=person.tenant, person=person, died_on=timezone.localdate())
    assert refusal(lambda: prompts.invite(tenant=person.tenant, person=person)) in {"over", "died"}
