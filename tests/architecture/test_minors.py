"""Every address of the API that a minor's row is asked by: closed until a second member said yes, then written down."""

import json
from http import HTTPStatus

import pytest
from django.conf import settings
from django.test import Client

from recognition.enrollment.models import Enrollment
from tenants.organizations.models import User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.people.models import MinorAccessView, Person
from tenants.people.services import minors
from tenants.people.services.passes import issue_card
from tenants.rights.kinds import ErasureReason, ErasureScope, RequestKind
from tenants.rights.services import identity, requests
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.architecture.catalogue import undone
from tests.architecture.conftest import leave_context
from tests.architecture.routes import NOUNS, Route, member_routes
from tests.architecture.rows import Rows

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Whose rows are nobody's record.
OF_NOBODY = {"zone", "door", "device", "notice", "assessment", "member", "loss", "alert", "webhook", "delivery"}
# What a minor's row may be asked by without a yes, each with its reason.
OPEN = {
    "api:person_access": "how a member asks for the yes",
    "api:access": "the question, which a second member reads",
    "api:access_decide": "the second member's answer",
    "api:request_confirm": "names no person by its address; whom the payload names is asked below",
    "api:request_answer": "it must be answered in time; the answer shows nothing that was written",
    "api:request_refuse": "the same",
    "api:request_proof": "the same",
    "api:request_extend": "the same",
    "api:request_assign": "the same",
    "api:request_merge": "the same, with another of the same person",
    "api:request_package": "the same; the package goes to whoever has the code",
    "api:hold": "why rows are kept, by the person's random id",
    "api:hold_approve": "the same",
    "api:hold_lift": "the same",
    "api:complaint": "what somebody wrote to the property, and it must be answered in time",
    "api:complaint_answer": "the same letter",
    "api:erasure": "days and numbers of a deletion, by the random id",
    "api:erasure_certificate": "the same, signed",
}
READ = {
    "api:request",
    "api:request_messages",
    "api:person",
    "api:person_passes",
    "api:person_terminals",
    "api:guardian",
    "api:enrollment",
}
WRITTEN = {"api:person_passes", "api:pass_stop", "api:guardian_end", "api:person_restrict"}
WHO = {"name": "小宝", "kind": "family", "age_band": "under_14"}
PAYLOADS = {
    "api:person": WHO,
    "api:person_death": {"died_on": "2026-01-01"},
    "api:person_passes": {"kind": "qr"},
    "api:person_invitations": {"channel": "sms"},
}


@pytest.fixture
def child(ours: Rows) -> Person:
    enter_tenant(ours.tenant.pk)
    return factories.make_child(ours.tenant)


@pytest.fixture
def member(ours: Rows, child: Person) -> User:
    return factories.make_member(ours.tenant, Role.OWNER)


@pytest.fixture
def of_child(ours: Rows, child: Person) -> Rows:
    """The rows of a child under the nouns of the addresses."""
    tenant = ours.tenant
    request, _code = requests.receive(tenant=tenant, kind=RequestKind.ACCESS, name="王妈妈", contact="13800138000")
    other = factories.make_member(tenant, Role.FRONT_DESK)
    request = identity.prove_in_person(tenant=tenant, request=request, person=child, actor=other)
    enrollment = Enrollment(tenant=tenant, person=child)
    enrollment.save()
    rows = {
        "person": child,
        "pass": issue_card(tenant=tenant, person=child, number="0004 1234 5678"),
        "guardian": factories.make_guardian(tenant, child),
        "enrollment": enrollment,
        "access": minors.ask_for_access(tenant=tenant, person=child, actor=other, reason="核对"),
        "request": request,
        "erasure": order_erasure(
            tenant=tenant, person=child, reason=ErasureReason.REQUESTED, scope=ErasureScope.FACE, request=request
        ),
    }
    grown_up = factories.make_person(tenant).pk
    return Rows(tenant, ours.ids | {noun: row.pk for noun, row in rows.items()} | {"grown_up": grown_up})


def noun(route: Route) -> str:
    return NOUNS.get(route.name) or route.name.split(":")[-1].split("_")[0]


def keyed_routes() -> list[Route]:
    found = [route for route in member_routes() if route.name.startswith("api:") and "pk" in route.keys]
    return [route for route in found if noun(route) not in OF_NOBODY]


def ask(user: User, method: str, route: Route, rows: Rows) -> tuple[int, str, str, int]:
    """Status, code, sentence, and how many openings were written down by one call, which is undone."""
    client = Client(raise_request_exception=False, HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    payload = PAYLOADS.get(route.name, {})
    if route.name == "api:person_guardian":
        payload = {"guardian": str(rows.ids["grown_up"]), "relationship": "parent", "evidence": "court_decision"}
    with undone():
        before = openings(rows)
        leave_context()
        data = [json.dumps(payload)] if method != "get" else []
        answer = client.generic(method.upper(), route.url(rows), *data, content_type="application/json")
        said = answer.json() if answer.content else {}
        said = said if isinstance(said, dict) else {}
        return answer.status_code, said.get("code", ""), said.get("detail", ""), openings(rows) - before


def openings(rows: Rows) -> int:
    enter_tenant(rows.tenant.pk)
    return MinorAccessView.objects.count()


def test_the_exceptions_are_addresses() -> None:
    assert set(OPEN) <= {route.name for route in keyed_routes()}


def test_without_a_yes_every_address_of_a_minors_row_refuses_in_the_same_words(of_child: Rows, member: User) -> None:
    refused = [route for route in keyed_routes() if route.name not in OPEN]
    assert {"api:person", "api:person_passes", "api:pass_stop", "api:guardian"} <= {route.name for route in refused}
    said = {f"{m} {route.name}": ask(member, m, route, of_child) for route in refused for m in route.methods}
    expected = (HTTPStatus.FORBIDDEN, "minor", "A second member must approve this first.", 0)
    assert {name: answer for name, answer in said.items() if answer != expected} == {}


def test_with_a_yes_every_opening_is_written_down(of_child: Rows, member: User, child: Person) -> None:
    enter_tenant(of_child.tenant.pk)
    second = factories.make_member(of_child.tenant, Role.OWNER)
    access = minors.ask_for_access(tenant=of_child.tenant, person=child, actor=member, reason="补办门卡")
    minors.decide_access(tenant=of_child.tenant, access=access, actor=second, is_approved=True)
    said = {
        f"{method} {route.name}": ask(member, method, route, of_child)
        for route in keyed_routes()
        if route.name not in OPEN
        for method in route.methods
    }
    opened = {name for name, (status, *_rest) in said.items() if status < HTTPStatus.BAD_REQUEST}
    assert {name: said[name] for name in opened if said[name][-1] != 1} == {}
    assert {name for name, (_status, code, *_rest) in said.items() if code == "minor"} == set()
    assert {f"get {name}" for name in READ} | {f"post {name}" for name in WRITTEN} <= opened, said


def test_a_minor_named_in_a_payload_is_closed_as_well(of_child: Rows, member: User, child: Person) -> None:
    [confirm] = [route for route in keyed_routes() if route.name == "api:request_confirm"]
    whom = {"person": str(child.pk)}
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(member, backend=settings.AUTHENTICATION_BACKENDS[0])
    leave_context()
    answer = client.post(confirm.url(of_child), json.dumps(whom), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (HTTPStatus.FORBIDDEN, "minor")
