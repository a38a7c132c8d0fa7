"""A floor plan through its pages: a picture, numbers without a script, and who may look."""

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.premises.kinds import ZoneKind, ZoneLevel
from tenants.premises.models import FloorPlan, PlanMark, Zone
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def tower(tenant: Property) -> Zone:
    return factories.make_zone(tenant, level=ZoneLevel.BUILDING)


def upload(width: int = 300, height: int = 200) -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(written, "PNG")
    return SimpleUploadedFile("plan.png", written.getvalue(), "image/png")


def test_a_picture_is_chosen_and_things_are_placed_by_numbers(
    client: Client, tenant: Property, tower: Zone, at: Callable[..., str], as_role: Callable[[Role], Client]
) -> None:
    door = factories.make_door(tenant, factories.make_zone(tenant, ZoneKind.TOILET, parent=tower))
    assert client.get(at("zone_plan", tower)).context["plan"] is None
    client.post(at("zone_plan_upload", tower), {"picture": upload()})
    page = client.get(at("zone_plan_edit", tower)).content.decode()
    assert 'viewBox="0 0 300 200"' in page
    client.post(at("zone_plan_edit", tower), {f"x_{door.pk.hex}": "12.5", f"y_{door.pk.hex}": "80"})
    enter_tenant(tenant.pk)
    mark = PlanMark.objects.get(tenant=tenant)
    assert (mark.door_id, mark.x, mark.y) == (door.pk, Decimal("12.5"), Decimal(80))
    reader = as_role(Role.AUDITOR)
    shown = reader.get(at("zone_plan", tower)).content.decode()
    assert 'x="12.5%" y="80.0%"' in shown
    assert "is-private" in shown
    assert Image.open(io.BytesIO(reader.get(at("zone_plan_picture", tower)).content)).size == (300, 200)


@pytest.mark.parametrize(("x", "y", "field"), [("101", "1", "x"), ("1", "", "y"), ("", "1", "x"), ("1", "up", "y")])
def test_an_impossible_place_is_said_beside_its_number(
    client: Client, tenant: Property, tower: Zone, at: Callable[..., str], x: str, y: str, field: str
) -> None:
    door = factories.make_door(tenant, tower)
    factories.make_plan(tower, door)
    data = {f"x_{door.pk.hex}": x, f"y_{door.pk.hex}": y}
    assert set(client.post(at("zone_plan_edit", tower), data).context["form"].errors) == {f"{field}_{door.pk.hex}"}
    enter_tenant(tenant.pk)
    assert PlanMark.objects.get(tenant=tenant).x == 50


def test_a_file_that_is_no_picture_is_refused_beside_its_field(
    client: Client, tower: Zone, at: Callable[..., str]
) -> None:
    bad = SimpleUploadedFile("plan.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")
    assert set(client.post(at("zone_plan_upload", tower), {"picture": bad}).context["form"].errors) == {"picture"}


def test_without_a_plan_there_is_nothing_to_place_show_or_remove(
    client: Client, tower: Zone, at: Callable[..., str]
) -> None:
    assert client.get(at("zone_plan_edit", tower)).status_code == 404
    assert client.get(at("zone_plan_picture", tower)).status_code == 404
    assert client.post(at("zone_plan_delete", tower)).status_code == 404


def test_a_plan_is_removed_after_a_question(
    client: Client, tenant: Property, tower: Zone, at: Callable[..., str]
) -> None:
    factories.make_plan(tower, factories.make_door(tenant, tower))
    assert client.get(at("zone_plan_delete", tower)).status_code == 200
    client.post(at("zone_plan_delete", tower))
    enter_tenant(tenant.pk)
    assert not FloorPlan.objects.filter(tenant=tenant).exists()


def test_the_page_asks_the_same_number_of_times_however_much_is_on_it(
    client: Client,
    tenant: Property,
    tower: Zone,
    at: Callable[..., str],
    queries: Callable[[Callable[[], Any]], int],
) -> None:
    factories.make_plan(tower, factories.make_door(tenant, tower))
    few = queries(lambda: client.get(at("zone_plan", tower)))
    enter_tenant(tenant.pk)
    for _number in range(5):
        factories.make_door(tenant, factories.make_zone(tenant, parent=tower))
    assert queries(lambda: client.get(at("zone_plan", tower))) == few


@pytest.fixture
def crowd(tenant: Property, tower: Zone, monkeypatch: pytest.MonkeyPatch) -> list[Zone]:
    """More zones than a page bears, and a door that is placed already."""
    monkeypatch.setattr("portal.web.views.plans.MOST_ITEMS", 3)
    factories.make_plan(tower, factories.make_door(tenant, tower, name="末门"))
    factories.make_door(tenant, tower, name="侧门")
    return [factories.make_zone(tenant, name=f"甲{number}", parent=tower) for number in range(4)]


@pytest.mark.parametrize("page", ["zone_plan", "zone_plan_edit"])
def test_a_crowded_plan_shows_what_is_placed_then_doors_and_says_what_it_leaves_out(
    client: Client, tower: Zone, at: Callable[..., str], crowd: list[Zone], page: str
) -> None:
    answer = client.get(at(page, tower), HTTP_ACCEPT_LANGUAGE="en")
    assert [row["item"].name for row in answer.context["form"].rows()] == ["末门", "侧门", "甲0"]
    assert "Zones and doors that are not shown: 3." in answer.content.decode()
    found = client.get(at(page, tower), {"q": "甲3"}, HTTP_ACCEPT_LANGUAGE="en")
    assert [row["item"].name for row in found.context["form"].rows()] == ["甲3"]
    assert "not shown" not in found.content.decode()


def test_what_a_search_finds_is_placed_and_what_it_leaves_out_stays(
    client: Client, tenant: Property, tower: Zone, at: Callable[..., str], crowd: list[Zone]
) -> None:
    last = crowd[3]
    client.post(at("zone_plan_edit", tower) + "?q=甲3", {f"x_{last.pk.hex}": "10", f"y_{last.pk.hex}": "20"})
    enter_tenant(tenant.pk)
    assert set(PlanMark.objects.filter(tenant=tenant).values_list("x", flat=True)) == {Decimal(10), Decimal(50)}


def test_what_was_placed_while_a_form_was_open_stays(
    client: Client, tenant: Property, tower: Zone, at: Callable[..., str]
) -> None:
    door = factories.make_door(tenant, tower)
    factories.make_plan(tower, door)
    other = factories.make_door(tenant, tower)
    client.post(at("zone_plan_edit", tower), {f"x_{other.pk.hex}": "10", f"y_{other.pk.hex}": "20"})
    enter_tenant(tenant.pk)
    assert PlanMark.objects.filter(tenant=tenant).count() == 2


def test_a_thing_is_taken_off_by_two_empty_numbers(
    client: Client, tenant: Property, tower: Zone, at: Callable[..., str]
) -> None:
    door = factories.make_door(tenant, tower)
    factories.make_plan(tower, door)
    client.post(at("zone_plan_edit", tower), {f"x_{door.pk.hex}": "", f"y_{door.pk.hex}": ""})
    enter_tenant(tenant.pk)
    assert not PlanMark.objects.filter(tenant=tenant).exists()
