"""The steps of a face's life, each done by the database role that does it in the running portal."""

from datetime import datetime

from recognition.engine.protocol import FaceEngine
from recognition.enrollment import captures
from recognition.enrollment import jobs as enrolment_jobs
from recognition.enrollment.models import Enrollment
from recognition.enrollment.services import submit_photo
from recognition.matching import answers
from recognition.matching import jobs as matching_jobs
from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device
from tenants.rights import jobs as rights_jobs
from tenants.rights.models import Erasure
from tests import factories
from tests.fakes import face_photo
from tests.roles import database_role


def process(enrollment: Enrollment, engine: FaceEngine | None = None) -> Enrollment:
    with database_role("recognition"):
        enrolment_jobs.process(tenant_id=enrollment.tenant_id, enrollment_id=enrollment.pk, engine=engine)
    enrollment.refresh_from_db()
    return enrollment


def enroll(tenant: Property, person: Person, who: str) -> Enrollment:
    """Enrol a face; a property without a lawful door gets one, because nothing is enrolled for no door."""
    if not Device.objects.filter(tenant=tenant, state=DeviceState.ACTIVE).exists():
        factories.make_active_device(tenant)
    return process(submit_photo(tenant=tenant, person=person, photo=face_photo(who)))


def knock(
    tenant: Property, device: Device, who: str, person: Person | None = None, now: datetime | None = None
) -> answers.Answer | None:
    capture = captures.put(tenant_id=tenant.pk, photo=face_photo(who))
    with database_role("recognition"):
        return matching_jobs.match(
            tenant_id=tenant.pk,
            capture_id=capture.pk,
            device_id=device.pk,
            person_id=person.pk if person else None,
            now=now,
        )


def erase(erasure: Erasure) -> Erasure:
    with database_role("recognition"):
        rights_jobs.erase(tenant_id=erasure.tenant_id, erasure_id=erasure.pk, runs_as="recognition")
    rights_jobs.erase(tenant_id=erasure.tenant_id, erasure_id=erasure.pk, runs_as="web")
    erasure.refresh_from_db()
    return erasure
