"""Devices: registered once, activated by the gate alone."""

from collections.abc import Callable

import pytest
from django.test import Client

from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.premises import credentials
from tenants.premises.kinds import DeviceState, MethodKind, ZoneKind
from tenants.premises.models import AccessPoint, Device
from tests import factories

pytestmark = pytest.mark.django_db


def register(client: Client, address: str, door: AccessPoint, name: str = "终端 A") -> str:
    answer = client.post(address, {"name": name, "access_point": door.pk, "mode": "verify", "purpose": "access"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    return answer.context["credential"]


def test_the_credential_is_shown_once(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    credential = register(client, at("device_add"), factories.make_door(tenant))
    enter_tenant(tenant.pk)
    device = Device.objects.get(tenant=tenant)
    parsed = credentials.parse(credential)
    assert parsed is not None
    assert parsed.proves(device.credential_hash)
    for page in ("device", "device_credential"):
        assert parsed.secret not in client.get(at(page, device)).content.decode()
    assert parsed.secret not in str(dict(client.session))


def test_replacing_the_credential_asks_and_stops_the_old_one(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    device, old = factories.make_device(tenant)
    assert client.get(at("device_credential", device)).status_code == 200
    new = client.post(at("device_credential", device)).context["credential"]
    enter_tenant(tenant.pk)
    device.refresh_from_db()
    stored = [credentials.parse(text).proves(device.credential_hash) for text in (old, new)]  # type: ignore[union-attr]
    assert stored == [False, True]


def test_a_device_in_a_private_place_is_refused_beside_the_door(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    door = factories.make_door(tenant, factories.make_zone(tenant, kind=ZoneKind.CHANGING_ROOM))
    answer = client.post(
        at("device_add"),
        {"name": "终端", "access_point": door.pk, "mode": "verify", "purpose": "access"},
        HTTP_ACCEPT_LANGUAGE="en",
    )
    assert "Art 13" in str(answer.context["form"].errors["access_point"])
    enter_tenant(tenant.pk)
    assert not Device.objects.filter(tenant=tenant).exists()


def test_a_door_of_another_property_cannot_be_chosen(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    door = factories.make_door(factories.make_property())
    answer = client.post(
        at("device_add"), {"name": "终端", "access_point": door.pk, "mode": "verify", "purpose": "access"}
    )
    assert "access_point" in answer.context["form"].errors


def test_a_face_only_door_cannot_be_activated(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    factories.make_lawful(tenant)
    device, _credential = factories.make_device(tenant, factories.make_door(tenant, methods=(MethodKind.FACE,)))
    answer = client.post(at("device_activate", device), follow=True, HTTP_ACCEPT_LANGUAGE="en")
    page = answer.content.decode()
    assert "This door has no other way that works" in page
    assert "Art 10" in page
    assert answer.context["blocked"] == 1
    enter_tenant(tenant.pk)
    device.refresh_from_db()
    assert device.state == DeviceState.REGISTERED


def test_a_device_lives_from_activation_to_retirement(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    factories.make_lawful(tenant)
    device, _credential = factories.make_device(tenant)
    for action, state in (
        ("device_activate", DeviceState.ACTIVE),
        ("device_suspend", DeviceState.SUSPENDED),
        ("device_activate", DeviceState.ACTIVE),
        ("device_retire", DeviceState.RETIRED),
        ("device_activate", DeviceState.RETIRED),
    ):
        client.post(at(action, device))
        enter_tenant(tenant.pk)
        device.refresh_from_db()
        assert device.state == state
    timeline = client.get(at("device", device)).context["timeline"]
    assert len(timeline) == 6, "Registered, its sign recorded, and four changes of state"


def test_the_list_searches_and_filters(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    first, _credential = factories.make_active_device(tenant)
    second, _credential = factories.make_device(tenant)

    def found(**wanted: object) -> set[Device]:
        return set(client.get(at("devices"), wanted).context["object_list"])

    assert found(q=first.name) == {first}
    assert found(state="registered") == {second}
    assert found(zone=first.access_point.zone_id) == {first}
    assert found(zone="nonsense", state="nonsense", q="\x00") == {first, second}
