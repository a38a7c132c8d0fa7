"""An answer and a withdrawal at the same moment: no agreement outlives the withdrawal."""

import pytest
from django.db import transaction

from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import ConsentDecision, ConsentPurpose, ConsentStatus
from tenants.people.models import Consent, Person
from tenants.people.services.consents import consent_statuses, decide
from tenants.people.services.links import Visit
from tenants.rights import jobs, many_jobs
from tenants.rights.kinds import ErasureReason, RequestKind
from tenants.rights.models import Erasure
from tenants.rights.services import requests
from tenants.rights.services.erasures import order_erasure
from tenants.rights.services.withdrawals import withdraw
from tenants.transparency.models import Notice
from tests import factories
from tests.threads import Job, interleave

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visit() -> Visit:
    with transaction.atomic():
        tenant = factories.make_property()
        factories.make_notice(tenant)
        visit = factories.make_visit(tenant)
        agree(visit, ConsentPurpose.RECOGNITION)
    return visit


def agree(visit: Visit, purpose: ConsentPurpose) -> None:
    notice = Notice.objects.filter(tenant=visit.tenant).current()
    decide(visit=visit, purpose=purpose, decision=ConsentDecision.AGREE, notice=notice, language="zh-hans")


def job(visit: Visit, work: object, pause_before: str = "") -> Job:
    def run() -> object:
        with tenant_context(visit.tenant.pk):
            outcome = work()
            transaction.get_connection().run_on_commit.clear()  # no worker is there to be told
            return outcome

    return Job(run, pause_before=pause_before)


def test_an_agreement_given_while_withdrawing_does_not_outlive_it(visit: Visit) -> None:
    agreed, erasure = interleave(
        job(visit, lambda: agree(visit, ConsentPurpose.TRANSMISSION), pause_before='INSERT INTO "people_consent"'),
        job(visit, lambda: withdraw(visit=visit)),
    )
    assert (agreed, type(erasure)) == (None, Erasure)
    with tenant_context(visit.tenant.pk):
        person = Person.objects.get(pk=visit.person.pk)
        assert ConsentStatus.AGREED not in consent_statuses(person).values()
        assert not Consent.objects.filter(person=person, withdrawn_at__isnull=True).exists()


def test_two_withdrawals_at_once_order_one_erasure(visit: Visit) -> None:
    outcomes = interleave(
        job(visit, lambda: withdraw(visit=visit), pause_before='INSERT INTO "rights_erasure"'),
        job(visit, lambda: withdraw(visit=visit)),
    )
    assert isinstance(outcomes[0], Erasure)
    with tenant_context(visit.tenant.pk):
        assert Erasure.objects.count() == 1


@pytest.mark.parametrize("how", ["one", "many"])
def test_a_request_that_joins_an_order_and_the_worker_who_carries_it_out_never_wait_for_each_other(
    visit: Visit, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    tenant = visit.tenant
    with tenant_context(tenant.pk):
        erasure = order_erasure(tenant=tenant, person=visit.person, reason=ErasureReason.WITHDRAWN)
        request, _code = requests.receive(tenant=tenant, kind=RequestKind.DELETE, name="李", contact="13800138000")
        transaction.get_connection().run_on_commit.clear()
    joined, worked = interleave(
        job(
            visit,
            lambda: order_erasure(
                tenant=tenant, person=visit.person, reason=ErasureReason.REQUESTED, scope="face", request=request
            ),
            pause_before='UPDATE "rights_erasure"',
        ),
        job(visit, lambda: carry_out(tenant, erasure, how)),
    )
    assert (joined.pk, isinstance(worked, Exception)) == (erasure.pk, False), worked
    assert "could not be emptied" not in caplog.text
    with tenant_context(tenant.pk):
        assert Erasure.objects.get().request_id == request.pk


def carry_out(tenant: Property, erasure: Erasure, how: str) -> None:
    if how == "one":
        jobs.erase(tenant_id=tenant.pk, erasure_id=erasure.pk, runs_as="web")
    else:
        many_jobs.empty_slice(tenant_id=tenant.pk, runs_as="web")
