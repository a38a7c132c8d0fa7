"""The switcher: the properties used last, a search for the others, and a way without JavaScript."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.web.reads.switching import SHOWN
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.members import add_member
from tests import factories

pytestmark = pytest.mark.django_db
At = Callable[..., str]


def join(owner: User, count: int) -> list[Property]:
    houses = []
    for _ in range(count):
        houses.append(factories.make_property())
        enter_tenant(houses[-1].pk)
        add_member(tenant=houses[-1], email=owner.email, role=Role.OWNER)
    return houses


def names(client: Client, address: str) -> list[str]:
    return [row["name"] for row in client.get(address).context["switcher"]["rows"]]


def test_one_property_has_no_menu_and_two_have_no_search(client: Client, owner: User, at: At) -> None:
    page = client.get(at("today")).content.decode()
    assert "data-switcher" not in page
    join(owner, 1)
    page = client.get(at("today")).content.decode()
    assert "data-switcher" in page
    assert "switcher-q" not in page


def test_of_many_only_those_used_last_are_on_the_page(client: Client, owner: User, tenant: Property, at: At) -> None:
    houses = join(owner, SHOWN + 3)
    last, before = houses[-1], houses[-2]
    client.get(reverse("today", args=[before.slug]))
    client.get(reverse("today", args=[last.slug]))
    page = at("devices")
    assert names(client, page)[:3] == [tenant.display_name, last.display_name, before.display_name]
    assert len(names(client, page)) == SHOWN
    assert "switcher-q" in client.get(page).content.decode()
    assert client.get("/")["Location"] == reverse("today", args=[last.slug])


def test_the_search_finds_by_a_part_of_the_name_and_only_own_properties(client: Client, owner: User) -> None:
    mine, _second = join(owner, 2)
    foreign = factories.make_property()
    find, asked = reverse("portfolio_switch"), {"headers": {"HX-Request": "true"}}
    found = client.get(find, {"q": mine.slug[2:]}, **asked).context["switcher"]["rows"]
    assert [row["url"] for row in found] == [reverse("today", args=[mine.slug])]
    answer = client.get(find, {"q": foreign.slug}, **asked)
    assert answer.context["switcher"]["rows"] == []
    assert "<html" not in answer.content.decode()


def test_without_javascript_the_search_leads_to_the_page_of_all_properties(client: Client) -> None:
    answer = client.get(reverse("portfolio_switch"), {"q": "雨"})
    assert answer["Location"].startswith(reverse("portfolio"))
    assert Client().get(reverse("portfolio_switch")).status_code == 302


def test_a_page_costs_the_same_with_two_properties_and_with_many(
    client: Client, owner: User, at: At, queries: Callable[..., int]
) -> None:
    join(owner, 1)
    page = at("readiness")
    client.get(page)
    few = queries(lambda: client.get(page))
    join(owner, SHOWN + 2)
    assert queries(lambda: client.get(page)) == few
