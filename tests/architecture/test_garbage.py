"""What nobody should send: foreign rows in forms, and garbage at every address."""

import json
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.conf import settings
from django.test import Client
from django.utils.timezone import localtime
from rest_framework import serializers

from portal.api.serializers.fields import Payload
from tenants.organizations.roles import Role
from tenants.organizations.services.accounts import create_account
from tests import factories
from tests.architecture.catalogue import query, tenant_tables
from tests.architecture.conftest import Ask, leave_context
from tests.architecture.routes import METHODS, Route, member_routes, routes
from tests.architecture.rows import Rows
from tests.roles import database_role
from tests.signed_client import signed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def foreign_form(foreign: Rows) -> dict[str, str]:
    """Every noun as a field, with the other property's row in it, beside values that make a form valid."""
    ids = {noun: str(pk) for noun, pk in foreign.ids.items()}
    return ids | {
        "access_point": ids["door"], "requests": ids["request"], "membership": ids["member"], "name": "新的",
        "kind": "lobby", "mode": "verify", "methods": "card", "text": "答复", "confirmed": "on", "role": "owner",
    }  # fmt: skip


def crossing_links() -> list[str]:
    """Every foreign key that leads from a row of one property to a row of another, in the whole database."""
    found = []
    keys = query(
        "SELECT conrelid::regclass::text, confrelid::regclass::text, a.attname FROM pg_constraint c "
        "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'"
    )
    owned = tenant_tables()
    for table, target, column in keys:
        if table in owned and target in owned:
            sql = f'SELECT count(*) FROM "{table}" t JOIN "{target}" o ON o.id = t."{column}"'  # noqa: S608 - catalogue
            if query(f"{sql} WHERE o.tenant_id <> t.tenant_id")[0][0]:
                found.append(f"{table}.{column}")
    return found


def test_no_form_takes_a_foreign_row(ours: Rows, foreign: Rows, members: dict) -> None:
    """What a form or a payload names is looked for in the own property, and no link ever crosses."""
    client = Client(raise_request_exception=False)
    client.force_login(members[Role.OWNER], backend=settings.AUTHENTICATION_BACKENDS[0])
    fields = foreign_form(foreign)
    for route in member_routes():
        for method in set(route.methods) & {"post", "put", "patch"}:
            leave_context()
            if route.address.startswith("api/"):
                payload = json.dumps(fields | {"methods": ["card"]})
                response = client.generic(method.upper(), route.url(ours), payload, content_type="application/json")
            else:
                response = client.post(route.url(ours), fields)
            assert response.status_code < 500, route.name
    with database_role("owner"):
        assert crossing_links() == []


FORM, JSON, PARTS = "application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=b"
PHOTO = b"--b\r\nContent-Disposition: form-data; name=photo; filename=x.jpg\r\n\r\nno photo\r\n--b--\r\n"
GARBAGE = [
    ("name=%00&kind=nonsense&zone=x&person=x&stay_ends_on=31.2.2026&face_days=-1&text=" + "x" * 9000, FORM),
    ("{", JSON),
    ('{"name": "\\ud800", "kind": {}, "methods": "x", "zone": 7, "face_days": 1e400, "text": [1]}', JSON),
    (PHOTO, PARTS),
    (PHOTO[:30], PARTS),
    (b"\xff\xfe\x00", "application/octet-stream"),
]
WHO = {
    "owner": lambda route: route.is_for_members,
    "platform": lambda route: route.address.startswith(("admin/", "accounts/", "api/v1/docs", "api/v1/schema")),
    "terminal": lambda route: route.address.startswith("api/v1/device/"),
    "anonymous": lambda route: not route.is_for_members,
}


@pytest.mark.parametrize("who", WHO)
def test_no_address_breaks_on_garbage(who: str, ask: Ask, ours: Rows, members: dict) -> None:
    """A refusal perhaps, but never an error of ours."""
    user = None
    if who == "owner":
        user = members[Role.OWNER]
    elif who == "platform":
        user = create_account(email="root@example.com", password=factories.PASSWORD, is_platform_staff=True)
    broken, asked = [], 0
    for route in filter(WHO[who], routes()):
        for url in garbage_urls(route, ours):
            for method in METHODS:
                for body, kind in garbage_for(route, method):
                    asked += 1
                    options = signed(ours.ids["terminal"], method, url, body, kind) if who == "terminal" else {}
                    status = ask(user, method, url, body, content_type=kind, **options).status_code
                    if status >= 500:
                        broken.append(f"{status} {method} {url} {kind} {body[:30]!r}")
    assert broken == []
    assert asked


EDGES = [
    f"{day}T{time}{zone}"
    for day, time in (("0001-01-01", "00:00:00"), ("9999-12-31", "23:59:59"), ("1901-01-01", "00:00:00"))
    for zone in ("", "Z", "+14:00", "-12:00")
]


def payloads(kind: type[Payload] = Payload) -> Iterator[type[Payload]]:
    """Every shape in which the API takes something."""
    for below in kind.__subclasses__():
        yield from (below, *payloads(below))


def test_no_moment_at_the_edge_of_the_calendar_breaks_the_api() -> None:
    """It is taken, or refused beside its field; and what is taken can be shown in Beijing's time."""
    list(routes())  # loads every view, and with it every shape
    asked = set()
    for payload in payloads():
        for name, field in payload().fields.items():
            for edge in EDGES if isinstance(field, serializers.DateTimeField) else ():
                asked.add(f"{payload.__name__}.{name}")
                with suppress(serializers.ValidationError):
                    localtime(field.run_validation(edge))
    assert {"MethodPayload.since", "NoticePayload.seen"} <= asked, asked


def garbage_for(route: Route, method: str) -> list[tuple[str | bytes, str]]:
    """What to send: the right form with wrong content, the wrong form, and no form at all."""
    if route.view is not None and method not in route.methods:
        return GARBAGE[-1:] if method == "patch" else []  # a method without a handler is refused by Django itself
    if method in {"get", "delete"}:
        return GARBAGE[:1]
    spoken = {JSON, "application/octet-stream"} if route.address.startswith("api/") else {FORM, PARTS}
    wanted = [(body, kind) for body, kind in GARBAGE if kind in spoken]
    # Where people are signed in: the form with the worst content, not each way to break a form.
    return [max(wanted, key=lambda one: len(one[0]))] if route.is_for_members else wanted[:2]


def garbage_urls(route: Route, rows: Rows) -> Iterator[str]:
    """The address with real keys, and with keys that nothing has."""
    if not route.name:
        yield "/api/v1/no/such/address"
    elif route.address.startswith(("admin/", "accounts/")):
        if not route.keys and "(" not in route.address:  # their other keys are Django's and allauth's own
            yield route.url(rows)
    else:
        yield route.url(rows)
        nothing = {"slug": "no-such-place", "token": "x" * 300, "code": "0000-no", "version": 10**12}
        for key in set(nothing) & set(route.keys) if not route.is_for_members else ():
            yield route.url(rows, **{key: nothing[key]})


def test_the_sweep_of_links_can_fail(ours: Rows, foreign: Rows) -> None:
    from tests.architecture.catalogue import execute

    with database_role("owner"):
        execute("UPDATE premises_accesspoint SET zone_id = %s WHERE id = %s", foreign.ids["zone"], ours.ids["door"])
        assert crossing_links() == ["premises_accesspoint.zone_id"]
