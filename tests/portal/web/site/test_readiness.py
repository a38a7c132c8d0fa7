"""Readiness: every duty with its state, at any size; the switch that stops all faces; a past day."""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from tenants.clearance.rules import devices, places, sites
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.people.models import Person
from tenants.premises.kinds import DeviceState, ZoneKind
from tenants.premises.models import Device, Zone
from tenants.premises.services.zones import update_zone
from tests import factories

pytestmark = pytest.mark.django_db

At = Callable[..., str]


def rows(client: Client, address: str) -> dict[str, dict[str, object]]:
    groups = client.get(address, HTTP_ACCEPT_LANGUAGE="en").context["groups"]
    return {row["code"]: row for group in groups for row in group["rows"]}


def test_every_duty_of_the_gate_is_listed_and_more(client: Client, tenant: Property, at: At) -> None:
    found = rows(client, at("readiness"))
    codes = {rule.code for rule in (*sites.RULES, *places.RULES, *devices.RULES)}
    assert codes | {"requests_overdue", "erasures_waiting"} == set(found)
    assert all(row["article"] for row in found.values())


def test_an_empty_property_is_told_what_blocks_and_where_to_begin(client: Client, tenant: Property, at: At) -> None:
    found = rows(client, at("readiness"))
    assert found["no_assessment"]["tone"] == found["no_notice"]["tone"] == "stop"
    assert found["no_notice"]["url"] == at("notices")
    assert found["face_only"]["tone"] == "neutral", "There is no door to judge yet"
    assert at("setup") in client.get(at("readiness")).content.decode()


def test_a_lawful_property_has_nothing_that_blocks(client: Client, tenant: Property, at: At) -> None:
    factories.make_active_device(tenant)
    found = rows(client, at("readiness"))
    assert {row["tone"] for row in found.values()} == {"ok"}
    assert found["no_sign"]["evidence"] == "1 of 1 devices"


def test_the_row_of_a_broken_rule_leads_to_the_device_that_breaks_it(client: Client, tenant: Property, at: At) -> None:
    factories.make_active_device(tenant)
    device, _credential = factories.make_device(tenant, capture_area="")
    row = rows(client, at("readiness"))["no_capture_area"]
    assert (row["tone"], row["evidence"]) == ("stop", "1 of 2 devices")
    assert (row["first"].pk, row["url"]) == (device.pk, at("device_edit", device))


def test_the_api_says_the_same(client: Client, tenant: Property, owner: User, at: At) -> None:
    factories.make_device(tenant)
    shown = rows(client, at("readiness"))
    api = APIClient()
    api.force_login(owner)
    duties = api.get(f"/api/v1/properties/{tenant.slug}/readiness/").json()["duties"]
    tones = {"met": "ok", "due": "due", "blocking": "stop", "nothing": "neutral"}
    assert {duty["code"]: tones[duty["status"]] for duty in duties} == {c: row["tone"] for c, row in shown.items()}


@pytest.mark.slow
def test_the_page_asks_the_same_of_the_database_for_1000_devices_and_50000_people(
    client: Client, tenant: Property, at: At
) -> None:
    device, _credential = factories.make_active_device(tenant)
    factories.make_person(tenant)
    address = at("readiness")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    enter_tenant(tenant.pk)
    now = timezone.now()
    fields = {field.attname: getattr(device, field.attname) for field in Device._meta.fields}
    Device.objects.bulk_create(
        Device(**(fields | {"id": uuid.uuid4(), "name": f"终端 {number}", "state": DeviceState.REGISTERED}))
        for number in range(1000)
    )
    Person.objects.bulk_create((Person(tenant=tenant, created_at=now) for _number in range(50_000)), batch_size=5000)
    with CaptureQueriesContext(connection) as many:
        answer = client.get(address)
    assert answer.status_code == 200
    assert len(many) == len(few) <= 20
    assert rows(client, address)["no_sign"]["evidence"] == "1001 of 1001 devices"


def test_one_switch_stops_every_face_and_lets_them_go_again(client: Client, tenant: Property, at: At) -> None:
    device, _credential = factories.make_active_device(tenant)
    refused = client.post(at("faces_stop"), {"reason": " "})
    assert "reason" in refused.context["form"].errors
    client.post(at("faces_stop"), {"reason": "法院裁定（2026）浙0106行保1号"})
    enter_tenant(tenant.pk)
    device.refresh_from_db()
    assert device.state == DeviceState.SUSPENDED
    assert "法院裁定" in client.get(at("settings")).content.decode()
    client.post(at("faces_release"))
    enter_tenant(tenant.pk)
    device.refresh_from_db()
    assert device.state == DeviceState.ACTIVE


def test_only_an_owner_stops_all_faces(tenant: Property, at: At, as_role: Callable[[Role], Client]) -> None:
    assert as_role(Role.MANAGER).post(at("faces_stop"), {"reason": "x"}).status_code == 403


def test_a_past_day_shows_what_the_gate_answered(client: Client, tenant: Property, at: At) -> None:
    device, _credential = factories.make_active_device(tenant)
    zone = Zone.objects.get(pk=device.access_point.zone_id)
    update_zone(tenant=tenant, zone=zone, name=zone.name, kind=ZoneKind.TOILET)
    today = client.get(at("device_past", device), HTTP_ACCEPT_LANGUAGE="en")
    assert [row["is_allowed"] for row in today.context["answers"]] == [True, False]
    assert "This is a private place" in today.content.decode()
    before = client.get(at("device_past", device), {"day": "2026-01-01"}, HTTP_ACCEPT_LANGUAGE="en")
    assert "No face was used" in before.content.decode()


@pytest.mark.parametrize("day", ["", "yesterday", "2026-02-31", "9999-12-31", "0001-01-01", "-1", "２０２６-01-01"])
def test_any_day_that_is_typed_gets_a_page(client: Client, tenant: Property, at: At, day: str) -> None:
    device, _credential = factories.make_device(tenant)
    assert client.get(at("device_past", device), {"day": day}).status_code == 200
