"""The tree of zones on its page, and what a change of a place around a device asks first."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.premises.kinds import DeviceState, ZoneKind, ZoneLevel
from tenants.premises.models import Zone
from tenants.premises.services.devices import set_state
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_zone_is_added_in_a_larger_one(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    tower = factories.make_zone(tenant, level=ZoneLevel.BUILDING)
    assert client.get(at("zone_add"), {"in": tower.pk}).context["form"]["parent"].value() == str(tower.pk)
    client.post(at("zone_add"), {"name": "三层", "kind": "corridor", "level": "floor", "parent": tower.pk})
    enter_tenant(tenant.pk)
    assert Zone.objects.get(tenant=tenant, name="三层").path == f"{tower.name} › 三层"


@pytest.mark.parametrize("choice", ["itself", "smaller", "foreign", "nonsense"])
def test_an_impossible_place_is_refused_beside_its_field(
    client: Client, tenant: Property, at: Callable[..., str], choice: str
) -> None:
    zone = factories.make_zone(tenant, level=ZoneLevel.FLOOR)
    floor = factories.make_zone(tenant, level=ZoneLevel.FLOOR)
    foreign = factories.make_zone(factories.make_property(), level=ZoneLevel.SITE)
    parent = {"itself": zone.pk, "smaller": floor.pk, "foreign": foreign.pk, "nonsense": "x"}[choice]
    data = {"name": zone.name, "kind": "lobby", "level": "floor", "parent": parent}
    answer = client.post(at("zone_edit", zone), data)
    assert set(answer.context["form"].errors) == {"parent"}


def test_the_list_is_a_tree_and_says_what_lies_in_a_private_place(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    site = factories.make_zone(tenant, name="乙区", level=ZoneLevel.SITE)
    factories.make_zone(tenant, name="甲区", level=ZoneLevel.SITE)
    bath = factories.make_zone(tenant, ZoneKind.BATH, "浴区", site, ZoneLevel.FLOOR)
    factories.make_zone(tenant, name="前厅", parent=bath)
    answer = client.get(at("premises"), HTTP_ACCEPT_LANGUAGE="en")
    assert [zone.name for zone in answer.context["object_list"]] == ["乙区", "浴区", "前厅", "甲区"]
    assert answer.content.decode().count("No face device may be here") == 2


def test_moving_a_zone_into_a_private_place_asks_first(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    device, _code = factories.make_active_device(tenant)
    bath = factories.make_zone(tenant, ZoneKind.BATH, level=ZoneLevel.SITE)
    zone = device.access_point.zone
    data = {"name": zone.name, "kind": zone.kind, "level": "area", "parent": bath.pk}
    assert device.name in client.post(at("zone_edit", zone), data).content.decode()
    enter_tenant(tenant.pk)
    device.refresh_from_db()
    assert device.state == DeviceState.ACTIVE
    client.post(at("zone_edit", zone), data | {"confirmed": "on"})
    enter_tenant(tenant.pk)
    device.refresh_from_db()
    assert device.state == DeviceState.SUSPENDED


def test_relabelling_a_building_names_the_devices_on_its_floors(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    tower = factories.make_zone(tenant, level=ZoneLevel.BUILDING)
    factories.make_lawful(tenant)
    door = factories.make_door(tenant, factories.make_zone(tenant, parent=tower))
    device, _code = factories.make_device(tenant, door)
    client.post(at("device_activate", device))
    asked = client.post(at("zone_edit", tower), {"name": tower.name, "kind": "toilet", "level": "building"})
    assert device.name in asked.content.decode()
    found = client.get(at("devices"), {"zone": tower.pk}).context["object_list"]
    assert [row.pk for row in found] == [device.pk]


def test_the_pages_ask_the_database_the_same_number_of_times_however_large_the_tree(
    client: Client, tenant: Property, at: Callable[..., str], queries: Callable[[Callable[[], Any]], int]
) -> None:
    def grow(count: int) -> None:
        enter_tenant(tenant.pk)
        for _number in range(count):
            parent = None
            for level in ZoneLevel:
                parent = factories.make_zone(tenant, parent=parent, level=level)
            factories.make_device(tenant, factories.make_door(tenant, parent))

    pages = ("premises", "devices", "device_add", "door_add", "zone_add")
    grow(1)
    few = [queries(lambda page=page: client.get(at(page))) for page in pages]
    grow(4)
    assert [queries(lambda page=page: client.get(at(page))) for page in pages] == few


def test_of_very_many_devices_one_sentence_says_how_many_and_which(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    factories.make_lawful(tenant)
    door = factories.make_door(tenant)
    made = [factories.make_device(tenant, door)[0] for _number in range(13)]
    for device in made:
        set_state(tenant=tenant, device=device, target=DeviceState.ACTIVE)
    data = {"name": door.zone.name, "kind": "toilet", "level": "area"}
    asked = client.post(at("zone_edit", door.zone), data, HTTP_ACCEPT_LANGUAGE="en")
    names = ", ".join(sorted(device.name for device in made))
    assert asked.context["effects"] == [
        f"13 devices stop using faces at once: {names}. The reason: This is a private place."
    ]
    done = client.post(at("zone_edit", door.zone), data | {"confirmed": "on"}, follow=True, HTTP_ACCEPT_LANGUAGE="en")
    said = [str(message) for message in done.context["messages"]]
    assert f"13 devices were suspended: {names}. The reason: This is a private place." in said
