"""The first steps on Today: a checklist with reasons, put away and brought back by each member, gone when done."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
At = Callable[..., str]
EN = {"HTTP_ACCEPT_LANGUAGE": "en"}
LIST = "0 of 7 done"


def today(client: Client, at: At) -> str:
    return client.get(at("today"), **EN).content.decode()


def test_a_new_property_shows_what_comes_next_why_and_how_long(client: Client, at: At) -> None:
    page = today(client, at)
    assert LIST in page
    assert "about 28 minutes left" in page
    assert "Measures Art 10" in page
    assert at("setup_door") in page


def test_the_list_follows_what_is_on_record(client: Client, tenant: Property, at: At) -> None:
    factories.make_device(tenant)
    page = today(client, at)
    assert re.search(r"[2-6] of 7 done", page), re.findall(r". of 7 done", page)
    assert at("setup_door") not in page


def test_each_member_puts_the_list_away_for_themselves_and_brings_it_back(
    client: Client, at: At, as_role: Callable[[Role], Client]
) -> None:
    client.post(at("setup_shown"), {"is_shown": "0"})
    assert LIST not in today(client, at)
    assert LIST in today(as_role(Role.MANAGER), at)
    assert "Show this list on Today again" in client.get(at("setup"), **EN).content.decode()
    client.post(at("setup_shown"), {"is_shown": "1"})
    assert LIST in today(client, at)


def test_who_cannot_set_up_is_not_asked_to(at: At, as_role: Callable[[Role], Client]) -> None:
    assert LIST not in today(as_role(Role.FRONT_DESK), at)


def test_a_property_that_works_has_no_list(client: Client, tenant: Property, at: At) -> None:
    factories.make_active_device(tenant)
    assert "First steps" in today(client, at)
    factories.make_person(tenant)
    assert "First steps" not in today(client, at)
