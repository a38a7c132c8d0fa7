"""What becomes of a photo, in every outcome: a template or a reason, and never a photo left behind."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from recognition.engine.codes import RejectionCode
from recognition.engine.protocol import FaceResult
from recognition.engine.quality import LIMITS, Level, QualityLimits
from recognition.enrollment import jobs, reasons, sweeps
from recognition.enrollment.models import Capture, Enrollment, EnrollmentState
from recognition.enrollment.services import submit_photo
from recognition.vault.models import FaceTemplate
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property
from tenants.organizations.services.properties import update_property
from tenants.people.kinds import AgeBand, FaceState
from tenants.people.models import Person
from tenants.people.services.links import Visit
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.architecture.catalogue import execute
from tests.fakes import FakeEngine, face_photo
from tests.recognition.steps import process
from tests.roles import database_role


class BreakingEngine(FakeEngine):
    def represent(self, photo: bytes, *, limits: QualityLimits | None = None) -> FaceResult:
        raise MemoryError("a strange photo")


class SlowEngine(FakeEngine):
    """While it looks at the photo, something else happens."""

    def __init__(self, meanwhile: object) -> None:
        self._meanwhile = meanwhile

    def represent(self, photo: bytes, *, limits: QualityLimits | None = None) -> FaceResult:
        with database_role("web"):
            self._meanwhile()
        return super().represent(photo, limits=limits)


@pytest.fixture
def willing(tenant: Property) -> tuple[Person, Visit]:
    return factories.make_consented_person(tenant)


@pytest.fixture
def queued(tenant: Property, willing: tuple[Person, Visit]) -> Enrollment:
    return submit_photo(tenant=tenant, person=willing[0], photo=face_photo("li"))


def templates_left() -> int:
    with database_role("recognition"):
        return FaceTemplate.objects.count()


def photos_left() -> int:
    return Capture.objects.only("id").count()


def face_state(enrollment: Enrollment) -> str:
    return Person.objects.get(pk=enrollment.person_id).face_state


def test_a_photo_becomes_a_template_and_is_gone(queued: Enrollment) -> None:
    assert (photos_left(), face_state(queued)) == (1, FaceState.CAPTURED)
    done = process(queued)
    assert (done.state, done.progress, done.model_version) == (EnrollmentState.DONE, 100, "fake-1")
    assert (photos_left(), templates_left(), face_state(queued)) == (0, 1, FaceState.ENROLLED)


class ParticularEngine(FakeEngine):
    """Remembers how good a photo it was told to ask for."""

    asked: QualityLimits | None = None

    def represent(self, photo: bytes, *, limits: QualityLimits | None = None) -> FaceResult:
        self.asked = limits
        return super().represent(photo, limits=limits)


@pytest.mark.parametrize("level", Level)
def test_a_photo_must_be_as_good_as_its_property_wants_it(tenant: Property, queued: Enrollment, level: Level) -> None:
    update_property(tenant=tenant, face_quality=level.value)
    engine = ParticularEngine()
    process(queued, engine=engine)
    assert engine.asked == LIMITS[level]


def test_a_job_that_is_delivered_twice_does_nothing_the_second_time(queued: Enrollment) -> None:
    first = process(queued)
    again = process(queued, engine=BreakingEngine())
    assert (again.state, again.finished_at) == (EnrollmentState.DONE, first.finished_at)
    assert templates_left() == 1


def test_a_job_without_its_row_does_nothing(tenant: Property) -> None:
    with database_role("recognition"):
        jobs.process(tenant_id=tenant.pk, enrollment_id=tenant.pk, engine=BreakingEngine())


def test_a_library_that_breaks_fails_the_enrolment_and_not_the_worker(queued: Enrollment) -> None:
    failed = process(queued, engine=BreakingEngine())
    assert (failed.state, failed.reason) == (EnrollmentState.FAILED, reasons.INTERRUPTED)
    assert (photos_left(), templates_left(), face_state(queued)) == (0, 0, FaceState.CONSENTED)


def test_a_photo_without_a_face_fails_with_its_reason(tenant: Property, willing: tuple[Person, Visit]) -> None:
    nobody = face_photo("").partition(b"WHO:")[0]
    failed = process(submit_photo(tenant=tenant, person=willing[0], photo=nobody))
    assert (failed.state, failed.reason) == (EnrollmentState.FAILED, RejectionCode.NO_FACE)
    assert str(reasons.sentence(failed.reason))
    assert (photos_left(), templates_left()) == (0, 0)


def test_consent_that_ends_while_the_engine_looks_keeps_nothing(queued: Enrollment, willing: tuple) -> None:
    ended = process(queued, engine=SlowEngine(lambda: withdraw(visit=willing[1])))
    assert (ended.state, ended.reason) == (EnrollmentState.CANCELLED, reasons.WITHDRAWN)
    assert (photos_left(), templates_left()) == (0, 0)


def test_a_rule_that_changes_while_the_engine_looks_keeps_nothing(queued: Enrollment, tenant: Property) -> None:
    def publish_another_purpose() -> None:
        factories.make_notice(tenant, purpose_method_zh="另一种用途")

    failed = process(queued, engine=SlowEngine(publish_another_purpose))
    assert (failed.state, failed.reason) == (EnrollmentState.FAILED, reasons.NOT_CLEARED)
    assert (templates_left(), face_state(queued)) == (0, FaceState.CONSENTED)


def test_a_photo_that_another_worker_must_open_fails_and_goes(queued: Enrollment) -> None:
    with database_role("owner"):
        Capture.objects.update(sealed=b"sealed to somebody else")
    failed = process(queued)
    assert (failed.state, failed.reason, photos_left()) == (EnrollmentState.FAILED, reasons.INTERRUPTED, 0)


def test_a_newer_photo_takes_the_place_of_the_older(tenant: Property, queued: Enrollment) -> None:
    newer = submit_photo(tenant=tenant, person=queued.person, photo=face_photo("li"))
    queued.refresh_from_db()
    assert (queued.state, queued.reason, photos_left()) == (EnrollmentState.CANCELLED, reasons.REPLACED, 1)
    assert process(newer).state == EnrollmentState.DONE


@pytest.mark.parametrize(
    ("state", "reason"),
    [(EnrollmentState.QUEUED, reasons.TOO_LATE), (EnrollmentState.PROCESSING, reasons.INTERRUPTED)],
)
def test_what_nobody_finished_is_ended_by_the_sweep(queued: Enrollment, state: str, reason: str) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    Enrollment.objects.filter(pk=queued.pk).update(state=state, created_at=long_ago)
    sweeps.sweep_captures()
    queued.refresh_from_db()
    assert (queued.state, queued.reason) == (EnrollmentState.FAILED, reason)
    assert (photos_left(), face_state(queued)) == (0, FaceState.CONSENTED)


def test_a_fresh_enrolment_is_left_to_the_worker(queued: Enrollment) -> None:
    assert sweeps.sweep_captures() == 0
    assert sweeps.expire_if_late(enrollment=queued).state == EnrollmentState.QUEUED


def test_a_page_that_looks_late_does_not_overwrite_what_the_worker_finished(queued: Enrollment) -> None:
    seen_by_the_page = Enrollment.objects.get(pk=queued.pk)
    seen_by_the_page.created_at = timezone.now() - timedelta(hours=1)
    process(queued)
    assert sweeps.expire_if_late(enrollment=seen_by_the_page).state == EnrollmentState.DONE


def test_one_property_that_fails_does_not_keep_the_next_from_its_sweep(
    queued: Enrollment, tenant: Property, caplog: pytest.LogCaptureFixture
) -> None:
    other = factories.make_property()
    person, _visit = factories.make_consented_person(other)
    submit_photo(tenant=other, person=person, photo=face_photo("wang"))
    first, second = sorted([tenant.pk, other.pk])
    with database_role("owner"):
        Enrollment.objects.update(created_at=timezone.now() - timedelta(hours=1))
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        rule = f"CHECK (state <> 'failed' OR tenant_id <> '{first}') NOT VALID"
        execute(f"ALTER TABLE enrollment_enrollment ADD CONSTRAINT planted {rule}")
    sweeps.sweep_captures()
    with database_role("owner"):
        states = dict(Enrollment.objects.values_list("tenant_id", "state"))
    assert states == {first: EnrollmentState.QUEUED, second: EnrollmentState.FAILED}
    assert str(first) in caplog.text


@pytest.mark.parametrize(
    ("photo", "code"),
    [(b"", "empty_file"), (b"%PDF-1.7 called photo.jpg", "not_a_photo"), (b"GIF89a" + b"\x00" * 40, "not_a_photo")],
)
def test_a_file_that_cannot_be_a_photo_is_refused_beside_its_field(
    photo: bytes, code: str, tenant: Property, willing: tuple
) -> None:
    with pytest.raises(ValidationError) as refused:
        submit_photo(tenant=tenant, person=willing[0], photo=photo)
    assert [error.code for error in refused.value.error_dict["photo"]] == [code]
    assert photos_left() == 0


def test_where_faces_stay_on_the_device_no_photo_is_taken_in(db: None) -> None:
    tenant = factories.make_property(storage_mode=StorageMode.ON_DEVICE)
    person, _visit = factories.make_consented_person(tenant)
    with pytest.raises(ValidationError) as refused:
        submit_photo(tenant=tenant, person=person, photo=face_photo("li"))
    assert refused.value.code == "on_device"


def test_a_child_is_not_enrolled(tenant: Property) -> None:
    factories.make_notice(tenant)
    child = factories.make_person(tenant)
    factories.agree(factories.make_visit(tenant, child))
    child.age_band = AgeBand.UNDER_14  # as the desk corrects it afterwards
    child.save()
    with pytest.raises(ValidationError) as refused:
        submit_photo(tenant=tenant, person=child, photo=face_photo("li"))
    assert "under_14" in {error.code for error in refused.value.error_list}


def test_a_photo_that_went_with_its_worker_is_said_to_be_gone_within_a_minute(queued: Enrollment) -> None:
    with database_role("recognition"):
        jobs._take_up(queued.tenant_id, queued.pk)
    sweeps.sweep_captures()
    queued.refresh_from_db()
    assert queued.state == EnrollmentState.PROCESSING
    factories.rewrite(Enrollment.objects.filter(pk=queued.pk), taken_at=timezone.now() - timedelta(seconds=61))
    sweeps.sweep_captures()
    queued.refresh_from_db()
    assert (queued.state, queued.reason) == (EnrollmentState.FAILED, reasons.INTERRUPTED)


def test_a_photo_that_went_with_a_crash_of_the_database_is_said_to_be_gone(queued: Enrollment) -> None:
    with database_role("owner"):
        Capture.objects.all().delete()
    sweeps.sweep_captures()
    queued.refresh_from_db()
    assert (queued.state, queued.reason) == (EnrollmentState.FAILED, reasons.INTERRUPTED)


def test_a_photo_whose_message_was_lost_is_handed_over_again(
    queued: Enrollment, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[object]]]
) -> None:
    with django_capture_on_commit_callbacks() as sent:
        sweeps.sweep_captures()
    assert not sent
    factories.rewrite(Enrollment.objects.filter(pk=queued.pk), created_at=timezone.now() - timedelta(seconds=61))
    with django_capture_on_commit_callbacks() as sent:
        sweeps.sweep_captures()
    assert len(sent) == 1
