"""A withdrawal and an enrolment at the same moment: nothing is kept, and neither waits for the other in a circle."""

import pytest
from django.db import transaction

from recognition.enrollment import jobs, sweeps
from recognition.enrollment.models import Capture, Enrollment, EnrollmentState
from recognition.enrollment.services import submit_photo
from recognition.vault.models import FaceTemplate, PersonKey
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.people.services.links import Visit
from tenants.rights import jobs as rights_jobs
from tenants.rights.models import Erasure
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.fakes import FakeEngine, face_photo
from tests.roles import database_role
from tests.threads import Job, interleave

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def started() -> tuple[Property, Visit, Enrollment]:
    """A person whose photo waits for the worker, committed."""
    with transaction.atomic():
        tenant = factories.make_property()
        person, visit = factories.make_consented_person(tenant)
        enrollment = submit_photo(tenant=tenant, person=person, photo=face_photo("li"))
        transaction.get_connection().run_on_commit.clear()
    return tenant, visit, enrollment


def processing(enrollment: Enrollment, pause_before: str) -> Job:
    def run() -> None:
        jobs.process(tenant_id=enrollment.tenant_id, enrollment_id=enrollment.pk, engine=FakeEngine())

    return Job(run, role="recognition", pause_before=pause_before)


def withdrawing(tenant: Property, visit: Visit, pause_before: str = "") -> Job:
    def run() -> Erasure:
        with tenant_context(tenant.pk):
            erasure = withdraw(visit=visit)
            transaction.get_connection().run_on_commit.clear()
            return erasure

    return Job(run, pause_before=pause_before)


def left(tenant: Property) -> tuple[int, int, int]:
    """Living keys, templates and photos."""
    with database_role("owner"), tenant_context(tenant.pk):
        keys = PersonKey.objects.filter(destroyed_at__isnull=True).count()
        return keys, FaceTemplate.objects.count(), Capture.objects.count()


@pytest.mark.parametrize(
    "pause_before",
    [
        'UPDATE "enrollment_enrollment"',
        'DELETE FROM "enrollment_capture"',
        'FROM "people_person" INNER JOIN',
        'INSERT INTO "vault_personkey"',
        'INSERT INTO "vault_facetemplate"',
    ],
)
def test_whenever_consent_ends_nothing_readable_is_kept(pause_before: str, started: tuple) -> None:
    tenant, visit, enrollment = started
    done, erasure = interleave(processing(enrollment, pause_before), withdrawing(tenant, visit))
    assert done is None
    assert isinstance(erasure, Erasure)
    keys, _templates, photos = left(tenant)
    assert (keys, photos) == (0, 0)
    with database_role("recognition"):
        rights_jobs.erase(tenant_id=tenant.pk, erasure_id=erasure.pk, runs_as="recognition")
    rights_jobs.erase(tenant_id=tenant.pk, erasure_id=erasure.pk, runs_as="web")
    assert left(tenant) == (0, 0, 0)
    with tenant_context(tenant.pk):
        assert Person.objects.get(pk=visit.person.pk).face_state == FaceState.ERASED
        assert not Enrollment.objects.filter(state__in=["queued", "processing"]).exists()


@pytest.mark.parametrize("pause_before", ['INSERT INTO "rights_erasure"', 'FROM "enrollment_enrollment"'])
def test_an_enrolment_that_meets_a_withdrawal_under_way(pause_before: str, started: tuple) -> None:
    tenant, visit, enrollment = started
    erasure, done = interleave(withdrawing(tenant, visit, pause_before), processing(enrollment, ""))
    assert (type(erasure), done) == (Erasure, None)
    assert left(tenant) == (0, 0, 0)


def test_a_sweep_and_a_withdrawal_do_not_wait_in_a_circle(started: tuple, settings: object) -> None:
    tenant, visit, enrollment = started
    settings.CAPTURE_LIFETIME_SECONDS = -1
    sweeping = Job(sweeps.sweep_captures, pause_before='FROM "people_person"')
    swept, erasure = interleave(sweeping, withdrawing(tenant, visit))
    assert (swept, type(erasure)) == (0, Erasure)
    with tenant_context(tenant.pk):
        enrollment.refresh_from_db()
    assert enrollment.state in {EnrollmentState.CANCELLED, EnrollmentState.FAILED}
