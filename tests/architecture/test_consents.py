"""A consent has three makers: the person's own visit, a guardian's visit, a signed sheet. Nothing else makes one."""

import ast
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenants.organizations.models import User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.people.kinds import ConsentChannel
from tenants.people.models import Consent, PaperForm, Person
from tenants.transparency.models import Notice
from tests import factories
from tests.architecture import source
from tests.architecture.catalogue import undone
from tests.architecture.conftest import leave_context
from tests.architecture.routes import Route, routes
from tests.architecture.rows import Rows
from tests.signed_client import SignedPages

MAKER = "tenants/people/services/consents.py:_record_consent"
# Who may call the maker, and what only they can get: a visit by a secret, or a sheet with its scan.
CALLERS = {
    "_record_consent": {"tenants/people/services/consents.py:decide", "tenants/people/services/consents.py:transcribe"},
    "transcribe": {"tenants/people/services/desk.py:record_paper_consent"},
    "Visit": {"tenants/people/services/links.py:open_link"},
    "GuardianVisit": {"tenants/people/services/guardians.py:open_for_child"},
    "PaperForm": {"tenants/people/services/desk.py:record_paper_consent"},
}
KINDS = {"zone": "lobby", "zones": "lobby", "requests": "access", "request": "access"}
CREATES = {"create", "get_or_create", "update_or_create", "bulk_create", "acreate", "aget_or_create", "abulk_create"}
ROWS = {"Consent.objects", "Consent._default_manager", "Consent._base_manager"}


def functions() -> Iterator[tuple[str, ast.AST]]:
    """Every function of our source as file:name; what stands outside of one as file:."""
    for path in source.files(*source.HOUSES):
        tree = source.parsed(path)
        inside = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
        yield from ((f"{source.name(path)}:{function.name}", function) for function in inside)
        within = {id(node) for function in inside for node in ast.walk(function)}
        outside = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and id(n) not in within]
        yield f"{source.name(path)}:", ast.Module(body=[ast.Expr(call) for call in outside], type_ignores=[])


def makes_a_consent(tree: ast.AST) -> bool:
    """Say whether something here writes a new consent, by the class or by any manager that leads to it."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        owner, _dot, verb = called.rpartition(".")
        if called.split(".")[-1] == "Consent":
            return True
        if verb in CREATES and (owner in ROWS or owner.split(".")[-1] in {"consents", "consent_set"}):
            return True
    return False


@cache
def calls() -> dict[str, set[str]]:
    """Who calls what: of each name in CALLERS the functions, in one walk over our source."""
    found: dict[str, set[str]] = defaultdict(set)
    for where, tree in functions():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                found[called].add(where)
    return found


def test_one_function_writes_a_consent() -> None:
    assert {where for where, tree in functions() if makes_a_consent(tree)} == {MAKER}


@pytest.mark.parametrize("name", CALLERS)
def test_only_the_three_makers_reach_it(name: str) -> None:
    assert calls()[name] == CALLERS[name]


@pytest.mark.parametrize(
    "line",
    [
        "Consent(person=p)",
        "models.Consent(person=p).save()",
        "Consent.objects.create(person=p)",
        "Consent.objects.bulk_create(rows)",
        "person.consents.create(purpose='recognition')",
        "notice.consents.update_or_create(person=p)",
    ],
)
def test_the_sweep_of_makers_can_fail(line: str) -> None:
    assert makes_a_consent(ast.parse(line))


def test_no_admin_page_and_no_serializer_knows_how_to_write_a_consent() -> None:
    assert Consent not in admin.site._registry
    assert PaperForm not in admin.site._registry
    from portal.api.serializers.people import ConsentShape

    assert set(ConsentShape.Meta.read_only_fields) == set(ConsentShape.Meta.fields)


def test_no_raw_sql_writes_a_consent() -> None:
    table = apps.get_model("people.Consent")._meta.db_table
    found = [
        source.name(path)
        for path in source.files(*source.HOUSES)
        if f"INSERT INTO {table}" in (text := path.read_text()) or f'INSERT INTO "{table}"' in text
    ]
    assert found == []


def plausible(rows: Rows, notice: Notice) -> dict[str, str]:
    """Everything that could ever be read as an answer, beside values that make forms valid."""
    ids = {noun: str(pk) for noun, pk in rows.ids.items()}
    today = timezone.localdate().isoformat()
    return ids | {
        "notice": str(notice.pk), "decision": "agree", "purpose": "recognition", "consent": "agree", "agree": "on",
        "consents": "recognition", "signed_on": today, "died_on": today, "was_read_aloud": "yes", "confirmed": "on",
        "language": "zh-hans", "name": "新的", "kind": "owner", "age_band": "adult", "mode": "verify",
        "methods": "card", "text": "答复", "role": "owner", "access_point": ids["door"], "reason": "核对",
        "is_approved": "on", "relationship": "parent", "evidence": "court_decision", "face_days": "30",
        "event_days": "30", "storage_mode": "portal", "phone": "13800138000", "room": "1-101", "face_state": "enrolled",
        "why": "asked",
    }  # fmt: skip


def writing_routes(*, admin: bool = False) -> Iterator[tuple[Route, str]]:
    """Every address that takes something in; those of the platform admin only when they are asked for."""
    read_only = ("accounts/", "api/v1/docs", "api/v1/schema")
    for route in routes():
        if route.name and not route.address.startswith(read_only) and route.address.startswith("admin/") == admin:
            methods = ["post"] if admin else route.methods
            yield from ((route, method) for method in methods if method in {"post", "put", "patch"})


def send(client: Client, route: Route, method: str, url: str, fields: dict[str, str], **headers: str) -> int:
    """Send everything; an API that names what it does not take gets the rest."""
    fields = fields | {"kind": KINDS.get(route.name.split(":")[-1].split("_")[0], fields["kind"])}
    if not route.address.startswith("api/") or route.name == "api:enrollments":
        scan = SimpleUploadedFile("signed.pdf", factories.make_scan(), content_type="application/pdf")
        return client.post(url, fields | {"scan": scan}, **headers).status_code
    body: dict[str, object] = fields | {"methods": ["card"]}
    for _attempt in range(2):
        with transaction.atomic():  # a terminal's views have no transaction of their own: a refusal ends this one
            response = client.generic(method.upper(), url, json.dumps(body), content_type="application/json", **headers)
        errors = response.json().get("errors") or {} if response.status_code == 400 else {}
        unknown = {name for name, found in errors.items() if found[0]["code"] == "unknown_field"}
        if not unknown:
            break
        body = {name: value for name, value in body.items() if name not in unknown}
    return response.status_code


def sweep(client: Client, rows: Rows, asked: Iterable[tuple[Route, str, str]], **headers: str) -> dict[str, list]:
    """Send everything to every address and return the consents that came of it, by the address's name.

    `asked` are (route, method, address). Each is taken back before the next.
    """
    enter_tenant(rows.tenant.pk)
    fields = plausible(rows, Notice.objects.filter(tenant=rows.tenant).current())
    before = set(Consent.objects.values_list("pk", flat=True))
    made: dict[str, list[Consent]] = {}
    for route, method, url in asked:
        with undone():
            leave_context()
            status = send(client, route, method, url, fields, **headers)
            assert status < 500, f"{method} {route.name}: {status}"
            if connection.needs_rollback:
                continue  # whatever it wrote is being taken back
            enter_tenant(rows.tenant.pk)
            new = list(Consent.objects.exclude(pk__in=before).select_related("paper"))
            if new:
                made[route.name] = new
    return made


def somebodys_link(rows: Rows) -> str:
    """The secret of somebody who has not answered yet: whoever may answer by it makes a consent."""
    enter_tenant(rows.tenant.pk)
    return factories.make_link(rows.tenant, factories.make_person(rows.tenant))


def every_address(rows: Rows, **instead: object) -> list[tuple[Route, str, str]]:
    asked = [(route, method, route.url(rows, **instead)) for route, method in writing_routes()]
    assert len(asked) > 50
    return asked


@pytest.mark.django_db
@pytest.mark.slow
def test_no_member_makes_a_consent_at_any_address_but_by_a_signed_sheet(ours: Rows, members: dict) -> None:
    """As the owner, who has every permission; without one its addresses are closed (test_routes.py)."""
    user: User = members[Role.OWNER]
    client = Client(raise_request_exception=False)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    made = sweep(client, ours, every_address(ours, token=somebodys_link(ours)))
    assert client.session["_auth_user_id"] == str(user.pk)
    # The one way is open to whoever may use it, or the sweep would prove nothing.
    assert set(made) == {"person_paper"}
    for consent in made.get("person_paper", []):
        assert (consent.channel, consent.paper.assisted_by_id) == (ConsentChannel.DESK_PAPER, user.pk)


@pytest.mark.django_db
@pytest.mark.slow
def test_no_superuser_makes_a_consent_at_any_address_of_the_platform_or_of_a_property(ours: Rows) -> None:
    client = Client(raise_request_exception=False)
    root = User.objects.create_superuser("root@example.com", factories.PASSWORD)
    client.force_login(root, backend=settings.AUTHENTICATION_BACKENDS[0])
    keys = {"handler": ours.tenant.handler_id, "property": ours.tenant.pk, "user": root.pk}
    platform = []
    for route, method in writing_routes(admin=True):
        if route.name == "admin:logout":
            continue  # from then on nobody would ask as the superuser
        noun = next((noun for noun in keys if f"_{noun}_" in route.name), "property")
        some = {"object_id": keys[noun], "id": keys[noun], "content_type_id": 1, "url": "x/"}
        some["app_label"] = "organizations"
        url = reverse(route.name, kwargs={key: some[key] for key in route.keys})
        platform.append((route, method, url))
    assert len(platform) > 10
    for model in (Consent, PaperForm, Person):  # and the addresses that these would have, were they registered
        name = f"/admin/people/{model._meta.model_name}/"
        platform += [(platform[0][0], "post", url) for url in (f"{name}add/", f"{name}{ours.ids['person']}/change/")]
    assert sweep(client, ours, [*platform, *every_address(ours, token=somebodys_link(ours))]) == {}
    assert client.session["_auth_user_id"] == str(root.pk)


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("is_device", [False, True])
def test_nobody_without_an_account_makes_a_consent_but_on_their_own_page(ours: Rows, is_device: bool) -> None:
    """Not even whoever holds a terminal's key. Whoever holds a person's link is that person."""
    client = (SignedPages if is_device else Client)(raise_request_exception=False)
    client.terminal = ours.ids["terminal"]
    assert sweep(client, ours, every_address(ours, token="no-such-secret")) == {}
    asked = every_address(ours, token=somebodys_link(ours))
    assert set(sweep(client, ours, asked)) == {"me_consent"}
