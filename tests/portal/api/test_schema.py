"""The API keeps its own schema, and no content makes it fall over."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.openapi import from_wsgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from portal.api.serializers import orders, terminal_examples, terminals
from portal.api.urls import urlpatterns
from portal.security.alerts.raising import ring
from portal.security.webhooks import endpoints
from portal.security.webhooks.events import Event
from portal.wsgi import application
from recognition.edge.services import losses
from recognition.enrollment.services import submit_photo
from tenants.organizations.models import Membership, Property, User
from tenants.people.services.minors import ask_for_access, decide_access
from tenants.people.services.passes import issue_qr
from tenants.rights.services import complaints, holds
from tenants.rights.services.erasures import order_erasure
from tenants.rights.services.requests import receive
from tenants.transparency.services import assessments
from tenants.transparency.services.notices import start_draft
from tests import factories
from tests.fakes import face_photo

pytestmark = pytest.mark.django_db


def code_is_listed(_context: object, response: Response, case: schemathesis.Case) -> None:
    """A check of schemathesis: every code of a refusal stands in the schema of the operation."""
    if response.headers.get("content-type", [""])[0] != "application/problem+json":
        return
    said = response.json()
    codes = {said["code"], *(one["code"] for entries in said.get("errors", {}).values() for one in entries)}
    listed = case.operation.definition.raw["responses"].get(str(response.status_code), {}).get("x-codes", [])
    assert codes <= set(listed), f"{response.status_code} {sorted(codes.difference(listed))} is not listed"


CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    code_is_listed,
)
EXAMPLES = 3


def test_the_schema_and_its_page_are_public_and_need_nothing_inline(client: Client) -> None:
    page = client.get("/api/v1/docs/")
    assert page.status_code == 200
    html = page.content.decode()
    assert "<style" not in html
    assert not re.search(r"<script(?! src=)", html)
    assert "http:" not in html
    assert "https:" not in html
    script = client.get(re.search(r'src="(/api/[^"]+)"', html).group(1).replace("&amp;", "&"))
    assert script["Content-Type"].startswith("application/javascript")
    assert client.get("/api/v1/schema/").status_code == 200


def test_every_operation_has_a_summary_and_names_its_problems(client: Client) -> None:
    paths = client.get("/api/v1/schema/?format=json").json()["paths"]
    assert len(paths) >= len(urlpatterns)
    for path, operations in paths.items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            assert operation.get("summary"), (method, path)
            assert "400" in operation["responses"], (method, path)
            assert any(code.startswith("2") for code in operation["responses"]), (method, path)


def test_what_terminals_send_and_are_told_is_shown_by_examples_that_are_right() -> None:
    for name, value in terminal_examples.SENT.items():
        shape = getattr(terminals, name, None) or getattr(orders, name)
        shape(data=value).is_valid(raise_exception=True)
    for name, value in terminal_examples.TOLD.items():
        shape = getattr(terminals, name, None) or getattr(orders, name)
        assert shape().fields.keys() == value.keys(), name
    paths = Client().get("/api/v1/schema/?format=json").json()["paths"]
    for path, operations in paths.items():
        if path.startswith("/api/v1/device/") and "post" in operations:
            for content in operations["post"]["requestBody"]["content"].values():
                assert content.get("examples") or path.endswith(("verify/", "identify/")), path


@pytest.fixture
def known(tenant: Property, owner: User) -> dict[str, str]:
    """An id for each kind of row, by the name that its address has."""
    device, _code = factories.make_active_device(tenant)
    person, _visit = factories.make_consented_person(tenant)
    request, _code = receive(tenant=tenant, kind="access", name="李", contact="138")
    guardian = factories.make_guardian(tenant, guardian=person)
    hook, _secret = endpoints.add(tenant=tenant, url="https://hook.example/", events=list(Event))
    access = ask_for_access(tenant=tenant, person=guardian.child, actor=owner, reason="核对")
    decide_access(tenant=tenant, access=access, actor=factories.make_member(tenant), is_approved=True)
    rows = {
        "zones": device.access_point.zone,
        "doors": device.access_point,
        "devices": device,
        "notices": start_draft(tenant=tenant),
        "assessments": assessments.start_draft(tenant=tenant, actor=owner),
        "people": person,
        "passes": issue_qr(tenant=tenant, person=person),
        "enrollments": submit_photo(tenant=tenant, person=person, photo=face_photo("li")),
        "requests": request,
        "erasures": order_erasure(tenant=tenant, person=factories.make_person(tenant), reason="retention"),
        "guardians": guardian,
        "minor-accesses": ask_for_access(
            tenant=tenant, person=factories.make_child(tenant), actor=factories.make_member(tenant), reason="核对"
        ),
        "complaints": complaints.receive(tenant=tenant, text="门口拍到了我的孩子")[0],
        "holds": holds.ask(
            tenant=tenant, actor=owner, kind="events", reason="丢车", article="54", ends_on=timezone.localdate()
        ),
        "losses": losses.declare(tenant=tenant, device=device, reason="被盗", actor=factories.make_member(tenant)),
        "alerts": ring("mass_reading", tenant.pk, "user:aaaa", {}, timezone.now()),
        "webhooks": hook,
        "deliveries": endpoints.send_test(tenant=tenant, endpoint=hook),
        "members": Membership.objects.exclude(user=owner).first(),
    }
    return {name: str(row.pk) for name, row in rows.items()}


@pytest.fixture
def one_connection(known: dict[str, str]) -> Iterator[None]:
    """Keeps the test's own transaction open between requests, as Django's test client does for itself."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
@pytest.mark.slow
def test_no_content_makes_the_api_fall_over(
    tenant: Property, owner: User, known: dict[str, str], client: Client
) -> None:
    """A bounded run of schemathesis over what members and everybody may ask."""
    client.force_login(owner)
    token = "a" * 32
    cookies = {"sessionid": client.cookies["sessionid"].value, "csrftoken": token}
    headers = {"X-CSRFToken": token, "Accept-Language": "en"}
    schema = from_wsgi("/api/v1/schema/?format=json", application)
    schema.config.generation.update(modes=list(schemathesis.GenerationMode), with_security_parameters=False)
    statuses: Counter[int] = Counter()

    def probe(operation: object) -> None:
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            cache.clear()
            case.path_parameters = dict(case.path_parameters or {}) | {"slug": tenant.slug}
            if "id" in case.path_parameters:
                case.path_parameters["id"] = known[operation.path.split("/")[5]]
            case.cookies = cookies
            statuses[case.call_and_validate(headers=headers, checks=CHECKS).status_code] += 1

        ask()

    operations = [result.ok() for result in schema.get_all_operations()]
    for operation in sorted(operations, key=lambda operation: operation.method.upper() == "DELETE"):
        if not operation.path.startswith("/api/v1/device/"):
            probe(operation)
    # Most of it got past the door, so it was the shapes and services that were tried.
    assert {401, 403}.isdisjoint(statuses)
    assert statuses[200] > 30
