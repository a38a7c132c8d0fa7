"""Enrolment at the desk: blocked, refused, waiting, given up, and what the page says each time."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from recognition.enrollment import reasons
from recognition.enrollment.models import Capture, Enrollment, EnrollmentState
from recognition.enrollment.services import finish, submit_photo
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property
from tenants.people.kinds import FaceState
from tests import factories
from tests.fakes import face_photo

Address = Callable[..., str]


def photo_file(content: bytes | None = None, name: str = "照片.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, face_photo("li") if content is None else content, "image/jpeg")


def animated_gif() -> bytes:
    buffer = BytesIO()
    frames = [Image.new("L", (8, 8), shade) for shade in (0, 255)]
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=100)
    return buffer.getvalue()


def test_without_consent_the_page_shows_what_blocks_and_takes_no_photo(
    desk: Client, tenant: Property, address: Address
) -> None:
    factories.make_lawful(tenant)
    person = factories.make_person(tenant)
    page = desk.get(address("person_photo", person.pk))
    assert page.context["blocked"] == 2
    assert 'type="file"' not in page.content.decode()
    assert desk.post(address("person_photo", person.pk), {"photo": photo_file()}).status_code == 200
    assert not Enrollment.objects.exists()


def test_where_faces_stay_on_the_devices_no_photo_is_taken_in(desk: Client, address: Address, tenant: Property) -> None:
    tenant.storage_mode = StorageMode.ON_DEVICE
    tenant.save()
    person = factories.make_person(tenant)
    assert "at the door's own device" in desk.get(address("person_photo", person.pk)).content.decode()
    desk.post(address("person_photo", person.pk), {"photo": photo_file()})
    assert not Capture.objects.values("pk").exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.7 not a photo", "not a photo that we can read"),
        (animated_gif(), "moves"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "damaged"),
    ],
)
def test_a_bad_file_gets_its_sentence_beside_the_field_and_leaves_nothing(
    desk: Client, tenant: Property, address: Address, content: bytes, sentence: str
) -> None:
    person, _visit = factories.make_consented_person(tenant)
    answer = desk.post(address("person_photo", person.pk), {"photo": photo_file(content)})
    assert answer.status_code == 200
    assert sentence in str(answer.context["form"].errors["photo"])
    assert not Enrollment.objects.exists()
    assert not Capture.objects.values("pk").exists()


def test_no_file_at_all_is_a_sentence_too(desk: Client, tenant: Property, address: Address) -> None:
    person, _visit = factories.make_consented_person(tenant)
    answer = desk.post(address("person_photo", person.pk))
    assert "Take or choose a photo first." in answer.content.decode()


def test_a_photo_is_handed_in_and_the_page_waits(
    desk: Client, tenant: Property, address: Address, django_capture_on_commit_callbacks: Callable
) -> None:
    person, _visit = factories.make_consented_person(tenant)
    with django_capture_on_commit_callbacks() as callbacks:
        answer = desk.post(address("person_photo", person.pk), {"photo": photo_file()})
    assert len(callbacks) == 1
    enrollment = Enrollment.objects.get()
    assert enrollment.requested_by is not None
    page = desk.get(answer["Location"]).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "Waiting for the recognition service" in page


def test_a_slow_recognition_service_is_said_with_the_time_of_deletion(
    desk: Client, tenant: Property, address: Address
) -> None:
    person, _visit = factories.make_consented_person(tenant)
    enrollment = submit_photo(tenant=tenant, person=person, photo=face_photo("li"))
    Enrollment.objects.filter(pk=enrollment.pk).update(created_at=timezone.now() - timedelta(seconds=30))
    enrollment.refresh_from_db()
    limit = timezone.localtime(enrollment.created_at + timedelta(minutes=10))
    part = desk.get(address("enrollment", enrollment.pk), headers={"hx-request": "true"}).content.decode()
    assert "has not taken it up yet" in part
    assert f"{limit:%H:%M}" in part
    assert "<html" not in part


def test_a_photo_that_nobody_took_up_in_time_fails_when_the_page_asks(
    desk: Client, tenant: Property, address: Address
) -> None:
    person, _visit = factories.make_consented_person(tenant)
    enrollment = submit_photo(tenant=tenant, person=person, photo=face_photo("li"))
    Enrollment.objects.filter(pk=enrollment.pk).update(created_at=timezone.now() - timedelta(minutes=11))
    answer = desk.get(address("enrollment", enrollment.pk), headers={"hx-request": "true"})
    assert answer["HX-Refresh"] == "true"
    page = desk.get(address("enrollment", enrollment.pk)).content.decode()
    assert str(reasons.sentence(reasons.TOO_LATE)) in page or "Nobody took up the photo" in page
    assert "Try again" in page
    assert not Capture.objects.values("pk").exists()


def test_without_a_broker_the_enrolment_fails_with_its_sentence_and_no_photo_stays(
    desk: Client,
    tenant: Property,
    address: Address,
    no_broker: None,
    django_capture_on_commit_callbacks: Callable,
) -> None:
    person, _visit = factories.make_consented_person(tenant)
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(address("person_photo", person.pk), {"photo": photo_file()})
    page = desk.get(answer["Location"]).content.decode()
    assert "could not be handed over just now" in page
    assert not Capture.objects.values("pk").exists()
    person.refresh_from_db()
    assert person.face_state == FaceState.CONSENTED


@pytest.mark.parametrize("state", [EnrollmentState.DONE, EnrollmentState.FAILED, EnrollmentState.CANCELLED])
def test_every_end_has_its_page(desk: Client, tenant: Property, address: Address, state: EnrollmentState) -> None:
    person, _visit = factories.make_consented_person(tenant)
    enrollment = submit_photo(tenant=tenant, person=person, photo=face_photo("li"))
    finish(enrollment=enrollment, state=state, reason="blurred" if state == EnrollmentState.FAILED else "")
    answer = desk.get(address("enrollment", enrollment.pk))
    assert answer.status_code == 200
    assert "hx-get" not in answer.content.decode().split('id="main"')[1]


def test_an_enrolment_of_another_property_is_not_there(desk: Client, tenant: Property, address: Address) -> None:
    other = factories.make_property()
    person, _visit = factories.make_consented_person(other)
    enrollment = submit_photo(tenant=other, person=person, photo=face_photo("li"))
    assert desk.get(address("enrollment", enrollment.pk)).status_code == 404
