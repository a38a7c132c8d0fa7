"""A guardian answers for a child while the desk ends the guardianship: neither waits for the other for ever."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import ConsentDecision, ConsentPurpose, ConsentStatus
from tenants.people.models import Guardian, Person
from tenants.people.services.consents import consent_statuses, decide
from tenants.people.services.guardians import add_guardian, end_guardian
from tenants.people.services.links import GuardianVisit
from tenants.people.services.persons import record_death
from tenants.rights.people_stores import GuardianStore
from tenants.transparency.models import Notice
from tests import factories
from tests.threads import Job, interleave

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visit() -> GuardianVisit:
    with transaction.atomic():
        tenant = factories.allow_children(factories.make_property())
        return factories.make_guardian_visit(factories.make_guardian(tenant))


def job(visit: GuardianVisit, work: Callable[[], object], pause_before: str = "") -> Job:
    def run() -> object:
        with tenant_context(visit.tenant.pk):
            outcome = work()
            transaction.get_connection().run_on_commit.clear()  # no worker is there to be told
            return outcome

    return Job(run, pause_before=pause_before)


def agree(visit: GuardianVisit) -> object:
    notice = Notice.objects.filter(tenant=visit.tenant).current()
    purpose, decision = ConsentPurpose.RECOGNITION, ConsentDecision.AGREE
    return decide(visit=visit, purpose=purpose, decision=decision, notice=notice, language="zh-hans")


ENDS: dict[str, Callable[[GuardianVisit], object]] = {
    "the desk ends it": lambda visit: end_guardian(tenant=visit.tenant, guardian=visit.guardian),
    "the guardian died": lambda visit: record_death(
        tenant=visit.tenant, person=Person.objects.get(pk=visit.guardian.guardian_id), died_on=timezone.localdate()
    ),
    "the guardian's record is erased": lambda visit: GuardianStore().erase(
        Person.objects.get(pk=visit.guardian.guardian_id)
    ),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_an_answer_for_a_child_and_the_end_of_the_guardianship_take_turns(
    visit: GuardianVisit, end: Callable[[GuardianVisit], object]
) -> None:
    # The answer holds the child and comes to the guardianship; whoever ends it must not hold that already.
    outcomes = interleave(
        job(visit, lambda: agree(visit), pause_before='FROM "people_guardian"'), job(visit, lambda: end(visit))
    )
    assert not any(isinstance(outcome, Exception) for outcome in outcomes), outcomes
    with tenant_context(visit.tenant.pk):
        child = Person.objects.get(pk=visit.person.pk)
        assert Guardian.objects.get().ended_at
        assert consent_statuses(child)[ConsentPurpose.RECOGNITION] == ConsentStatus.UNANSWERED


def test_a_second_guardian_is_recorded_while_the_first_dies(visit: GuardianVisit) -> None:
    with tenant_context(visit.tenant.pk):
        people = [visit.person, Person.objects.get(pk=visit.guardian.guardian_id)]
        father, actor = factories.make_person(visit.tenant, "李爸爸"), factories.somebody_of(visit.tenant)
        people.append(father)

    def add() -> object:
        return add_guardian(
            tenant=visit.tenant,
            child=visit.person,
            guardian=father,
            relationship="parent",
            evidence="birth_certificate",
            recorded_by=actor,
        )

    outcomes = interleave(
        job(visit, add, pause_before='INSERT INTO "people_guardian"'),
        job(visit, lambda: ENDS["the guardian died"](visit)),
    )
    assert not any(isinstance(outcome, (Exception, ValidationError)) for outcome in outcomes), outcomes
    with tenant_context(visit.tenant.pk):
        assert [row.ended_at is None for row in Guardian.objects.order_by("recorded_at")] == [False, True]
