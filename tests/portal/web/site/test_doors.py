"""The table of ways on a door's page: terms, errors beside cells, what is not convenient, since when it failed."""

from collections.abc import Callable
from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.premises.kinds import DeviceState
from tenants.premises.models import AccessMethod, AccessPoint
from tests import factories

pytestmark = pytest.mark.django_db


def fields(door: AccessPoint, **change: object) -> dict[str, object]:
    return {"name": door.name, "zone": door.zone_id, "methods": ["face", "card"]} | change


def card(tenant: Property) -> AccessMethod:
    enter_tenant(tenant.pk)
    return AccessMethod.objects.get(tenant=tenant, kind="card")


def test_the_terms_of_each_way_are_saved_and_shown_again(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    door = factories.make_door(tenant)
    terms = {
        "card_opens_at": "06:00",
        "card_closes_at": "23:00",
        "card_fee": "5",
        "card_steps": "2",
        "card_distance_m": "30",
        "card_extra_papers": "on",
    }
    answer = client.post(at("door_edit", door), fields(door, **terms), follow=True, HTTP_ACCEPT_LANGUAGE="en")
    said = " ".join(str(message) for message in answer.context["messages"])
    assert "costs money" in said
    assert "Measures Art 10" in answer.content.decode()
    way = card(tenant)
    assert (way.opens_at, way.closes_at, way.fee, way.steps) == (time(6), time(23), Decimal(5), 2)
    assert (way.distance_m, way.extra_papers) == (30, True)
    again = client.get(at("door_edit", door)).context["form"]
    assert again["card_opens_at"].value() == time(6)
    assert again["card_fee"].value() == Decimal(5)


def test_cells_left_empty_mean_the_usual(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    door = factories.make_door(tenant, methods={"face": {}, "card": {"fee": Decimal(9), "steps": 4}})
    client.post(at("door_edit", door), fields(door, card_fee="", card_steps=""))
    assert (card(tenant).fee, card(tenant).steps) == (0, 1)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("card_fee", "-1"),
        ("card_fee", "free"),
        ("card_steps", "0"),
        ("card_distance_m", "99999"),
        ("card_opens_at", "25:00"),
        ("card_opens_at", "06:00"),
        ("face_steps", "x"),
    ],
)
def test_an_impossible_term_is_said_beside_its_cell(
    client: Client, tenant: Property, at: Callable[..., str], cell: str, value: str
) -> None:
    door = factories.make_door(tenant)
    answer = client.post(at("door_edit", door), fields(door, **{cell: value}))
    assert set(answer.context["form"].errors) == {cell}
    assert f'id="id_{cell}_error"' in answer.content.decode()
    assert card(tenant).fee == 0


def test_the_list_says_which_way_is_not_convenient_and_to_a_reader_too(
    tenant: Property, at: Callable[..., str], as_role: Callable[[Role], Client]
) -> None:
    factories.make_door(tenant, methods={"face": {}, "card": {"fee": Decimal(5)}, "pin": {"steps": 3}})
    page = as_role(Role.AUDITOR).get(at("premises"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Card: costs money" in page
    assert "PIN: takes more steps" not in page, "More steps are a remark, not a breach"


def test_a_way_that_failed_yesterday_is_recorded_since_yesterday(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    device, _code = factories.make_active_device(tenant)
    way = card(tenant)
    yesterday = timezone.localtime() - timedelta(days=1)
    client.post(at("method_since", way), {"since": yesterday.strftime("%Y-%m-%dT%H:%M")})
    assert card(tenant).out_of_order_since == yesterday.replace(second=0, microsecond=0)
    device.refresh_from_db()
    assert device.state == DeviceState.SUSPENDED


@pytest.mark.parametrize("since", ["2999-01-01T00:00", "yesterday", ""])
def test_a_time_to_come_is_refused_beside_its_field(
    client: Client, tenant: Property, at: Callable[..., str], since: str
) -> None:
    factories.make_door(tenant)
    answer = client.post(at("method_since", card(tenant)), {"since": since})
    assert set(answer.context["form"].errors) == {"since"}
    assert card(tenant).is_live
