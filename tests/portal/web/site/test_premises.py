"""Zones, doors and their methods."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.translation import override

from portal.web.forms.devices import DeviceFactsForm, DeviceForm
from portal.web.forms.passes import PassForm
from portal.web.reads.ways import doors_of
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.premises.kinds import DeviceState, MethodKind, ZoneKind, ZoneLevel
from tenants.premises.models import AccessPoint, Zone
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_zone_and_a_door_are_added_and_shown(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    client.post(at("zone_add"), {"name": "东门", "kind": "gate"})
    enter_tenant(tenant.pk)
    zone = Zone.objects.get(tenant=tenant)
    answer = client.post(
        at("door_add"), {"name": "东门人行门", "zone": zone.pk, "methods": ["face", "card"]}, follow=True
    )
    assert "东门人行门" in answer.content.decode()


def test_a_name_taken_is_said_on_the_form(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    factories.make_zone(tenant, name="东门")
    answer = client.post(at("zone_add"), {"name": "东门", "kind": "gate"})
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_a_door_takes_no_zone_of_another_property(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    foreign = factories.make_zone(factories.make_property())
    answer = client.post(at("door_add"), {"name": "门", "zone": foreign.pk, "methods": ["card"]})
    assert "zone" in answer.context["form"].errors


def test_relabelling_a_zone_asks_first_and_then_suspends(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    device, _code = factories.make_active_device(tenant)
    zone = device.access_point.zone
    data = {"name": zone.name, "kind": ZoneKind.TOILET.value}
    asked = client.post(at("zone_edit", zone), data)
    assert device.name in asked.content.decode()
    enter_tenant(tenant.pk)
    device.refresh_from_db()
    assert device.state == DeviceState.ACTIVE

    done = client.post(at("zone_edit", zone), data | {"confirmed": "on"}, follow=True)
    assert device.name in "".join(str(message) for message in done.context["messages"])
    enter_tenant(tenant.pk)
    device.refresh_from_db()
    assert device.state == DeviceState.SUSPENDED


def test_the_last_other_way_failing_suspends_the_device(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    device, _code = factories.make_active_device(tenant)
    card = device.access_point.methods.get(kind=MethodKind.CARD)
    for _twice in range(2):
        client.post(at("method_toggle", card), {"is_live": "0"})
        enter_tenant(tenant.pk)
        device.refresh_from_db()
        card.refresh_from_db()
        assert (device.state, card.is_live) == (DeviceState.SUSPENDED, False)
    assert client.post(at("method_toggle", card), {"is_live": "nonsense"}).status_code == 400


def test_a_zone_with_doors_stays(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    door = factories.make_door(tenant)
    answer = client.post(at("zone_delete", door.zone))
    assert answer.context["form"].non_field_errors()
    client.post(at("door_delete", door))
    enter_tenant(tenant.pk)
    assert not AccessPoint.objects.filter(pk=door.pk).exists()


def test_the_search_finds_a_zone_by_its_door(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    factories.make_door(tenant, factories.make_zone(tenant, name="甲区"), name="北门")
    factories.make_door(tenant, factories.make_zone(tenant, name="乙区"), name="南门")
    page = client.get(at("premises"), {"q": "北门"}).content.decode()
    assert "甲区" in page
    assert "乙区" not in page


def test_a_private_zone_is_marked(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    factories.make_zone(tenant, kind=ZoneKind.CHANGING_ROOM)
    page = client.get(at("premises"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "No face device may be here" in page


def test_two_doors_of_one_name_are_told_apart_wherever_one_is_chosen_or_named(tenant: Property) -> None:
    towers = [factories.make_zone(tenant, name=name, level=ZoneLevel.BUILDING) for name in ("1号楼", "2号楼")]
    for tower in towers:
        factories.make_door(tenant, factories.make_zone(tenant, name="大厅", parent=tower), name="东门")
    paths = ["1号楼 › 大厅 › 东门", "2号楼 › 大厅 › 东门"]
    for field in (
        DeviceForm(tenant=tenant)["access_point"],
        DeviceFactsForm(tenant=tenant)["access_point"],
        PassForm(tenant=tenant)["doors"],
    ):
        assert sorted(str(label) for value, label in field.field.choices if value) == paths
    with override("zh-hans"):
        assert sorted(doors_of(tenant).ways[0].doors.split("、")) == paths
