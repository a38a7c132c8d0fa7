"""Devices: registered once, activated by the gate alone."""

from collections.abc import Callable

import pytest
from django.test import Client

from portal.web.reads.histories import history
from recognition.edge.kinds import OrderKind
from recognition.edge.models import DeviceOrder
from tenants.clearance.consequences import follow_devices
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.premises import pairing
from tenants.premises.kinds import DeviceState, MethodKind, SuspensionReason, ZoneKind
from tenants.premises.models import AccessPoint, Device
from tenants.premises.services import devices
from tests import factories
from tests.terminals import paired

pytestmark = pytest.mark.django_db


def register(client: Client, address: str, door: AccessPoint, name: str = "终端 A") -> str:
    answer = client.post(address, {"name": name, "access_point": door.pk, "mode": "verify", "purpose": "access"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    return answer.context["pairing_code"]


def test_the_pairing_code_is_shown_once(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    code = register(client, at("device_add"), factories.make_door(tenant))
    enter_tenant(tenant.pk)
    device = Device.objects.get(tenant=tenant)
    parsed = pairing.parse(code)
    assert parsed is not None
    assert parsed.proves(device.pairing_hash)
    for page in ("device", "device_pairing"):
        assert parsed.secret not in client.get(at(page, device)).content.decode()
    assert parsed.secret not in str(dict(client.session))


def test_a_new_pairing_code_ends_the_old_one(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    device, old = factories.make_device(tenant)
    assert client.get(at("device_pairing", device)).status_code == 200
    new = client.post(at("device_pairing", device)).context["pairing_code"]
    enter_tenant(tenant.pk)
    device.refresh_from_db()
    stored = [pairing.parse(text).proves(device.pairing_hash) for text in (old, new)]  # type: ignore[union-attr]
    assert stored == [False, True]


@pytest.mark.parametrize(
    ("mode", "said"),
    [(StorageMode.PORTAL, "Nobody has to come again."), (StorageMode.ON_DEVICE, "face taken there again: 0")],
)
def test_who_pairs_again_is_told_what_becomes_of_the_faces(mode: StorageMode, said: str) -> None:
    tenant = factories.make_property(storage_mode=mode)
    device, code = factories.make_device(tenant)
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(factories.make_member(tenant))
    address = f"/t/{tenant.slug}/devices/{device.pk}/pairing/"
    first = client.get(address).content.decode()
    assert f"Pair “{device.name}”?" in first
    assert "earlier keys" not in first
    paired(code, Client())
    again = client.get(address).content.decode()
    assert "earlier keys stop at once" in again
    assert said in again


def test_the_pairing_page_shows_a_picture_of_the_code_and_until_when(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    device, _code = factories.make_device(tenant)
    answer = client.post(at("device_pairing", device))
    page = answer.content.decode()
    assert 'role="img"' in page
    assert page.count(answer.context["pairing_code"]) == 1
    enter_tenant(tenant.pk)
    device.refresh_from_db()
    assert answer.context["valid_until"] == device.pairing_expires_at


def test_only_a_paired_terminal_is_asked_for_new_keys(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    device, code = factories.make_device(tenant)
    client.post(at("device_keys", device))
    enter_tenant(tenant.pk)
    assert not DeviceOrder.objects.exists()
    terminal = paired(code, Client())
    assert terminal.keyid.split(".")[2] in client.get(at("device", device)).content.decode()
    client.post(at("device_keys", device))
    enter_tenant(tenant.pk)
    assert DeviceOrder.objects.get().kind == OrderKind.ROTATE


def test_a_device_whose_key_was_copied_is_neither_activated_nor_kept_off(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    device, _code = factories.make_active_device(tenant)
    devices.stop_for_copied_key(tenant=tenant, device=device)
    for name in ("device_activate", "device_suspend"):
        client.post(at(name, device))
        enter_tenant(tenant.pk)
        device.refresh_from_db()
        assert device.suspended_for == SuspensionReason.KEY_COPIED, name
    follow_devices(tenant=tenant)
    device.refresh_from_db()
    assert device.suspended_for == SuspensionReason.KEY_COPIED, "nor does the gate start it"
    assert at("device_pairing", device) in client.get(at("device", device)).content.decode()


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
    device, _code = factories.make_device(tenant, factories.make_door(tenant, methods=(MethodKind.FACE,)))
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
    device, _code = factories.make_device(tenant)
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
    happened = history("device", tenant, device).items
    assert len(happened) == 6, "Registered, its sign recorded, and four changes of state"
    assert str(happened[0]["text"]) in client.get(at("device", device)).content.decode()


def test_the_list_searches_and_filters(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    first, _code = factories.make_active_device(tenant)
    second, _code = factories.make_device(tenant)

    def found(**wanted: object) -> set[Device]:
        return set(client.get(at("devices"), wanted).context["object_list"])

    assert found(q=first.name) == {first}
    assert found(state="registered") == {second}
    assert found(zone=first.access_point.zone_id) == {first}
    assert found(zone="nonsense", state="nonsense", q="\x00") == {first, second}
