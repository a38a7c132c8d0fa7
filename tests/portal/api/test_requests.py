"""Requests by members through the API: entered, proved, talked about, given away, extended, merged, closed."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.people.models import Person
from tenants.rights.models import RightsRequest
from tests import factories
from tests.portal.api.conftest import Caller
from tests.tenants.rights.asking import confirmed, receive

REFUSAL = {"code": "not_held", "article": "PIPL 45", "text": "这里没有。"}


@pytest.fixture
def person(tenant: Property) -> Person:
    return factories.make_person(tenant)


def post(api: APIClient, url: str, **payload: Any) -> Any:
    return api.post(url, payload, format="json")


def test_a_request_on_paper_is_entered_and_its_code_shown_once(api: APIClient, base: str, owner: User) -> None:
    given = {"kind": "delete", "name": "李阿姨", "contact": "13800138000", "channel": "paper", "language": "en"}
    answer = post(api, f"{base}requests/", **given)
    assert answer.status_code == 201 and len(answer.json()["tracking_code"]) == 19
    row = api.get(f"{base}requests/").json()["results"][0]
    assert (row["number"], row["channel"], row["state"]) == (answer.json()["number"], "paper", "received")
    assert answer.json()["tracking_code"] not in str(row) and "seal_key" not in row
    assert RightsRequest.objects.get().entered_by == owner


@pytest.mark.parametrize(
    ("payload", "field", "code"),
    [
        ({"channel": "form"}, "channel", "invalid_choice"),
        ({"channel": "page"}, "channel", "invalid_choice"),
        ({"kind": "forget"}, "kind", "invalid_choice"),
        ({"asked_by": "guardian"}, "relation", "required"),
        ({"asked_by": "relative", "relation": "女儿", "kind": "withdraw"}, "kind", "kind"),
        ({"identity_by": "in_person"}, "identity_by", "unknown_field"),
        ({"state": "confirmed"}, "state", "unknown_field"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_proves_itself(
    api: APIClient, base: str, payload: dict[str, str], field: str, code: str
) -> None:
    given = {"kind": "delete", "name": "李阿姨", "contact": "13800138000"} | payload
    answer = post(api, f"{base}requests/", **given)
    assert (answer.status_code, answer.json()["errors"][field][0]["code"]) == (400, code)
    assert not RightsRequest.objects.exists()


def test_a_request_is_proved_extended_and_answered(
    api: APIClient, base: str, tenant: Property, person: Person, owner: User
) -> None:
    url = f"{base}requests/{receive(tenant, 'correct').pk}/"
    assert post(api, f"{url}proof/").json()["paused_on"] is not None
    row = post(api, f"{url}confirm/", person=str(person.pk)).json()
    assert (row["state"], row["identity_by"], row["identity_checked_by"]) == ("confirmed", "in_person", str(owner.pk))
    assert row["paused_on"] is None
    row = post(api, f"{url}extend/", reason="要问律师").json()
    assert row["extension_reason"] == "要问律师" and row["working_days_left"] == 30
    assert post(api, f"{url}extend/", reason="再一次").json()["code"] == "extended"
    row = post(api, f"{url}answer/", text="已更正").json()
    assert (row["state"], row["answer"], row["working_days_left"]) == ("answered", "已更正", None)


def test_a_refusal_needs_its_reason_and_says_how_to_complain(api: APIClient, base: str, tenant: Property) -> None:
    url = f"{base}requests/{receive(tenant).pk}/refuse/"
    for field in REFUSAL:
        answer = post(api, url, **{name: value for name, value in REFUSAL.items() if name != field})
        assert answer.json()["errors"][field][0]["code"] == "required"
    row = post(api, url, **REFUSAL).json()
    assert (row["state"], row["refusal_code"], row["refusal_article"]) == ("refused", "not_held", "PIPL 45")
    assert row["answer"].startswith("这里没有。") and "12377" in row["answer"]


def test_messages_and_notes_are_written_and_listed(api: APIClient, base: str, tenant: Property, owner: User) -> None:
    url = f"{base}requests/{receive(tenant).pk}/messages/"
    assert post(api, url, kind="to_person", text="请来前台").status_code == 201
    assert post(api, url, kind="note", text="像是租客").json()["author"] == str(owner.pk)
    assert post(api, url, kind="from_person", text="我").json()["errors"]["kind"][0]["code"] == "invalid_choice"
    assert [row["kind"] for row in api.get(url).json()["results"]] == ["to_person", "note"]


def test_a_request_is_given_to_a_member_who_may_answer_it(api: APIClient, base: str, tenant: Property) -> None:
    url = f"{base}requests/{receive(tenant).pk}/assign/"
    manager, desk = (factories.make_member(tenant, role) for role in (Role.MANAGER, Role.FRONT_DESK))
    given = str(manager.memberships.get(tenant=tenant).pk)
    assert post(api, url, member=given).json()["assigned_to"] == str(manager.pk)
    assert post(api, url, member=None).json()["assigned_to"] is None
    not_allowed = post(api, url, member=str(desk.memberships.get(tenant=tenant).pk)).json()
    assert not_allowed["errors"]["to"][0]["code"] == "may_not"


def test_the_same_asked_twice_is_shown_and_merged(api: APIClient, base: str, tenant: Property, person: Person) -> None:
    first, second = (confirmed(tenant, person=person) for _number in range(2))
    url = f"{base}requests/{second.pk}/"
    assert api.get(url).json()["similar"] == [str(first.pk)]
    row = post(api, f"{url}merge/", into=str(first.pk)).json()
    assert (row["state"], row["merged_into"]) == ("merged", str(first.pk))
    assert "similar" not in api.get(f"{base}requests/").json()["results"][0]


@pytest.mark.parametrize("act", ["proof", "extend", "assign", "merge", "messages", "confirm", "answer", "refuse"])
def test_the_desk_looks_and_does_not_handle(caller: Caller, base: str, tenant: Property, act: str) -> None:
    api = caller(factories.make_member(tenant, Role.FRONT_DESK))
    row = receive(tenant)
    assert api.get(f"{base}requests/{row.pk}/").status_code == 200
    assert post(api, f"{base}requests/{row.pk}/{act}/").status_code == 403


def test_a_request_of_another_property_is_unknown_here(api: APIClient, base: str, tenant: Property) -> None:
    mine = receive(tenant)
    foreign = receive(factories.make_property())
    enter_tenant(tenant.pk)
    assert post(api, f"{base}requests/{foreign.pk}/proof/").status_code == 404
    answer = post(api, f"{base}requests/{mine.pk}/merge/", into=str(foreign.pk))
    assert answer.json()["errors"]["into"][0]["code"] == "does_not_exist"
