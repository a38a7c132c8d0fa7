"""Through the API as on the pages: a hold and a loss take a second member."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from recognition.edge.services.keys import living_key
from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.rights.services import holds
from tests import factories
from tests.portal.api.conftest import Caller
from tests.recognition.edge.machines import make_machine

HOLD = {"kind": "events", "reason": "东门丢了一辆车", "article": "刑事诉讼法 54"}


@pytest.fixture
def second(caller: Caller, tenant: Property) -> APIClient:
    return caller(factories.make_member(tenant, Role.OWNER))


def post(api: APIClient, url: str, **payload: Any) -> Any:
    return api.post(url, payload, format="json")


def test_a_hold_is_asked_for_approved_listed_and_lifted(
    api: APIClient, second: APIClient, base: str, tenant: Property
) -> None:
    person = factories.make_person(tenant)
    ends_on = (timezone.localdate() + timedelta(days=60)).isoformat()
    asked = post(api, f"{base}holds/", **HOLD, ends_on=ends_on, person=str(person.pk))
    assert (asked.status_code, asked.json()["approved_at"]) == (201, None)
    url = f"{base}holds/{asked.json()['id']}/"
    alone = post(api, url + "approve/")
    assert (alone.status_code, alone.json()["code"]) == (400, "same_member")
    enter_tenant(tenant.pk)
    assert holds.standing(tenant=tenant, person=person) == []
    assert post(second, url + "approve/").json()["approved_at"]
    enter_tenant(tenant.pk)
    assert len(holds.standing(tenant=tenant, person=person)) == 1
    assert [row["id"] for row in api.get(f"{base}holds/", {"kind": "events"}).json()["results"]] == [asked.json()["id"]]
    assert post(api, url + "lift/").json()["lifted_at"] and api.get(url).json()["lifted_at"]
    assert post(api, url + "lift/").status_code == 400


@pytest.mark.parametrize(
    ("payload", "field"),
    [({"ends_on": "2001-01-01"}, "ends_on"), ({"article": " "}, "article"), ({"kind": "faces"}, "kind")],
)
def test_what_is_wrong_with_a_hold_is_named(api: APIClient, base: str, payload: dict[str, str], field: str) -> None:
    ends_on = (timezone.localdate() + timedelta(days=60)).isoformat()
    refused = post(api, f"{base}holds/", **(HOLD | {"ends_on": ends_on} | payload))
    assert (refused.status_code, list(refused.json()["errors"])) == (400, [field])


def test_a_loss_is_declared_confirmed_by_a_second_member_and_listed(
    api: APIClient, second: APIClient, base: str, tenant: Property
) -> None:
    device = make_machine(tenant).device
    declared = post(api, f"{base}losses/", device=str(device.pk), reason="被盗，已报警")
    assert (declared.status_code, declared.json()["confirmed_at"]) == (201, None)
    url = f"{base}losses/{declared.json()['id']}/"
    alone = post(api, url + "confirm/")
    assert (alone.status_code, alone.json()["code"]) == (400, "same_member")
    enter_tenant(tenant.pk)
    assert living_key(device=device) is not None
    assert post(second, url + "confirm/").json()["confirmed_at"]
    enter_tenant(tenant.pk)
    assert living_key(device=device) is None
    assert [row["id"] for row in api.get(f"{base}losses/").json()["results"]] == [declared.json()["id"]]
    assert post(api, url + "take_back/").json()["code"] == "over"


def test_a_loss_is_taken_back_before_it_is_confirmed(api: APIClient, base: str, tenant: Property) -> None:
    device = make_machine(tenant).device
    declared = post(api, f"{base}losses/", device=str(device.pk), reason="找不到").json()
    assert post(api, f"{base}losses/{declared['id']}/take_back/").json()["taken_back_at"]
    assert api.get(f"{base}losses/{declared['id']}/").json()["confirmed_at"] is None


def test_the_desk_does_none_of_it(caller: Caller, api: APIClient, base: str, tenant: Property) -> None:
    desk = caller(factories.make_member(tenant, Role.FRONT_DESK))
    device = make_machine(tenant).device
    assert post(desk, f"{base}holds/", **HOLD).status_code == 403
    assert desk.get(f"{base}holds/").status_code == 403
    assert post(desk, f"{base}losses/", device=str(device.pk), reason="被盗").status_code == 403
    declared = post(api, f"{base}losses/", device=str(device.pk), reason="被盗").json()
    assert post(desk, f"{base}losses/{declared['id']}/confirm/").status_code == 403
