"""`make fuzz`: random requests to every operation of the API, as everybody who has or has no account.

None makes the API fall over, none is answered as the schema does not say, and no answer holds anything of the other
property, whose ids are among those asked for. FUZZ_CASES for each role, from FUZZ_SEED; terminals, which sign, have
tests of their own (tests/portal/api/test_captured_requests.py).
"""
# ruff: noqa: S608 - the names in these statements come from PostgreSQL's own catalogue

import os
import re
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from types import SimpleNamespace

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.urls import resolve
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.openapi import from_wsgi

from portal.wsgi import application
from tenants.organizations.models import User
from tenants.organizations.roles import Role
from tests.architecture.catalogue import query, tenant_tables, undone
from tests.architecture.conftest import leave_context
from tests.architecture.routes import Route
from tests.architecture.rows import Rows
from tests.portal.api.test_schema import CHECKS
from tests.roles import database_role

pytestmark = [pytest.mark.django_db, pytest.mark.drill]

ANONYMOUS = "anonymous"
CASES = int(os.environ.get("FUZZ_CASES") or 0)
SEED = int(os.environ.get("FUZZ_SEED") or 1)
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TOKEN = "a" * 32


@pytest.fixture
def one_connection(ours: Rows) -> Iterator[None]:
    """Keeps the test's own transaction open between requests, as Django's test client does for itself."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def canaries(ours: Rows, foreign: Rows) -> set[str]:
    """Every id that stands in a row of the other property and in none of ours."""
    found: dict[object, set[str]] = {ours.tenant.pk: set(), foreign.tenant.pk: set()}
    with database_role("owner"):
        for table in tenant_tables():
            for tenant_id, row in query(f'SELECT tenant_id, to_jsonb(t)::text FROM "{table}" t'):
                found[tenant_id].update(ID.findall(row))
    return found[foreign.tenant.pk] - found[ours.tenant.pk]


def keys_of(path: str, generated: dict, rows: Rows, slug: str) -> dict:
    """The keys of an address: those of real rows where one is known, else what was generated."""
    sample = re.sub(r"{id}|{pk}", "00000000-0000-4000-8000-000000000000", path).replace("{slug}", "a")
    try:
        route = Route(path, resolve(re.sub(r"{\w+}", "1", sample)).view_name, (), None)
        known = {name: str(route._value("pk" if name == "id" else name, rows)) for name in generated if name != "slug"}
    except (AssertionError, KeyError, LookupError):
        known = {}
    return generated | known | ({"slug": slug} if "slug" in generated else {})


class Fuzz:
    """One role's run: what was answered, and what was wrong."""

    def __init__(self, user: User | None, ours: Rows, foreign: Rows, canaries: set[str]) -> None:
        self.ours, self.canaries = ours, canaries
        self.statuses: Counter[int] = Counter()
        self.wrong: dict[str, str] = {}
        self.rows = cycle([ours, ours, foreign])
        self.cookies = {"csrftoken": TOKEN}
        if user:
            client = Client()
            client.force_login(user)
            self.cookies["sessionid"] = client.cookies["sessionid"].value

    def ask(self, case: schemathesis.Case) -> None:
        cache.clear()
        generated = dict(case.path_parameters or {})
        case.path_parameters = keys_of(case.path, generated, next(self.rows), self.ours.tenant.slug)
        case.cookies = self.cookies
        with undone():
            leave_context()
            answer = case.call(headers={"X-CSRFToken": TOKEN, "Accept-Language": "en"})
        self.statuses[answer.status_code] += 1
        asked = f"{case.formatted_path} {case.query} {case.body}"
        shown = {one for one in self.canaries.intersection(ID.findall(answer.text)) if one not in asked}
        assert not shown, f"{asked} shows {shown} of the other property"
        case.validate_response(answer, checks=list(CHECKS))

    def probe(self, operation: SimpleNamespace, count: int) -> None:
        """Ask one operation; the first wrong answer of each is kept and the next operation asked."""
        quiet = settings(
            max_examples=count,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        try:
            seed(SEED)(quiet(given(case=operation.as_strategy())(lambda case: self.ask(case))))()  # noqa: PLW0108 - given() takes no method
        except BaseExceptionGroup as failures:
            self.wrong[operation.label] = "; ".join(str(one) for one in failures.exceptions)
        except Exception as failure:  # whatever it is, it is a finding
            self.wrong[operation.label] = f"{type(failure).__name__}: {failure}"


@pytest.mark.parametrize("role", [ANONYMOUS, *Role])
@pytest.mark.usefixtures("one_connection")
def test_no_request_is_answered_wrongly(
    role: str,
    ours: Rows,
    foreign: Rows,
    members: dict[Role, User],
    canaries: set[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    schema = from_wsgi("/api/v1/schema/?format=json", application)
    schema.config.generation.update(modes=list(schemathesis.GenerationMode), with_security_parameters=False)
    operations = [
        operation
        for operation in (result.ok() for result in schema.get_all_operations())
        if not operation.path.startswith("/api/v1/device/")
    ]
    fuzz = Fuzz(None if role == ANONYMOUS else members[Role(role)], ours, foreign, canaries)
    for operation in operations:
        fuzz.probe(operation, max(1, -(-CASES // len(operations))))
    with capsys.disabled():
        print(f"\nfuzz: {role}, {len(operations)} operations, {fuzz.statuses.total()} cases: {dict(fuzz.statuses)}")
    assert fuzz.wrong == {}
    assert fuzz.statuses
