"""Passes through the API of the desk."""

from datetime import date

import pytest
from rest_framework.test import APIClient

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.people.models import Pass, Person
from tests import factories
from tests.portal.api.conftest import Caller

CARD = "0004567890AB"


@pytest.fixture
def person(tenant: Property) -> Person:
    return factories.make_person(tenant)


def test_a_card_a_pin_and_a_qr_are_issued_listed_and_stopped(api: APIClient, base: str, person: Person) -> None:
    url, door = f"{base}people/{person.pk}/passes/", factories.make_door(person.tenant)
    card = api.post(url, {"kind": "card", "number": CARD, "doors": [str(door.pk)]}, format="json")
    assert (card.status_code, card.json()["last4"], card.json()["doors"]) == (201, "90AB", [str(door.pk)])
    pin = api.post(url, {"kind": "pin", "valid_until": "2030-01-01"}, format="json").json()
    assert (len(pin["pin"]), len(pin["pass_number"]), pin["valid_until"]) == (6, 6, "2030-01-01")
    assert api.post(url, {"kind": "qr"}, format="json").status_code == 201
    listed = api.get(url)
    assert {row["kind"] for row in listed.json()["results"]} == {"card", "pin", "qr"}
    assert not any(secret in listed.content.decode() for secret in (CARD, pin["pin"], "hash"))
    stopped = api.post(f"{base}passes/{card.json()['id']}/stop/")
    assert (stopped.status_code, stopped.json()["state"]) == (200, "stopped")


def test_a_pass_ends_with_the_stay_unless_the_caller_says_otherwise(
    api: APIClient, base: str, tenant: Property
) -> None:
    person = factories.make_person(tenant, stay_ends_on=date(2030, 1, 1))
    url = f"{base}people/{person.pk}/passes/"
    said = [{"kind": "qr"}, {"kind": "qr", "valid_until": None}, {"kind": "qr", "valid_until": "2029-05-01"}]
    assert [api.post(url, payload, format="json").json()["valid_until"] for payload in said] == [
        "2030-01-01",
        None,
        "2029-05-01",
    ]


def test_a_door_named_twice_is_one_door(api: APIClient, base: str, person: Person) -> None:
    door = str(factories.make_door(person.tenant).pk)
    answer = api.post(f"{base}people/{person.pk}/passes/", {"kind": "qr", "doors": [door, door]}, format="json")
    assert (answer.status_code, answer.json()["doors"]) == (201, [door])


@pytest.mark.parametrize(
    ("payload", "field", "code"),
    [
        ({"kind": "face"}, "kind", "invalid_choice"),
        ({"kind": "card"}, "number", "required"),
        ({"kind": "card", "number": "123"}, "number", "card_number"),
        ({"kind": "pin", "number": "123456"}, "number", "unknown_field"),
        ({"kind": "qr", "valid_from": "2030-01-02", "valid_until": "2030-01-01"}, "non_field_errors", "dates"),
        ({"kind": "qr", "consent": "1"}, "consent", "unknown_field"),
    ],
)
def test_what_is_wrong_is_named(
    api: APIClient, base: str, person: Person, payload: dict[str, str], field: str, code: str
) -> None:
    answer = api.post(f"{base}people/{person.pk}/passes/", payload, format="json")
    assert (answer.status_code, answer.json()["errors"][field][0]["code"]) == (400, code)
    assert not Pass.objects.exists()


def test_a_privacy_officer_lists_and_issues_nothing(caller: Caller, base: str, person: Person) -> None:
    client = caller(factories.make_member(person.tenant, Role.PRIVACY_OFFICER))
    url = f"{base}people/{person.pk}/passes/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"kind": "qr"}, format="json").status_code == 403


def test_another_propertys_person_is_unknown(api: APIClient, base: str) -> None:
    other = factories.make_property()
    stranger = factories.make_person(other)
    assert api.get(f"{base}people/{stranger.pk}/passes/").status_code == 404
