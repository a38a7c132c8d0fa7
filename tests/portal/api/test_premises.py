"""Places, the terms of a method, and the facts of a device over the API: the same services, the same refusals."""

import pytest
from rest_framework.test import APIClient

from tenants.clearance.services import activate_device
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.premises.models import Device, Zone
from tests import factories


def codes(answer: object) -> set[tuple[str, str]]:
    return {(field, entry["code"]) for field, entries in answer.json()["errors"].items() for entry in entries}


def test_a_zone_lies_in_a_larger_one_and_inherits_its_privacy(api: APIClient, tenant: Property, base: str) -> None:
    bath = api.post(f"{base}zones/", {"name": "浴区", "kind": "bath", "level": "floor"}, format="json").json()
    hall = {"name": "前厅", "kind": "lobby", "parent": bath["id"]}
    made = api.post(f"{base}zones/", hall, format="json").json()
    assert (made["level"], made["parent"], made["is_private"]) == ("area", bath["id"], True)
    assert [row["name"] for row in api.get(f"{base}zones/?parent={bath['id']}").json()["results"]] == ["前厅"]

    url = f"{base}zones/{made['id']}/"
    kept = api.put(url, {"name": "前厅", "kind": "lobby"}, format="json").json()
    assert kept["parent"] == bath["id"], "What is not said stays"
    freed = api.put(url, {"name": "前厅", "kind": "lobby", "parent": None}, format="json").json()
    assert (freed["parent"], freed["is_private"]) == (None, False)
    refused = api.put(f"{base}zones/{bath['id']}/", hall | {"name": "浴区", "parent": made["id"]}, format="json")
    assert codes(refused) == {("parent", "level")}


def test_a_zone_of_another_property_is_no_parent(api: APIClient, tenant: Property, base: str) -> None:
    foreign = factories.make_zone(factories.make_property(), level="site")
    refused = api.post(f"{base}zones/", {"name": "x", "kind": "lobby", "parent": str(foreign.pk)}, format="json")
    assert codes(refused) == {("parent", "does_not_exist")}
    enter_tenant(tenant.pk)
    assert not Zone.objects.filter(tenant=tenant).exists()


def test_the_terms_of_a_method_are_set_and_compared(api: APIClient, tenant: Property, base: str) -> None:
    door = factories.make_door(tenant)
    url = f"{base}doors/{door.pk}/methods/card/"
    terms = {"opens_at": "06:00", "closes_at": "23:00", "fee": "5.00", "steps": 2, "distance_m": 40}
    answer = api.put(url, terms | {"extra_papers": True}, format="json").json()
    card = next(method for method in answer["methods"] if method["kind"] == "card")
    assert set(card["inconveniences"]) == {"costs_money", "narrower_hours", "more_papers", "elsewhere", "more_steps"}
    assert card["is_live"], "Terms say nothing about whether it works"
    back = api.put(url, {"opens_at": None, "closes_at": None, "fee": "0"}, format="json").json()
    card = next(method for method in back["methods"] if method["kind"] == "card")
    assert set(card["inconveniences"]) == {"more_papers", "elsewhere", "more_steps"}


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"fee": "-1"}, "fee"),
        ({"opens_at": "06:00"}, "opens_at"),
        ({"steps": 0}, "steps"),
        ({"is_live": False, "since": "2999-01-01T00:00:00Z"}, "since"),
        ({"discount": 1}, "discount"),
    ],
)
def test_impossible_terms_are_refused_beside_their_field(
    api: APIClient, tenant: Property, base: str, payload: dict[str, object], field: str
) -> None:
    door = factories.make_door(tenant)
    refused = api.put(f"{base}doors/{door.pk}/methods/card/", payload, format="json")
    assert refused.status_code == 400
    assert {name for name, _code in codes(refused)} == {field}


def test_the_facts_of_a_device_come_later(api: APIClient, tenant: Property, base: str) -> None:
    door = factories.make_door(tenant)
    device = api.post(f"{base}devices/", {"access_point": str(door.pk), "name": "终端"}, format="json").json()
    url = f"{base}devices/{device['id']}/"
    assert device["test_faults"] == ["untested"]
    report = {"tested_on": "2026-09-01", "false_accept_percent": "0.5", "false_reject_percent": "1"}
    changed = api.patch(url, report | {"attack_success_percent": "2", "algorithm": "ArcFace"}, format="json").json()
    assert changed["test_faults"] == ["false_accept"]
    assert (changed["algorithm"], changed["tested_on"]) == ("ArcFace", "2026-09-01")


def test_another_algorithm_stops_an_active_device(api: APIClient, tenant: Property, base: str) -> None:
    device, _code = factories.make_active_device(tenant)
    changed = api.patch(f"{base}devices/{device.pk}/", {"algorithm_version": "4"}, format="json").json()
    assert (changed["state"], changed["suspended_for"]) == ("suspended", "not_cleared")
    assert (changed["suspended"], changed["resumed"]) == ([str(device.pk)], [])
    back = api.patch(f"{base}devices/{device.pk}/", {"algorithm_version": "3.2.1"}, format="json").json()
    assert (back["state"], back["suspended"], back["resumed"]) == ("active", [], [str(device.pk)])


def test_every_device_that_a_change_stops_or_starts_is_named(api: APIClient, tenant: Property, base: str) -> None:
    door = factories.make_door(tenant)
    made = [factories.make_device(tenant, door)[0] for _thrice in range(3)]
    factories.make_notice(tenant)
    factories.make_assessment(tenant)
    for device in made:
        activate_device(tenant=tenant, device=device)
    ids = {str(device.pk) for device in made}
    zone, card = f"{base}zones/{door.zone_id}/", f"{base}doors/{door.pk}/methods/card/"
    for url, breaks, mends in (
        (zone, {"name": "厅", "kind": "corridor"}, {"name": "厅", "kind": "lobby"}),
        (card, {"fee": "5"}, {"fee": "0"}),
        (card, {"is_live": False}, {"is_live": True}),
    ):
        broken = api.put(url, breaks, format="json").json()
        assert (set(broken["suspended"]), broken["resumed"]) == (ids, [])
        mended = api.put(url, mends, format="json").json()
        assert (mended["suspended"], set(mended["resumed"])) == ([], ids)


def test_a_device_moves_to_another_door_and_waits_there(api: APIClient, tenant: Property, base: str) -> None:
    device, _code = factories.make_active_device(tenant)
    door, foreign = factories.make_door(tenant), factories.make_door(factories.make_property())
    enter_tenant(tenant.pk)
    url = f"{base}devices/{device.pk}/"
    refused = api.patch(url, {"access_point": str(foreign.pk)}, format="json")
    assert codes(refused) == {("access_point", "does_not_exist")}
    moved = api.patch(url, {"access_point": str(door.pk)}, format="json").json()
    assert (moved["access_point"], moved["state"], moved["suspended"]) == (str(door.pk), "suspended", [str(device.pk)])
    assert [check["code"] for check in moved["checks"] if not check["holds"]] == ["no_sign"]


@pytest.mark.parametrize("field", ["state", "sign_photo_on", "emotion", "tenant"])
def test_no_other_field_of_a_device_is_taken(api: APIClient, tenant: Property, base: str, field: str) -> None:
    device, _code = factories.make_device(tenant)
    refused = api.patch(f"{base}devices/{device.pk}/", {field: "active"}, format="json")
    assert codes(refused) == {(field, "unknown_field")}
    enter_tenant(tenant.pk)
    assert Device.objects.get(pk=device.pk).state == "registered"
