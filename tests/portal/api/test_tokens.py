"""An API token does what both it and its member may do, in one property, until it ends."""

import hashlib
import re
from datetime import timedelta
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from portal.api.tokens import TokenMiddleware
from portal.security import tokens
from portal.security.models import AccessEvent, ApiToken
from tenants.organizations.models import Membership, Property, User
from tenants.organizations.roles import Permission as P
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.members import add_member, change_role, remove_member, restore_member
from tenants.organizations.trail import Kind
from tenants.premises.models import Zone
from tests import factories
from tests.architecture.catalogue import query
from tests.recognition.edge.machines import make_machine
from tests.roles import database_role

pytestmark = pytest.mark.django_db

GATE = {"name": "东门", "kind": "gate"}


def issue(tenant: Property, user: User, *scopes: P, **about: Any) -> str:
    enter_tenant(tenant.pk)
    _token, text = tokens.issue(tenant=tenant, actor=user, name="报表", scopes=scopes or [P.VIEW_PREMISES], **about)
    return text


def by(text: str) -> APIClient:
    """A program with a token. It knows nothing of sessions, and of CSRF only that it is checked."""
    return APIClient(enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE="en", HTTP_AUTHORIZATION=f"Bearer {text}")


def only(tenant: Property) -> ApiToken:
    enter_tenant(tenant.pk)
    return ApiToken.objects.get()


def membership_of(tenant: Property, user: User) -> Membership:
    enter_tenant(tenant.pk)
    return Membership.objects.get(tenant=tenant, user=user)


def refused(text: str, base: str) -> bool:
    answer = by(text).get(f"{base}zones/")
    return (answer.status_code, answer.json()["code"]) == (401, "token_refused")


def test_a_token_reads_and_writes_what_it_was_made_for(tenant: Property, owner: User, base: str) -> None:
    program = by(issue(tenant, owner, P.VIEW_PREMISES, P.MANAGE_PREMISES))
    assert program.post(f"{base}zones/", GATE, format="json").status_code == 201
    assert [row["name"] for row in program.get(f"{base}zones/").json()["results"]] == ["东门"]
    for address in ("people/", "members/", ""):
        answer = program.get(f"{base}{address}")
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_only_its_hash_is_kept(tenant: Property, owner: User) -> None:
    text = issue(tenant, owner)
    assert re.fullmatch(r"cst_[A-Za-z0-9_-]{64}", text)
    assert only(tenant).token_hash == hashlib.sha256(text.encode()).hexdigest()
    with database_role("owner"):
        [(row,)] = query("SELECT to_jsonb(t)::text FROM security_apitoken t")
        logged = query("SELECT changes::text || coalesce(additional_data::text, '') FROM auditlog_logentry")
    assert text not in row
    assert not any(text in said or "token_hash" in said or "报表" in said for (said,) in logged)


def test_a_member_who_loses_a_right_loses_it_in_the_token(tenant: Property, base: str) -> None:
    manager = factories.make_member(tenant, Role.MANAGER)
    program = by(issue(tenant, manager, P.VIEW_PREMISES, P.MANAGE_PREMISES))
    change_role(tenant=tenant, membership=membership_of(tenant, manager), role=Role.FRONT_DESK)
    assert program.get(f"{base}zones/").status_code == 200
    assert program.post(f"{base}zones/", GATE, format="json").status_code == 403
    change_role(tenant=tenant, membership=membership_of(tenant, manager), role=Role.OWNER)
    assert program.get(f"{base}people/").status_code == 403, "more than it was given no role brings"


def test_it_ends_with_the_membership_and_does_not_come_back_with_it(tenant: Property, base: str) -> None:
    manager = factories.make_member(tenant, Role.MANAGER)
    text = issue(tenant, manager)
    remove_member(tenant=tenant, membership=membership_of(tenant, manager))
    assert refused(text, base)
    restore_member(tenant=tenant, membership=membership_of(tenant, manager))
    assert refused(text, base)
    token = only(tenant)
    assert token.revoked_at is not None and token.revoked_by is None


def test_a_closed_account_has_no_tokens(tenant: Property, owner: User, base: str) -> None:
    text = issue(tenant, owner)
    owner.is_active = False
    owner.save()
    assert refused(text, base)


def test_a_token_that_is_over_or_stopped_is_refused(tenant: Property, owner: User, base: str) -> None:
    over, stopped = issue(tenant, owner), issue(tenant, owner)
    enter_tenant(tenant.pk)
    first, second = ApiToken.objects.order_by("created_at")
    long_ago = timezone.now() - timedelta(days=91)
    with database_role("owner"):
        factories.rewrite(ApiToken.objects.filter(pk=first.pk), created_at=long_ago, expires_at=timezone.now())
    tokens.revoke(tenant=tenant, token=second, actor=owner)
    assert refused(over, base)
    assert refused(stopped, base)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cst_",
        "cst_表",
        "cst_" + "A" * 63,
        "cst_" + "A" * 10_000,
        "somebody-elses-format",
        tokens.PREFIX + tokens._written(bytes(range(48))),
    ],
)
def test_what_is_no_token_is_refused_in_the_form_of_every_refusal(text: str, tenant: Property, base: str) -> None:
    answer = by(text.encode().decode("latin-1")).get(f"{base}zones/")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_refused")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"


def test_the_right_property_with_a_wrong_secret_is_refused(tenant: Property, owner: User, base: str) -> None:
    text = issue(tenant, owner)
    other = "A" if text[-1] != "A" else "B"
    assert refused(text[:-1] + other, base)


def test_a_token_that_is_refused_is_written_down_as_a_sign_in_that_failed(base: str) -> None:
    by(tokens.PREFIX).get(f"{base}zones/")
    [event] = AccessEvent.objects.filter(kind=Kind.SIGN_IN_FAILED)
    assert event.actor.startswith("address:")
    assert event.facts == {"by": "token"}


def test_wrong_tokens_of_one_address_are_slowed_down_and_a_right_one_is_not(
    tenant: Property, owner: User, base: str
) -> None:
    right, wrong = by(issue(tenant, owner)), by(tokens.PREFIX)
    answers = [wrong.get(f"{base}zones/").status_code for _ in range(61)]
    assert (answers[0], answers[-1]) == (401, 429)
    assert right.get(f"{base}zones/").status_code == 200


def test_a_session_beside_a_token_adds_nothing(tenant: Property, owner: User, base: str) -> None:
    """Neither to a token that may less, nor to one that is not taken."""
    desk = factories.make_member(tenant, Role.FRONT_DESK)
    for text, status in ((issue(tenant, desk), 403), (tokens.PREFIX, 401)):
        program = by(text)
        program.force_login(owner)
        assert program.get(f"{base}members/").status_code == status
        assert program.post(f"{base}members/", {}, format="json").status_code == status
        assert program.get(f"/t/{tenant.slug}/").context["request"].user == owner, "pages know no token"


def test_whoever_is_signed_in_is_not_named_for_a_token_that_is_refused(owner: User, base: str) -> None:
    """From the middleware on: what the log and detection ask comes before the view."""
    request = RequestFactory().get(base, HTTP_AUTHORIZATION=f"Bearer {tokens.PREFIX}")
    request.user = owner
    seen: list[Any] = []
    TokenMiddleware(lambda asked: seen.append(asked.user) or HttpResponse())(request)
    assert [user.is_authenticated for user in seen] == [False]


def test_a_token_stands_for_a_member_who_had_a_second_factor(
    tenant: Property, owner: User, base: str, settings: Settings, api: APIClient
) -> None:
    """The page that makes one opens with a second factor only; the token itself is asked for none."""
    text = issue(tenant, owner)
    settings.MFA_REQUIRED = True
    assert api.get(f"/t/{tenant.slug}/tokens/add/").status_code == 302
    assert api.get(f"{base}zones/").json()["code"] == "mfa_required"
    assert by(text).get(f"{base}zones/").status_code == 200


def test_a_session_alone_still_needs_the_csrf_token(tenant: Property, owner: User, base: str) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(owner)
    assert browser.post(f"{base}zones/", GATE, format="json").status_code == 403


def test_a_member_of_two_properties_gets_into_one_by_a_token(tenant: Property, owner: User) -> None:
    other = factories.make_property()
    add_member(tenant=other, email=owner.email, role=Role.OWNER)
    program = by(issue(other, owner))
    assert program.get(f"/api/v1/properties/{other.slug}/zones/").status_code == 200
    for address in ("zones/", "people/"):
        assert program.get(f"/api/v1/properties/{tenant.slug}/{address}").status_code == 404
    assert [row["slug"] for row in program.get("/api/v1/properties/").json()["results"]] == [other.slug]


def test_its_last_use_is_written_at_most_once_a_minute(tenant: Property, owner: User, base: str) -> None:
    text = issue(tenant, owner)
    assert only(tenant).last_used_at is None
    assert by(text).get(f"{base}zones/").status_code == 200
    first = only(tenant).last_used_at
    assert first is not None
    by(text).get(f"{base}zones/")
    assert only(tenant).last_used_at == first
    with database_role("owner"):
        factories.rewrite(ApiToken.objects.all(), last_used_at=first - timedelta(seconds=61))
    by(text).get(f"{base}zones/")
    assert only(tenant).last_used_at > first
    assert LogEntry.objects.get_for_model(ApiToken).count() == 1, "a use is no change"


def test_the_log_names_the_member_and_the_token(tenant: Property, owner: User, base: str) -> None:
    program = by(issue(tenant, owner, P.MANAGE_PREMISES, P.VIEW_PEOPLE))
    token, person = only(tenant), factories.make_person(tenant)
    program.post(f"{base}zones/", GATE, format="json")
    program.get(f"{base}people/{person.pk}/")
    enter_tenant(tenant.pk)
    entry = LogEntry.objects.get_for_model(Zone).latest("pk")
    assert entry.actor_id == owner.pk
    assert entry.additional_data == {"tenant": str(tenant.pk), "actor": f"token:{token.pk}"}
    event = AccessEvent.objects.get(subject=f"person:{person.pk}")
    assert (event.actor, event.facts) == (f"token:{token.pk}", {"user": str(owner.pk)})


def test_a_token_neither_begins_nor_completes_what_needs_two(
    tenant: Property, owner: User, base: str, api: APIClient
) -> None:
    """By whose token soever: a machine is no first and no second member."""
    second = factories.make_member(tenant, Role.OWNER)
    program = by(issue(tenant, second, *tokens.may_give(frozenset(P))))
    ends_on = (timezone.localdate() + timedelta(days=60)).isoformat()
    held = {"kind": "events", "reason": "东门丢了一辆车", "article": "54", "ends_on": ends_on}
    hold = api.post(f"{base}holds/", held, format="json").json()["id"]
    enter_tenant(tenant.pk)
    device = make_machine(tenant).device
    lost = {"device": str(device.pk), "reason": "被盗"}
    loss = api.post(f"{base}losses/", lost, format="json").json()["id"]
    acts = {
        "holds/": held,
        f"holds/{hold}/approve/": {},
        f"holds/{hold}/lift/": {},
        "losses/": lost,
        f"losses/{loss}/confirm/": {},
        f"losses/{loss}/take_back/": {},
        f"devices/{device.pk}/pairing/": {},
    }
    for address, payload in acts.items():
        answer = program.post(f"{base}{address}", payload, format="json")
        assert (answer.status_code, answer.json()["code"]) == (403, "in_person"), address
    assert [row["approved_at"] for row in api.get(f"{base}holds/").json()["results"]] == [None]
    assert [row["confirmed_at"] for row in api.get(f"{base}losses/").json()["results"]] == [None]


def test_a_token_says_of_nobody_that_they_are_known(tenant: Property, owner: User, base: str) -> None:
    program = by(issue(tenant, owner, *tokens.may_give(frozenset(P))))
    about = {"kind": "access", "name": "李阿姨", "contact": "13800138000", "channel": "phone"}
    program.post(f"{base}requests/", about, format="json")
    [row] = program.get(f"{base}requests/").json()["results"]
    for act in ("confirm", "code"):
        answer = program.post(f"{base}requests/{row['id']}/{act}/", {}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (403, "in_person"), act


def test_the_document_says_how_a_token_is_sent_and_which_right_it_needs() -> None:
    document = APIClient().get("/api/v1/schema/?format=json").json()
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    by_right = {
        (method, path): operation.get("x-permission")
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if {"token": []} in operation.get("security", [])
    }
    assert by_right["get", "/api/v1/properties/{slug}/zones/"] == "view_premises"
    assert by_right["post", "/api/v1/properties/{slug}/zones/"] == "manage_premises"
    assert [path for (_method, path), right in by_right.items() if right is None] == ["/api/v1/properties/"]
    assert {path for _method, path in by_right} == {path for path in document["paths"] if "/properties/" in path}
