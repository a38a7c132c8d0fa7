"""Where faces stay on the terminals, no address of the API takes bytes of a face, from anybody (Measures Art 8)."""

import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from rest_framework.test import APIClient

from recognition.edge.models import DeviceAlarm
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people.models import Person
from tests import factories
from tests.fakes import face_photo
from tests.signed_client import SignedClient

pytestmark = pytest.mark.django_db(transaction=True)

WRAPPED = base64.b64encode(face_photo("li")).decode()


@pytest.fixture
def tenant() -> Property:
    with transaction.atomic():
        return factories.make_property(storage_mode="on_device")


@pytest.fixture
def person(tenant: Property) -> Person:
    with tenant_context(tenant.pk):
        return factories.make_person(tenant)


@pytest.fixture
def member(tenant: Property) -> APIClient:
    client = APIClient()
    with tenant_context(tenant.pk):
        client.force_login(factories.make_member(tenant))
    return client


def code(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("门口.jpg", face_photo("li"), content_type="image/jpeg")


def test_a_terminal_that_sends_one_is_refused_and_recorded(tenant: Property, person: Person) -> None:
    with tenant_context(tenant.pk):
        device, pairing_code = factories.make_device(tenant)
    terminal = SignedClient(pairing_code)
    where = "/api/v1/device/"
    sent = [
        terminal.post(f"{where}identify/", {"photo": photo()}),
        terminal.post(f"{where}verify/", {"person": str(person.pk), "photo": photo()}),
        terminal.post(f"{where}pass/", {"kind": "card", "card": WRAPPED}, format="json"),
        terminal.post(f"{where}heartbeat/?face={WRAPPED[:400].replace('+', '%2B')}"),
        terminal.post(f"{where}heartbeat/", {"report": {"firmware": [0.25] * 128}}, format="json"),
    ]
    assert {code(answer) for answer in sent} == {(400, "face_bytes")}
    with tenant_context(tenant.pk):
        alarm = DeviceAlarm.objects.get()
    assert (alarm.kind, alarm.count, alarm.device_id) == ("face_bytes", len(sent), device.pk)
    assert terminal.post(f"{where}heartbeat/", {"report": {"faces": 0}}, format="json").status_code == 200


def test_a_member_and_anybody_else_who_sends_one_is_refused(
    tenant: Property, person: Person, member: APIClient
) -> None:
    own = f"/api/v1/properties/{tenant.slug}/"
    assert code(member.post(f"{own}enrollments/", {"person": str(person.pk), "photo": photo()})) == (400, "face_bytes")
    zone = {"name": "东门", "kind": "gate"}
    assert code(member.post(f"{own}zones/", zone | {"note": WRAPPED}, format="json")) == (400, "face_bytes")
    assert member.post(f"{own}zones/", zone, format="json").status_code == 201
    asked = {"kind": "access", "name": "李阿姨", "contact": "13800138000"}
    public = f"/api/v1/public/{tenant.slug}/requests/"
    assert code(APIClient().post(public, asked | {"message": WRAPPED}, format="json")) == (400, "face_bytes")
    assert APIClient().post(public, asked, format="json").status_code == 201


def test_a_member_who_may_not_is_told_that_first(tenant: Property, person: Person) -> None:
    """What a body holds is looked at for callers of the property only."""
    stranger = APIClient()
    with transaction.atomic():
        other = factories.make_property()
    with tenant_context(other.pk):
        stranger.force_login(factories.make_member(other))
    answer = stranger.post(f"/api/v1/properties/{tenant.slug}/enrollments/", {"photo": photo()})
    assert answer.status_code == 404


def test_a_body_above_its_limit_is_not_read(member: APIClient, tenant: Property) -> None:
    own = f"/api/v1/properties/{tenant.slug}/"
    big = member.post(f"{own}zones/", {"name": "x" * 600_000}, format="json")
    assert code(big) == (413, "too_large")
    file = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + bytes(11 * 1024 * 1024), content_type="image/jpeg")
    assert code(member.post(f"{own}enrollments/", {"photo": file})) == (413, "too_large")
