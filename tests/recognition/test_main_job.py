"""The life of one face through every layer, with a fake engine and the real database roles."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from recognition.enrollment import captures
from recognition.enrollment import jobs as enrolment_jobs
from recognition.enrollment.models import Capture, Enrollment, EnrollmentState
from recognition.enrollment.services import submit_photo
from recognition.matching import answers
from recognition.matching import jobs as matching_jobs
from recognition.vault.models import FaceTemplate, PersonKey
from tenants.organizations.models import Property
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.premises.kinds import DeviceMode
from tenants.rights import jobs as rights_jobs
from tenants.rights.kinds import ErasureReason
from tenants.rights.models import Erasure
from tenants.rights.services.erasures import order_erasure
from tenants.rights.services.withdrawals import answer, withdraw
from tests import factories
from tests.fakes import face_photo
from tests.roles import database_role


def enroll(tenant: Property, person: Person, who: str) -> Enrollment:
    enrollment = submit_photo(tenant=tenant, person=person, photo=face_photo(who))
    with database_role("recognition"):
        enrolment_jobs.process(tenant_id=tenant.pk, enrollment_id=enrollment.pk)
    enrollment.refresh_from_db()
    return enrollment


def knock(tenant: Property, device: object, who: str, person: Person | None = None) -> answers.Answer:
    capture = captures.put(tenant_id=tenant.pk, photo=face_photo(who))
    with database_role("recognition"):
        return matching_jobs.match(
            tenant_id=tenant.pk, capture_id=capture.pk, device_id=device.pk, person_id=person.pk if person else None
        )


def test_a_face_opens_a_door_from_consent_until_withdrawal(tenant: Property) -> None:
    person, visit = factories.make_consented_person(tenant)
    device, _code = factories.make_active_device(tenant)
    assert enroll(tenant, person, "li").state == EnrollmentState.DONE

    assert knock(tenant, device, "li", person).allowed
    assert knock(tenant, device, "wang", person).rule == answers.NO_MATCH

    erasure = withdraw(visit=visit)
    assert erasure.keys_destroyed == 1
    assert knock(tenant, device, "li", person).rule == answers.NOT_ENROLLED
    with database_role("recognition"):
        rights_jobs.erase(tenant_id=tenant.pk, erasure_id=erasure.pk, runs_as="recognition")
        assert not FaceTemplate.objects.exists()
    rights_jobs.erase(tenant_id=tenant.pk, erasure_id=erasure.pk, runs_as="web")
    person.refresh_from_db()
    erasure.refresh_from_db()
    assert (person.face_state, erasure.completed_at is not None) == (FaceState.ERASED, True)


def test_a_door_finds_one_person_among_all(tenant: Property) -> None:
    li, _visit = factories.make_consented_person(tenant)
    wang, _visit = factories.make_consented_person(tenant)
    device, _code = factories.make_active_device(tenant, mode=DeviceMode.IDENTIFY)
    enroll(tenant, li, "li")
    enroll(tenant, wang, "wang")
    assert knock(tenant, device, "wang").allowed
    assert knock(tenant, device, "zhao").rule == answers.NO_MATCH


def test_no_photo_is_taken_in_without_consent(tenant: Property) -> None:
    factories.make_notice(tenant)
    person = factories.make_person(tenant)
    with pytest.raises(ValidationError) as refused:
        submit_photo(tenant=tenant, person=person, photo=face_photo("li"))
    assert "consent_recognition_unanswered" in {error.code for error in refused.value.error_list}
    assert not Capture.objects.only("id").exists()


def test_a_photo_on_its_way_is_deleted_when_consent_ends(tenant: Property) -> None:
    person, visit = factories.make_consented_person(tenant)
    enrollment = submit_photo(tenant=tenant, person=person, photo=face_photo("li"))
    withdraw(visit=visit)
    assert Capture.objects.only("id").count() == 0
    enrollment.refresh_from_db()
    assert enrollment.state == EnrollmentState.CANCELLED


def test_a_face_erased_at_the_end_of_a_stay_needs_new_answers(tenant: Property) -> None:
    person, _visit = factories.make_consented_person(tenant)
    enroll(tenant, person, "li")
    erasure = order_erasure(tenant=tenant, person=person, reason=ErasureReason.STAY_ENDED)
    with database_role("recognition"):
        rights_jobs.erase(tenant_id=tenant.pk, erasure_id=erasure.pk, runs_as="recognition")
    with pytest.raises(ValidationError) as refused:
        submit_photo(tenant=tenant, person=person, photo=face_photo("li"))
    assert "consent_recognition_unanswered" in {error.code for error in refused.value.error_list}


def test_no_to_a_changed_notice_ends_the_face(tenant: Property) -> None:
    person, visit = factories.make_consented_person(tenant)
    enroll(tenant, person, "li")
    notice = factories.make_notice(tenant, purpose_method_zh="换一种用途")
    fresh = replace(visit, person=Person.objects.get(pk=person.pk))
    answer(visit=fresh, purpose="recognition", decision="decline", notice=notice, language="zh-hans")
    person.refresh_from_db()
    assert person.face_state == FaceState.ERASING


def test_an_erasure_ordered_twice_is_one(tenant: Property) -> None:
    person, visit = factories.make_consented_person(tenant)
    enroll(tenant, person, "li")
    first = withdraw(visit=visit)
    with pytest.raises(ValidationError, match=r"nothing to stop|没有"):
        withdraw(visit=visit)
    assert Erasure.objects.get() == first
    assert PersonKey.objects.filter(destroyed_at__isnull=True).only("id").count() == 0
