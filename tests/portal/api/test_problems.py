"""Every refusal has one form."""

import pytest
from django.db import OperationalError
from psycopg.errors import DeadlockDetected
from rest_framework.test import APIClient

from tenants.organizations import changes
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tests import factories
from tests.portal.api.conftest import Caller

PROBLEM = "application/problem+json"


def test_nobody_is_told_to_sign_in(caller: Caller, base: str) -> None:
    answer = caller().get(base)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer["Content-Type"] == PROBLEM
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_strange_property_is_not_found(caller: Caller, tenant: Property) -> None:
    stranger = factories.make_member(factories.make_property())
    answer = caller(stranger).get(f"/api/v1/properties/{tenant.slug}/zones/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_member_without_the_right_is_refused(caller: Caller, tenant: Property, base: str) -> None:
    desk = caller(factories.make_member(tenant, Role.FRONT_DESK))
    assert desk.get(f"{base}zones/").status_code == 200
    answer = desk.post(f"{base}zones/", {"name": "x", "kind": "lobby"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert caller(factories.make_member(tenant, Role.AUDITOR)).get(f"{base}people/").status_code == 403


def test_a_write_without_the_csrf_token_is_refused(owner: User, base: str) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(owner)
    assert client.post(f"{base}zones/", {"name": "x", "kind": "lobby"}, format="json").status_code == 403


def test_a_machine_signs_in_as_a_member_does(owner: User, base: str) -> None:
    """As docs/api.md says: the page for its cookie, the form, then the API with the new token."""
    client = APIClient(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    form = {"login": owner.email, "password": factories.PASSWORD}
    headers = {"X-CSRFToken": client.cookies["csrftoken"].value}
    client.post("/accounts/login/", form, format="multipart", headers=headers)
    headers = {"X-CSRFToken": client.cookies["csrftoken"].value}
    answer = client.post(f"{base}zones/", {"name": "东门", "kind": "gate"}, format="json", headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize("path", ["nothing/", "zones/not-a-uuid/", "zones", "doors/%00/"])
def test_an_address_that_does_not_exist_is_a_problem_too(api: APIClient, base: str, path: str) -> None:
    answer = api.get(base + path)
    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)


@pytest.mark.parametrize(
    ("content", "content_type", "expected"),
    [
        (b"{", "application/json", (400, "parse_error")),
        (b"[" * 100_000, "application/json", (400, "parse_error")),
        (b"\xff\xfe", "application/json", (400, "parse_error")),
        (b"NaN", "application/json", (400, "parse_error")),
        (b" " * 600_000, "application/json", (413, "too_large")),
        (b"[]", "application/json", (400, "invalid")),
        (b"null", "application/json", (400, "null")),
        (b"<zone/>", "text/xml", (415, "unsupported_media_type")),
        (b'{"name": "\\u0000", "kind": "lobby"}', "application/json", (400, "null_characters_not_allowed")),
        (b'{"name": "\\ud800", "kind": "lobby"}', "application/json", (400, "surrogate_characters_not_allowed")),
    ],
)
def test_content_that_cannot_be_read_is_named(
    api: APIClient, base: str, content: bytes, content_type: str, expected: tuple[int, str]
) -> None:
    answer = api.generic("POST", f"{base}zones/", content, content_type=content_type)
    assert (answer.status_code, answer.json()["code"]) == expected


def test_each_field_has_its_code_and_sentence(api: APIClient, base: str) -> None:
    answer = api.post(f"{base}devices/", {"access_point": "x", "mode": "guess"}, format="json").json()
    assert {field: entries[0]["code"] for field, entries in answer["errors"].items()} == {
        "access_point": "invalid",
        "name": "required",
        "mode": "invalid_choice",
    }
    assert answer["type"] == "urn:consentry:problem:invalid"


def test_an_unknown_field_is_refused(api: APIClient, base: str) -> None:
    answer = api.post(f"{base}people/", {"name": "x", "gender": "f"}, format="json").json()
    assert answer["errors"]["gender"][0]["code"] == "unknown_field"


def test_a_bad_filter_is_named(api: APIClient, base: str) -> None:
    answer = api.get(f"{base}devices/?state=broken")
    assert (answer.status_code, answer.json()["errors"]["state"][0]["code"]) == (400, "invalid_choice")
    assert api.get(f"{base}devices/?page=9").status_code == 404


def test_nothing_is_kept_by_a_cache(api: APIClient, base: str) -> None:
    assert "no-store" in api.get(base)["Cache-Control"]


def test_whoever_gave_way_to_another_is_told_so(api: APIClient, base: str) -> None:
    def listener(*, tenant: Property) -> None:
        raise OperationalError("deadlock detected") from DeadlockDetected("deadlock detected")

    changes.listen(listener)
    try:
        answer = api.post(f"{base}zones/", {"name": "东门", "kind": "gate"}, format="json")
    finally:
        changes._listeners.remove(listener)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
