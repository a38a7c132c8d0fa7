"""Webhooks by the API, by a token and by a session."""

import pytest
from rest_framework.test import APIClient

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission as P
from tests.portal.api.test_tokens import by, issue

pytestmark = pytest.mark.django_db
HOOK = {"name": "大屏", "url": "https://hook.example/a", "events": ["alert.rang", "request.received"]}


def test_a_program_enters_changes_tries_and_ends_a_webhook(tenant: Property, owner: User, base: str) -> None:
    program = by(issue(tenant, owner, P.MANAGE_PROPERTY))
    added = program.post(f"{base}webhooks/", HOOK, format="json")
    assert added.status_code == 201 and added.json()["secret"].startswith("whsec_")
    one = f"{base}webhooks/{added.json()['id']}/"
    assert program.get(one).json() == {k: v for k, v in added.json().items() if k != "secret"}
    changed = program.put(one, HOOK | {"events": ["device.silent"]}, format="json").json()
    assert changed["events"] == ["device.silent"]
    renewed = program.post(f"{one}secret/")
    assert renewed.json()["secret"] != added.json()["secret"] and renewed.json()["earlier_until"]
    sent = program.post(f"{one}test/")
    assert (sent.status_code, sent.json()["event"], sent.json()["state"]) == (202, "webhook.test", "waiting")
    again = program.post(f"{base}deliveries/{sent.json()['id']}/again/").json()
    listed = program.get(f"{base}deliveries/", {"webhook": changed["id"]}).json()["results"]
    assert [row["id"] for row in listed] == [again["id"], sent.json()["id"]]
    assert program.delete(one).status_code == 204
    assert program.get(one).status_code == 404 and program.get(f"{base}webhooks/").json()["count"] == 0


def test_what_no_webhook_may_have_is_refused_by_the_codes_of_the_pages(api: APIClient, base: str) -> None:
    for change, code in (({"url": "http://10.0.0.1/"}, "not_an_address"), ({"events": ["x"]}, "invalid_choice")):
        answer = api.post(f"{base}webhooks/", HOOK | change, format="json")
        assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_program_without_the_right_sees_none(tenant: Property, owner: User, base: str) -> None:
    program = by(issue(tenant, owner, P.VIEW_HOME))
    assert {program.get(f"{base}{path}/").status_code for path in ("webhooks", "deliveries")} == {403}
