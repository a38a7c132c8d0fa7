"""Photos of many people handed in together: each judged alone, none lost, none kept."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from recognition.enrollment import batches, jobs, reasons, sweeps, tasks
from recognition.enrollment.models import Capture, Enrollment, EnrollmentState, PhotoBatch, PhotoBatchRow
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property, User
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.fakes import face_photo
from tests.roles import database_role


@pytest.fixture
def batch(tenant: Property, owner: User) -> PhotoBatch:
    factories.make_active_device(tenant)
    return batches.start(tenant=tenant, started_by=owner)


def person(tenant: Property) -> Person:
    return factories.make_consented_person(tenant)[0]


def add(batch: PhotoBatch, label: str, who: str = "li") -> PhotoBatchRow | None:
    return batches.add(batch=batch, actor=batch.started_by, label=label, photo=face_photo(who))


def work(batch: PhotoBatch, steps: int = 100) -> int:
    """Do what the recognition worker does, photo after photo; return how many."""
    with database_role("recognition"):
        return sum(1 for _step in range(steps) if jobs.process_next(tenant_id=batch.tenant_id, batch_id=batch.pk))


def test_each_photo_finds_its_person_by_code_and_is_gone_when_its_row_is_done(batch: PhotoBatch) -> None:
    people = [person(batch.tenant) for _number in range(3)]
    names = [people[0].code + ".jpg", f"folder/{people[1].code.lower()}-front.JPG", f"{people[2].pk}.png"]
    for number, name in enumerate(names):
        row = add(batch, name, f"who-{number}")
        assert row is not None and row.person == people[number]
    assert Capture.objects.count() == 3
    assert work(batch) == 3
    assert Capture.objects.count() == 0
    assert set(Person.objects.filter(pk__in=[p.pk for p in people]).values_list("face_state", flat=True)) == {
        FaceState.ENROLLED
    }
    figures = batches.figures(batch)
    assert (figures.total, figures.done, figures.waiting, figures.refused, figures.percent) == (3, 3, 0, 0, 100)


@pytest.mark.parametrize(
    ("label", "reason"),
    [("holiday.jpg", reasons.NO_CODE), ("00000000.jpg", reasons.UNKNOWN_CODE), ("1234567890.jpg", reasons.NO_CODE)],
)
def test_a_file_that_names_nobody_is_refused_in_its_row(batch: PhotoBatch, label: str, reason: str) -> None:
    row = add(batch, label)
    assert row is not None and (row.refused, row.enrollment) == (reason, None)
    assert not Capture.objects.exists()


def test_nobody_is_enrolled_by_a_batch_who_did_not_agree_alone(batch: PhotoBatch) -> None:
    stranger = factories.make_person(batch.tenant)
    row = add(batch, stranger.code + ".jpg")
    assert row is not None and row.refused == reasons.NOT_CLEARED
    assert not Capture.objects.exists() and not Enrollment.objects.exists()


def test_a_minor_is_not_enrolled_before_a_second_member_said_yes(batch: PhotoBatch) -> None:
    child = factories.make_guardian(batch.tenant).child
    row = add(batch, child.code + ".jpg")
    assert row is not None and (row.person, row.refused) == (None, reasons.MINOR)


def test_a_file_that_is_no_photo_says_why_and_stops_nobody_else(batch: PhotoBatch) -> None:
    first, second = person(batch.tenant), person(batch.tenant)
    row = batches.add(batch=batch, actor=batch.started_by, label=first.code + ".jpg", photo=b"not a photo")
    assert row is not None and row.refused == "not_a_photo"
    assert add(batch, second.code + ".jpg") is not None
    assert work(batch) == 1


def test_the_same_folder_again_leaves_out_what_is_here_and_tries_again_what_was_refused(batch: PhotoBatch) -> None:
    done, late = person(batch.tenant), factories.make_person(batch.tenant)
    add(batch, done.code + ".jpg", "li")
    add(batch, late.code + ".jpg", "wang")
    work(batch)
    factories.agree(factories.make_visit(batch.tenant, late))
    assert add(batch, done.code + ".jpg", "li") is None
    row = add(batch, late.code + ".jpg", "wang")
    assert row is not None and row.enrollment is not None
    assert batches.figures(batch).total == 2


def test_a_batch_sends_one_message_however_many_photos_it_takes_in(
    batch: PhotoBatch, django_capture_on_commit_callbacks: object
) -> None:
    people = [person(batch.tenant) for _number in range(3)]
    with django_capture_on_commit_callbacks() as sent:  # type: ignore[operator] - a fixture of pytest-django
        for each in people:
            add(batch, each.code + ".jpg")
    assert len(sent) == 1


def test_a_step_asks_to_be_called_again_while_photos_wait(batch: PhotoBatch) -> None:
    add(batch, person(batch.tenant).code + ".jpg")
    with database_role("recognition"), patch.object(tasks.process_batch, "apply_async") as again:
        tasks.process_batch(str(batch.tenant_id), str(batch.pk))
        assert again.call_count == 1
        tasks.process_batch(str(batch.tenant_id), str(batch.pk))
        assert again.call_count == 1


def test_a_stopped_batch_deletes_what_waits_and_takes_no_more(batch: PhotoBatch) -> None:
    done, waits = person(batch.tenant), person(batch.tenant)
    add(batch, done.code + ".jpg", "li")
    work(batch)
    row = add(batch, waits.code + ".jpg", "wang")
    assert batches.stop(batch=batch) == 1
    assert row is not None and row.enrollment is not None
    row.enrollment.refresh_from_db()
    assert (row.enrollment.state, row.enrollment.reason) == (EnrollmentState.CANCELLED, reasons.STOPPED)
    assert not Capture.objects.exists()
    done.refresh_from_db(), waits.refresh_from_db()
    assert (done.face_state, waits.face_state) == (FaceState.ENROLLED, FaceState.CONSENTED)
    with pytest.raises(ValidationError) as refused:
        add(batch, waits.code + ".jpg")
    assert refused.value.code == "stopped"


def test_a_batch_that_is_stopped_while_a_sweep_wakes_it_stays_stopped(batch: PhotoBatch) -> None:
    add(batch, person(batch.tenant).code + ".jpg")
    factories.rewrite(PhotoBatch.objects.filter(pk=batch.pk), worked_at=None)
    read_before = PhotoBatch.objects.get(pk=batch.pk)
    batches.stop(batch=batch)
    batches.wake(batch=read_before)
    assert PhotoBatch.objects.get(pk=batch.pk).stopped_at is not None


def test_a_photo_of_a_batch_waits_for_its_turn_and_not_for_ever(batch: PhotoBatch) -> None:
    row = add(batch, person(batch.tenant).code + ".jpg")
    assert row is not None and row.enrollment is not None
    factories.rewrite(
        Enrollment.objects.filter(pk=row.enrollment.pk), created_at=timezone.now() - timedelta(minutes=30)
    )
    sweeps.sweep_captures()
    assert Capture.objects.count() == 1
    factories.rewrite(Enrollment.objects.filter(pk=row.enrollment.pk), created_at=timezone.now() - timedelta(hours=3))
    sweeps.sweep_captures()
    row.enrollment.refresh_from_db()
    assert (row.enrollment.state, Capture.objects.count()) == (EnrollmentState.FAILED, 0)


def test_a_batch_whose_worker_died_is_taken_up_again(
    batch: PhotoBatch, django_capture_on_commit_callbacks: object
) -> None:
    add(batch, person(batch.tenant).code + ".jpg")
    factories.rewrite(PhotoBatch.objects.filter(pk=batch.pk), worked_at=timezone.now() - timedelta(minutes=2))
    with django_capture_on_commit_callbacks() as sent:  # type: ignore[operator] - a fixture of pytest-django
        sweeps.sweep_captures()
    assert len(sent) == 1


def test_who_withdraws_is_in_no_batch_any_more(batch: PhotoBatch) -> None:
    someone, visit = factories.make_consented_person(batch.tenant)
    add(batch, someone.code + ".jpg")
    withdraw(visit=visit)
    assert not Capture.objects.exists()
    assert work(batch) == 0


def test_the_list_of_files_is_gone_after_a_week_and_the_attempts_stay(batch: PhotoBatch) -> None:
    add(batch, person(batch.tenant).code + ".jpg")
    work(batch)
    factories.rewrite(PhotoBatch.objects.filter(pk=batch.pk), created_at=timezone.now() - timedelta(days=8))
    batches.expire(tenant=batch.tenant)
    assert not PhotoBatchRow.objects.exists() and Enrollment.objects.count() == 1


def test_faces_on_the_terminals_take_no_batch(tenant: Property, owner: User) -> None:
    on_device = factories.make_property(storage_mode=StorageMode.ON_DEVICE)
    with pytest.raises(ValidationError) as refused:
        batches.start(tenant=on_device, started_by=factories.make_member(on_device))
    assert refused.value.code == "on_device"
