"""Invitations by a message through the API."""

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.people import jobs
from tenants.people.kinds import AgeBand
from tenants.people.models import Invitation, Person
from tests import factories
from tests.portal.api.conftest import Caller
from tests.senders import Postbox


@pytest.fixture
def person(tenant: Property, settings: Settings) -> Person:
    Postbox.sent.clear()
    settings.SMS_SENDER = "tests.senders.Postbox"
    factories.make_notice(tenant)
    return factories.make_person(tenant)


def test_an_invitation_is_asked_for_and_followed(api: APIClient, base: str, person: Person) -> None:
    url = f"{base}people/{person.pk}/invitations/"
    answer = api.post(url, {"channel": "sms"}, format="json")
    assert (answer.status_code, answer.json()["state"], answer.json()["sentence"]) == (202, "queued", "")
    row = Invitation.objects.get()
    jobs.send_invitation(tenant_id=row.tenant_id, invitation_id=row.pk)
    listed = api.get(url)
    assert [(row["state"], row["attempts"]) for row in listed.json()["results"]] == [("sent", 1)]
    text = listed.content.decode()
    assert Postbox.sent[0].token not in text and person.identity.phone not in text


@pytest.mark.parametrize(
    ("payload", "field", "code"),
    [
        ({"channel": "email"}, "non_field_errors", "no_address"),
        ({"channel": "desk"}, "non_field_errors", "no_sender"),
        ({"channel": "pigeon"}, "channel", "invalid_choice"),
        ({}, "channel", "required"),
        ({"channel": "sms", "to": "13911112222"}, "to", "unknown_field"),
    ],
)
def test_what_is_wrong_is_named(
    api: APIClient, base: str, person: Person, payload: dict[str, str], field: str, code: str
) -> None:
    answer = api.post(f"{base}people/{person.pk}/invitations/", payload, format="json")
    assert (answer.status_code, answer.json()["errors"][field][0]["code"]) == (400, code)
    assert not Invitation.objects.exists()


def test_the_pause_holds_here_too(api: APIClient, base: str, person: Person) -> None:
    url = f"{base}people/{person.pk}/"
    assert api.post(f"{url}link/", {"why": "invitation"}, format="json").status_code == 201
    assert api.post(f"{url}invitations/", {"channel": "sms"}, format="json").json()["code"] == "asked_recently"


def test_a_minor_is_invited_after_a_second_members_yes_only(api: APIClient, base: str, person: Person) -> None:
    teen = factories.make_person(person.tenant, age_band=AgeBand.TEEN)
    answer = api.post(f"{base}people/{teen.pk}/invitations/", {"channel": "sms"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "minor")
    assert not Invitation.objects.exists()


def test_reading_alone_does_not_invite(caller: Caller, base: str, person: Person) -> None:
    officer = caller(factories.make_member(person.tenant, Role.PRIVACY_OFFICER))
    url = f"{base}people/{person.pk}/invitations/"
    assert officer.get(url).status_code == 200
    assert officer.post(url, {"channel": "sms"}, format="json").status_code == 403
