"""Properties, members, zones, doors, devices, notices, retention over the API."""

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from tenants.organizations.models import Membership, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.premises.kinds import MethodKind, ZoneKind
from tenants.premises.models import Device
from tenants.premises.services.devices import record_sign
from tenants.transparency.rules.notices import FIELDS
from tests import factories
from tests.portal.api.conftest import Caller


def codes(answer: object) -> set[str]:
    return {entry["code"] for entries in answer.json()["errors"].values() for entry in entries}


def test_i_see_my_properties_and_no_other(api: APIClient, tenant: Property) -> None:
    other = factories.make_property()
    factories.make_member(other)
    slugs = [row["slug"] for row in api.get("/api/v1/properties/").json()["results"]]
    assert slugs == [tenant.slug]


def test_a_property_says_what_i_may_do(api: APIClient, base: str) -> None:
    assert "manage_property" in api.get(base).json()["permissions"]
    changed = api.patch(base, {"storage_mode": "on_device"}, format="json")
    assert changed.json()["storage_mode"] == "on_device"


def test_readiness_says_whether_this_portal_tests_for_a_live_face(api: APIClient, tenant: Property, base: str) -> None:
    assert api.get(f"{base}readiness/").json()["liveness_test"] in {"on", "absent"}
    api.patch(base, {"storage_mode": "on_device"}, format="json")
    assert api.get(f"{base}readiness/").json()["liveness_test"] is None


def test_how_good_a_photo_must_be_is_one_of_three(api: APIClient, base: str) -> None:
    assert api.get(base).json()["face_quality"] == "standard"
    assert api.patch(base, {"face_quality": "lenient"}, format="json").json()["face_quality"] == "lenient"
    refused = api.patch(base, {"face_quality": "none at all"}, format="json")
    assert (refused.status_code, codes(refused)) == (400, {"invalid_choice"})


def test_a_face_only_door_and_a_private_place_are_refused(api: APIClient, tenant: Property, base: str) -> None:
    factories.make_lawful(tenant)
    zone = api.post(f"{base}zones/", {"name": "大厅", "kind": "lobby"}, format="json").json()
    door = api.post(
        f"{base}doors/", {"name": "东门", "zone": zone["id"], "methods": ["face", "card"]}, format="json"
    ).json()
    facts = {name: str(value) for name, value in factories.DEVICE_FACTS.items()} | {"tested_on": "2026-01-05"}
    registered = api.post(f"{base}devices/", facts | {"access_point": door["id"], "name": "终端"}, format="json")
    assert registered.status_code == 201
    assert registered.json()["pairing_code"].startswith("cpc_")
    device = f"{base}devices/{registered.json()['id']}/"
    enter_tenant(tenant.pk)
    record_sign(
        tenant=tenant,
        device=Device.objects.get(pk=registered.json()["id"]),
        taken_on=timezone.localdate(),
        picture=factories.sign_photo(),
    )
    assert "pairing_code" not in api.get(device).json()

    off = api.put(f"{base}doors/{door['id']}/methods/card/", {"is_live": False}, format="json")
    assert (off.status_code, off.json()["suspended"]) == (200, [])
    refused = api.post(f"{device}activate/")
    assert (refused.status_code, refused.json()["code"]) == (400, "face_only")
    api.put(f"{base}doors/{door['id']}/methods/card/", {"is_live": True}, format="json")
    assert api.post(f"{device}activate/").json()["state"] == "active"
    assert all(check["holds"] for check in api.get(device).json()["checks"])

    zone_url = f"{base}zones/{zone['id']}/"
    changed = api.put(zone_url, {"name": "更衣室", "kind": "changing_room"}, format="json")
    assert changed.json()["suspended"] == [registered.json()["id"]]
    again = api.post(f"{base}devices/", {"access_point": door["id"], "name": "又一台"}, format="json")
    assert again.json()["code"] == "private_place"


def test_a_device_lives_once(api: APIClient, tenant: Property, base: str) -> None:
    device, _code = factories.make_active_device(tenant)
    url = f"{base}devices/{device.pk}/"
    assert api.post(f"{url}suspend/").json()["state"] == "suspended"
    assert api.post(f"{url}pairing/").status_code == 201
    assert api.post(f"{url}retire/").json()["state"] == "retired"
    assert api.post(f"{url}activate/").json()["code"] == "wrong_state"


def test_a_door_and_a_zone_in_use_stay(api: APIClient, tenant: Property, base: str) -> None:
    door = factories.make_door(tenant)
    zone = f"{base}zones/{door.zone_id}/"
    assert api.delete(zone).json()["code"] == "zone_in_use"
    new = {"name": "西门", "zone": str(door.zone_id), "methods": ["card"]}
    assert api.put(f"{base}doors/{door.pk}/", new, format="json").json()["methods"][0]["kind"] == "card"
    assert api.delete(f"{base}doors/{door.pk}/").status_code == 204
    assert api.delete(zone).status_code == 204


def test_rows_of_another_property_are_as_unknown_as_none(api: APIClient, tenant: Property, base: str) -> None:
    other = factories.make_property()
    foreign_door, foreign_zone = factories.make_door(other), factories.make_zone(other)
    enter_tenant(tenant.pk)
    for path in (f"zones/{foreign_zone.pk}/", f"doors/{foreign_door.pk}/"):
        assert api.get(base + path).status_code == 404
        assert api.delete(base + path).status_code == 404
    answer = api.post(f"{base}devices/", {"access_point": str(foreign_door.pk), "name": "x"}, format="json")
    assert (answer.status_code, codes(answer)) == (400, {"does_not_exist"})
    door = {"name": "x", "zone": str(foreign_zone.pk), "methods": ["card"]}
    assert codes(api.post(f"{base}doors/", door, format="json")) == {"does_not_exist"}


def test_a_notice_is_drafted_and_published_once(api: APIClient, base: str) -> None:
    draft = api.post(f"{base}notices/").json()
    url = f"{base}notices/{draft['id']}/"
    missing = api.post(f"{url}publish/")
    assert (missing.status_code, codes(missing)) == (400, {"missing"})
    texts = dict.fromkeys(FIELDS, "text")
    assert api.patch(url, texts | {"retention_en": "for ever and permanent"}, format="json").status_code == 200
    assert api.post(f"{url}publish/").json()["code"] == "endless"
    api.patch(url, {"retention_en": "180 days"}, format="json")
    assert api.post(f"{url}publish/").json()["state"] == "published"
    assert api.patch(url, {"rights_en": "other"}, format="json").json()["code"] == "published"
    assert api.delete(url).json()["code"] == "published"


def test_retention_is_bounded(api: APIClient, base: str) -> None:
    url = f"{base}retention/"
    assert api.put(url, {"face_days": 30, "event_days": 60}, format="json").json() == {
        "face_days": 30,
        "event_days": 60,
        "request_days": 180,
        "alarm_days": 184,
    }
    assert codes(api.put(url, {"face_days": 366, "event_days": 2}, format="json")) == {"max_value", "min_value"}


def test_members_come_change_and_go(api: APIClient, tenant: Property, owner: User, base: str) -> None:
    added = api.post(f"{base}members/", {"email": "new@example.com", "role": "auditor"}, format="json")
    assert added.status_code == 201
    url = f"{base}members/{added.json()['id']}/"
    assert api.put(url, {"role": "manager"}, format="json").json()["role"] == "manager"
    assert api.delete(url).status_code == 204
    assert api.post(f"{url}restore/").json()["is_active"] is True
    mine = Membership.objects.get(tenant=tenant, user=owner)
    assert api.delete(f"{base}members/{mine.pk}/").json()["code"] == "last_owner"


@pytest.mark.parametrize(
    "path",
    [
        "zones/",
        "doors/",
        "devices/",
        "notices/",
        "people/",
        "enrollments/",
        "requests/",
        "erasures/",
        "events/",
        "members/",
    ],
)
def test_a_list_costs_the_same_however_long(
    api: APIClient, tenant: Property, base: str, path: str, django_assert_max_num_queries: object
) -> None:
    def fill() -> None:
        enter_tenant(tenant.pk)
        zone = factories.make_zone(tenant, ZoneKind.LOBBY)
        door = factories.make_door(tenant, zone, methods=(MethodKind.FACE, MethodKind.CARD))
        factories.make_device(tenant, door)
        factories.make_person(tenant)
        factories.make_member(tenant, Role.AUDITOR)

    fill()
    api.get(base + path)  # the first one writes down when the session began
    with django_assert_max_num_queries(15) as short:
        assert api.get(base + path).status_code == 200
    for _unused in range(3):
        fill()
    with django_assert_max_num_queries(15) as long:
        assert api.get(base + path).status_code == 200
    assert len(short) == len(long)


def test_lists_are_searched_filtered_and_paged(api: APIClient, tenant: Property, base: str, caller: Caller) -> None:
    factories.make_person(tenant, name="张三")
    factories.make_person(tenant, name="李四", kind="guest")
    assert [row["name"] for row in api.get(f"{base}people/?q=张").json()["results"]] == ["张三"]
    assert [row["name"] for row in api.get(f"{base}people/?kind=guest").json()["results"]] == ["李四"]
    page = api.get(f"{base}people/?page_size=1").json()
    assert (page["count"], len(page["results"])) == (2, 1)
