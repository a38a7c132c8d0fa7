"""A change that makes the assessment stale stops the whole property, and each form says so before it does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.people.kinds import FaceState
from tenants.people.services.persons import move_face
from tenants.premises.kinds import DevicePurpose, DeviceState, ZoneKind
from tenants.premises.models import Device
from tenants.premises.services import devices
from tenants.transparency.services import assessments
from tests import factories

pytestmark = pytest.mark.django_db

At = Callable[..., str]
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def two(tenant: Property) -> list[Device]:
    """Two active devices in lobbies, and one enrolled face; assessed as they are and no further."""
    factories.make_notice(tenant)
    both = [factories.make_device(tenant)[0] for _twice in range(2)]
    factories.make_assessment(tenant, algorithms=["ArcFace 3"])
    for device in both:
        devices.set_state(tenant=tenant, device=device, target=DeviceState.ACTIVE)
    person, _visit = factories.make_consented_person(tenant)
    move_face(person=person, target=FaceState.ENROLLED, enrolled_on=timezone.localdate())
    for device in both:
        device.refresh_from_db()
    return both


def filled(client: Client, address: str) -> dict[str, Any]:
    """What the form of a page would send as it stands."""
    form = client.get(address).context["form"]
    return {field.html_name: field.value() for field in form if field.value() not in {None, False}}


def filled_door(client: Client, address: str) -> dict[str, Any]:
    form = client.get(address).context["form"]
    return {"name": form["name"].value(), "zone": form["zone"].value(), "methods": form["methods"].value()}


def says_that_all_stops(answer: Any) -> bool:
    text = " ".join(str(effect) for effect in answer.context.get("effects") or [])
    return "Active devices: 2. People: 1." in text and "30 days" in text


def states(tenant: Property) -> set[str]:
    enter_tenant(tenant.pk)
    return set(Device.objects.filter(tenant=tenant).values_list("state", flat=True))


def test_another_vendor_of_one_device(client: Client, tenant: Property, at: At, two: list[Device]) -> None:
    address = at("device_edit", two[0])
    data = filled(client, address) | {"vendor": "全新厂商"}
    asked = client.post(address, data, **ENGLISH)
    assert says_that_all_stops(asked)
    assert f"“{two[0].name}” stops using faces at once: Its vendor is not in the assessment" in asked.content.decode()
    assert states(tenant) == {"active"}
    client.post(address, data | {"confirmed": "on"})
    assert states(tenant) == {"suspended"}, "What the question says is what happens"


def test_another_vendor_of_a_device_that_is_stopped_itself(
    client: Client, tenant: Property, at: At, two: list[Device]
) -> None:
    devices.suspend(tenant=tenant, device=two[0])
    address = at("device_edit", two[0])
    asked = client.post(address, filled(client, address) | {"vendor": "全新厂商"}, **ENGLISH)
    assert "Active devices: 1. People: 1." in " ".join(asked.context["effects"])
    assert states(tenant) == {"active", "suspended"}


def test_a_device_that_is_only_registered_stops_nothing(client: Client, tenant: Property, at: At) -> None:
    factories.make_active_device(tenant)
    device, _code = factories.make_device(tenant)
    address = at("device_edit", device)
    assert client.post(address, filled(client, address) | {"vendor": "全新厂商"}).status_code == 302
    assert states(tenant) == {"active", "registered"}


def test_what_the_gate_would_refuse_is_asked_and_what_it_allows_is_not(
    client: Client, tenant: Property, at: At, two: list[Device]
) -> None:
    address = at("device_edit", two[0])
    emptied = client.post(address, filled(client, address) | {"capture_area": ""}, **ENGLISH)
    assert emptied.context["effects"] == [
        f"“{two[0].name}” stops using faces at once: The capture area is not described."
    ]
    assert client.post(address, filled(client, address) | {"algorithm_version": "3.9"}).status_code == 302
    assert states(tenant) == {"active"}


def test_another_purpose_that_was_assessed_asks_nothing(client: Client, tenant: Property, at: At) -> None:
    device, _code = factories.make_active_device(tenant)
    address = at("device_edit", device)
    data = filled(client, address) | {"purpose": DevicePurpose.values[-1]}
    assert client.post(address, data).status_code == 302
    assert states(tenant) == {"active"}


def test_another_place_of_storage(client: Client, tenant: Property, at: At, two: list[Device]) -> None:
    data = filled(client, at("settings")) | {"storage_mode": "on_device"}
    assert says_that_all_stops(client.post(at("settings"), data, **ENGLISH))
    assert states(tenant) == {"active"}


@pytest.mark.parametrize("kind", [ZoneKind.LIFT, ZoneKind.TOILET])
def test_another_kind_of_place(client: Client, tenant: Property, at: At, two: list[Device], kind: ZoneKind) -> None:
    address = at("zone_edit", two[0].access_point.zone)
    data = filled(client, address) | {"kind": kind.value}
    assert says_that_all_stops(client.post(address, data, **ENGLISH))
    assert states(tenant) == {"active"}
    client.post(address, data | {"confirmed": "on"})
    assert states(tenant) == {"suspended"}


def test_a_door_that_moves_to_another_kind_of_place(
    client: Client, tenant: Property, at: At, two: list[Device]
) -> None:
    lift = factories.make_zone(tenant, ZoneKind.LIFT)
    address = at("door_edit", two[0].access_point)
    data = filled_door(client, address) | {"zone": str(lift.pk)}
    asked = client.post(address, data, **ENGLISH)
    assert says_that_all_stops(asked)
    assert states(tenant) == {"active"}
    kept = {name: value for name, value in data.items() if f'name="{name}"' in asked.content.decode()}
    assert kept == data, "Every value travels on"
    client.post(address, data | {"confirmed": "on"})
    assert states(tenant) == {"suspended"}


def test_a_new_name_asks_nothing(client: Client, tenant: Property, at: At, two: list[Device]) -> None:
    for name, row in (("device_edit", two[0]), ("zone_edit", two[0].access_point.zone)):
        address = at(name, row)
        assert client.post(address, filled(client, address) | {"name": "新名字"}).status_code == 302
    address = at("door_edit", two[0].access_point)
    assert client.post(address, filled_door(client, address) | {"name": "新名字"}).status_code == 302
    assert states(tenant) == {"active"}


def test_what_is_stopped_already_is_not_asked_again(
    client: Client, tenant: Property, at: At, two: list[Device]
) -> None:
    assessments.mark_stale(tenant=tenant, codes=["incident"])
    address = at("device_edit", two[0])
    assert client.post(address, filled(client, address) | {"vendor": "全新厂商"}).status_code == 302


def test_the_list_says_that_faces_that_exist_stop_too(client: Client, tenant: Property, at: At) -> None:
    factories.make_assessment(tenant)
    assessments.mark_stale(tenant=tenant, codes=["incident"])
    page = client.get(at("assessments"), **ENGLISH).content.decode()
    assert "no new faces" not in page
    assert "every face stops, those enrolled already as well" in page
