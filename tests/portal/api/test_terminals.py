"""Door terminals: who they are, and what they are told."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image
from rest_framework.test import APIClient

from recognition.enrollment.models import Capture
from recognition.enrollment.services import submit_photo
from recognition.matching.models import DoorEvent
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.organizations.services.properties import update_property
from tenants.people.models import Person
from tenants.premises.kinds import DeviceMode
from tenants.premises.models import Device
from tenants.premises.services import devices
from tests import factories, photos
from tests.fakes import face_photo
from tests.signed_client import SignedClient

# The worker must see what the view committed, so nothing here is one transaction.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tenant() -> Property:
    with transaction.atomic():
        return factories.make_property()


@pytest.fixture
def door(tenant: Property) -> Callable[..., tuple[Device, APIClient]]:
    def make(mode: DeviceMode = DeviceMode.VERIFY) -> tuple[Device, APIClient]:
        with tenant_context(tenant.pk):
            device, code = factories.make_active_device(tenant, mode)
        return device, SignedClient(code)

    return make


@pytest.fixture
def enrolled(tenant: Property, worker: None) -> Person:
    with tenant_context(tenant.pk):
        person, _visit = factories.make_consented_person(tenant)
        submit_photo(tenant=tenant, person=person, photo=face_photo("li"))
    return person


def photo(who: str = "li") -> SimpleUploadedFile:
    return SimpleUploadedFile("门口.jpg", face_photo(who), content_type="image/jpeg")


def waiting(tenant: Property) -> int:
    with tenant_context(tenant.pk):
        return Capture.objects.values("id").count()


def test_a_terminal_says_that_it_lives(tenant: Property, door: Callable) -> None:
    device, client = door()
    answer = client.post("/api/v1/device/heartbeat/")
    assert (answer.status_code, answer.json()["state"]) == (200, "active")
    with tenant_context(tenant.pk):
        device.refresh_from_db()
    assert device.last_seen_at is not None


def test_a_member_is_not_a_terminal(tenant: Property) -> None:
    client = APIClient()
    with tenant_context(tenant.pk):
        client.force_login(factories.make_member(tenant))
    assert client.post("/api/v1/device/heartbeat/").status_code == 401


def test_a_door_opens_for_the_person_and_says_nothing_more(door: Callable, enrolled: Person) -> None:
    _device, client = door()
    answer = client.post("/api/v1/device/verify/", {"person": str(enrolled.pk), "photo": photo()}).json()
    assert set(answer) == {"allowed", "rule", "sentence", "event"}
    assert (answer["allowed"], answer["rule"]) == (True, "matched")
    stranger = client.post("/api/v1/device/verify/", {"person": str(enrolled.pk), "photo": photo("wang")}).json()
    assert (stranger["allowed"], stranger["rule"]) == (False, "no_match")


def test_a_face_is_found_among_all(tenant: Property, door: Callable, enrolled: Person) -> None:
    _device, client = door(DeviceMode.IDENTIFY)
    answer = client.post("/api/v1/device/identify/", {"photo": photo()})
    assert answer.json()["allowed"] is True
    assert str(enrolled.pk) not in answer.content.decode()
    wrong = client.post("/api/v1/device/verify/", {"person": str(enrolled.pk), "photo": photo()}).json()
    assert (wrong["allowed"], wrong["rule"]) == (False, "mode_not_declared")
    with tenant_context(tenant.pk):
        assert DoorEvent.objects.get().person == enrolled


def test_a_suspended_terminal_opens_nothing_and_its_photo_goes_nowhere(
    tenant: Property, door: Callable, enrolled: Person
) -> None:
    device, client = door()
    with tenant_context(tenant.pk):
        devices.suspend(tenant=tenant, device=device)
    answer = client.post("/api/v1/device/verify/", {"person": str(enrolled.pk), "photo": photo()}).json()
    assert (answer["allowed"], answer["rule"], answer["event"]) == (False, "device_not_active", None)
    assert waiting(tenant) == 0


@pytest.mark.parametrize("field", ["emotion", "ethnicity", "gender", "age_estimate", "temperature"])
def test_an_inference_about_a_person_is_refused(door: Callable, field: str) -> None:
    _device, client = door(DeviceMode.IDENTIFY)
    answer = client.post("/api/v1/device/identify/", {"photo": photo(), field: "1"})
    assert (answer.status_code, answer.json()["errors"][field][0]["code"]) == (400, "unknown_field")
    assert client.post("/api/v1/device/heartbeat/", {field: "1"}, format="json").status_code == 400


def test_a_bad_photo_is_named(tenant: Property, door: Callable, worker: None) -> None:
    _device, client = door(DeviceMode.IDENTIFY)
    for content, code in (
        (photos.pdf_named_jpg(), "not_a_photo"),
        (photos.encoded(Image.new("RGB", (64, 64))), "no_face"),
    ):
        file = SimpleUploadedFile("a.jpg", content, content_type="image/jpeg")
        answer = client.post("/api/v1/device/identify/", {"photo": file})
        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert answer.json()["errors"]["photo"][0]["message"]
    missing = client.post("/api/v1/device/identify/", {})
    assert missing.json()["errors"]["photo"][0]["code"] == "required"
    assert client.post("/api/v1/device/identify/", {"photo": "x"}, format="json").status_code == 415
    assert waiting(tenant) == 0


def test_where_faces_stay_on_the_device_no_photo_is_taken(tenant: Property, door: Callable) -> None:
    _device, client = door(DeviceMode.IDENTIFY)
    with tenant_context(tenant.pk):
        update_property(tenant=tenant, storage_mode="on_device")
    answer = client.post("/api/v1/device/identify/", {"photo": photo()})
    assert (answer.status_code, answer.json()["code"]) == (400, "face_bytes")
    assert waiting(tenant) == 0


def test_without_a_broker_the_door_is_told_and_no_photo_stays(
    tenant: Property, door: Callable, no_broker: None
) -> None:
    _device, client = door(DeviceMode.IDENTIFY)
    answer = client.post("/api/v1/device/identify/", {"photo": photo()})
    assert (answer.status_code, answer.json()["code"]) == (503, "timeout")
    assert int(answer["Retry-After"]) >= 1
    assert waiting(tenant) == 0


def test_without_a_worker_the_door_is_told_and_no_photo_stays(
    tenant: Property, door: Callable, settings: object
) -> None:
    settings.MATCH_TIMEOUT_SECONDS = 0.3
    _device, client = door(DeviceMode.IDENTIFY)
    answer = client.post("/api/v1/device/identify/", {"photo": photo()})
    assert (answer.status_code, answer.json()["code"]) == (503, "timeout")
    assert waiting(tenant) == 0


def test_without_a_broker_an_enrolment_fails_with_its_reason(tenant: Property, no_broker: None) -> None:
    with tenant_context(tenant.pk):
        member = factories.make_member(tenant)
        person, _visit = factories.make_consented_person(tenant)
    client = APIClient()
    client.force_login(member)
    url = f"/api/v1/properties/{tenant.slug}/enrollments/"
    answer = client.post(url, {"person": str(person.pk), "photo": photo()})
    assert answer.status_code == 202
    after = client.get(answer["Location"]).json()
    assert (after["state"], after["reason"]) == ("failed", "queue_down")
    assert waiting(tenant) == 0
