"""Retention and settings: what would be erased or made stale is said before it is saved."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tenants.organizations.kinds import PhotoQuality, StorageMode
from tenants.organizations.models import Property
from tenants.people.kinds import FaceState
from tenants.people.services.persons import move_face
from tests import factories

pytestmark = pytest.mark.django_db


def enroll(tenant: Property, *, days_ago: int) -> None:
    person, _visit = factories.make_consented_person(tenant)
    on = timezone.localdate() - timedelta(days=days_ago)
    move_face(person=person, target=FaceState.ENROLLED, enrolled_on=on)


def test_a_shorter_period_asks_before_it_erases(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    enroll(tenant, days_ago=100)
    preview = client.get(at("retention"), {"face_days": "30"})
    assert preview.context["faces"] == {"kept": 1, "over": 1}

    data = {"face_days": "30", "event_days": "60"}
    client.post(at("retention"), data)
    tenant.refresh_from_db()
    assert tenant.face_days == 180
    client.post(at("retention"), data | {"confirmed": "on"})
    tenant.refresh_from_db()
    assert (tenant.face_days, tenant.event_days) == (30, 60)


def test_a_longer_period_that_the_notice_tells_is_saved_at_once(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    factories.make_notice(tenant, retention_zh="最多保存 200 天")
    enroll(tenant, days_ago=100)
    client.post(at("retention"), {"face_days": "200", "event_days": "90"})
    tenant.refresh_from_db()
    assert tenant.face_days == 200


@pytest.mark.parametrize("days", ["0", "366", "-1", "½", "99999999999999999999", ""])
def test_a_period_out_of_bounds_is_refused(client: Client, tenant: Property, at: Callable[..., str], days: str) -> None:
    assert client.get(at("retention"), {"face_days": days}).status_code == 200
    answer = client.post(at("retention"), {"face_days": days, "event_days": "90"})
    assert "face_days" in answer.context["form"].errors


def test_changing_the_place_of_storage_asks_first(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    factories.make_notice(tenant)
    data = {
        "name": "新名字",
        "name_en": "",
        "address": "",
        "storage_mode": StorageMode.ON_DEVICE.value,
        "face_quality": "standard",
    }
    client.post(at("settings"), data)
    tenant.refresh_from_db()
    assert tenant.storage_mode == StorageMode.PORTAL
    client.post(at("settings"), data | {"confirmed": "on"})
    tenant.refresh_from_db()
    assert (tenant.name, tenant.storage_mode) == ("新名字", StorageMode.ON_DEVICE)


def test_another_place_of_storage_that_stops_nothing_is_saved_at_once(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    data = {
        "name": tenant.name,
        "name_en": "",
        "address": "",
        "storage_mode": StorageMode.ON_DEVICE.value,
        "face_quality": "standard",
    }
    client.post(at("settings"), data)
    tenant.refresh_from_db()
    assert tenant.storage_mode == StorageMode.ON_DEVICE


def test_the_question_names_the_devices_and_shows_the_property_as_it_is(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    device, _code = factories.make_active_device(tenant)
    data = {
        "name": "新名字",
        "name_en": "",
        "address": "",
        "storage_mode": StorageMode.ON_DEVICE.value,
        "face_quality": "standard",
    }
    asked = client.post(at("settings"), data, HTTP_ACCEPT_LANGUAGE="en")
    assert f"“{device.name}” stops using faces at once" in " ".join(asked.context["effects"])
    assert asked.context["tenant"].name == tenant.name
    done = client.post(at("settings"), data | {"confirmed": "on"}, follow=True, HTTP_ACCEPT_LANGUAGE="en")
    assert f"“{device.name}” was suspended" in " ".join(str(message) for message in done.context["messages"])
    back = client.post(at("settings"), data | {"storage_mode": "portal"}, HTTP_ACCEPT_LANGUAGE="en")
    assert f"“{device.name}” stops" not in " ".join(back.context["effects"])
    back = client.post(
        at("settings"), data | {"storage_mode": "portal", "confirmed": "on"}, follow=True, HTTP_ACCEPT_LANGUAGE="en"
    )
    assert f"“{device.name}” uses faces again" in " ".join(str(message) for message in back.context["messages"])


def test_a_manager_chooses_how_good_a_photo_must_be(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    data = {"name": "名字", "storage_mode": tenant.storage_mode, "face_quality": "strict"}
    client.post(at("settings"), data)
    tenant.refresh_from_db()
    assert tenant.face_quality == PhotoQuality.STRICT
    refused = client.post(at("settings"), data | {"face_quality": "0"})
    assert "face_quality" in refused.context["form"].errors
