"""What is known of a device is written on its pages: facts, test report, the sign."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.premises.kinds import DeviceMode, DeviceState
from tenants.premises.models import Device, DeviceSign
from tests import factories

pytestmark = pytest.mark.django_db
FACTS = {"name": "终端", "mode": "verify", "purpose": "access"}


@pytest.fixture
def device(tenant: Property) -> Device:
    return factories.make_device(tenant)[0]


def stored(device: Device) -> Device:
    enter_tenant(device.tenant_id)
    return Device.objects.get(pk=device.pk)


def upload(data: bytes, name: str = "sign.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, kind)


def png() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(written, "PNG")
    return written.getvalue()


def test_facts_may_be_saved_unfinished(client: Client, at: Callable[..., str], device: Device) -> None:
    client.post(at("device_edit", device), FACTS | {"algorithm": "ArcFace", "false_accept_percent": "0.5"})
    row = stored(device)
    assert (row.algorithm, row.capture_area, row.attack_success_percent) == ("ArcFace", "", None)
    page = client.get(at("device", device), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "The test report is not complete" in page
    assert "Too many strangers are accepted" in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"purpose": "training"}, "purpose"),
        ({"attack_success_percent": "101"}, "attack_success_percent"),
        ({"false_reject_percent": "nan"}, "false_reject_percent"),
        ({"tested_on": "2999-01-01"}, "tested_on"),
        ({"capture_area": "x" * 1001}, "capture_area"),
        ({"passersby": "nobody"}, "passersby"),
    ],
)
def test_an_impossible_fact_is_said_beside_its_field(
    client: Client, at: Callable[..., str], device: Device, change: dict[str, str], field: str
) -> None:
    answer = client.post(at("device_edit", device), FACTS | change)
    assert set(answer.context["form"].errors) == {field}
    assert stored(device).algorithm == "ArcFace"


def test_a_search_among_everybody_in_view_is_refused(client: Client, at: Callable[..., str], device: Device) -> None:
    data = FACTS | {"mode": DeviceMode.IDENTIFY.value, "passersby": "presence"}
    answer = client.post(at("device_edit", device), data, HTTP_ACCEPT_LANGUAGE="en")
    assert "Art 19" in str(answer.context["form"].non_field_errors())


def test_another_vendor_asks_first_and_then_suspends(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    device, _code = factories.make_active_device(tenant)
    data = FACTS | factories.DEVICE_FACTS | {"name": device.name, "vendor": "另一厂商"}
    data = {name: getattr(value, "value", value) for name, value in data.items()}
    asked = client.post(at("device_edit", device), data)
    assert device.name in asked.content.decode()
    assert stored(device).state == DeviceState.ACTIVE
    client.post(at("device_edit", device), data | {"confirmed": "on"})
    assert (stored(device).state, stored(device).vendor) == (DeviceState.SUSPENDED, "另一厂商")


def test_a_photo_of_the_sign_is_written_anew_and_shown(
    client: Client, tenant: Property, at: Callable[..., str], as_role: Callable[[Role], Client]
) -> None:
    device, _code = factories.make_device(tenant)
    day = timezone.localdate() - timedelta(days=2)
    client.post(at("device_sign", device), {"taken_on": day.isoformat(), "picture": upload(png())})
    enter_tenant(tenant.pk)
    assert DeviceSign.objects.filter(device=device, taken_on=day).count() == 1
    shown = as_role(Role.AUDITOR).get(at("device_sign_picture", device))
    assert shown["Content-Type"] == "image/jpeg"
    assert "no-store" in shown["Cache-Control"]
    assert Image.open(io.BytesIO(shown.content)).format == "JPEG"


@pytest.mark.parametrize("data", [b"", b"<script>alert(1)</script>", b"\xff\xd8\xff\xe0", png()[:40]])
def test_what_is_no_picture_is_refused_beside_its_field(
    client: Client, at: Callable[..., str], device: Device, data: bytes
) -> None:
    form = {"taken_on": timezone.localdate().isoformat(), "picture": upload(data)}
    assert set(client.post(at("device_sign", device), form).context["form"].errors) == {"picture"}


def test_a_day_to_come_and_a_missing_picture_are_refused(
    client: Client, at: Callable[..., str], device: Device
) -> None:
    late = client.post(at("device_sign", device), {"taken_on": "2999-01-01", "picture": upload(png())})
    assert set(late.context["form"].errors) == {"taken_on"}
    none = client.post(at("device_sign", device), {"taken_on": "2026-01-01"})
    assert set(none.context["form"].errors) == {"picture"}


def test_a_device_without_a_sign_has_no_picture(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    from tenants.premises.services.devices import register

    device, _code = register(tenant=tenant, access_point=factories.make_door(tenant), name="新终端")
    assert client.get(at("device_sign_picture", device)).status_code == 404
    assert "<img" not in client.get(at("device", device)).content.decode()
