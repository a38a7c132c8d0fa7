"""Every address, the own and a foreign property, who may and who may not: read from the resolver, none is forgotten."""

from collections import Counter
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.urls import path
from django.views import View

from portal.tenancy import TenantScoped
from tenants.organizations.models import User
from tenants.organizations.roles import ROLE_PERMISSIONS, Permission, Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.accounts import create_account
from tenants.organizations.services.members import remove_member
from tenants.people.models import Guardian, Person
from tenants.people.services import minors
from tests import factories
from tests.architecture.conftest import Ask
from tests.architecture.routes import EVERYBODY, Route, member_routes, routes
from tests.architecture.rows import Rows
from tests.roles import database_role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ISOLATED = {HTTPStatus.NOT_FOUND}
UNKNOWN_CALLER = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


@pytest.fixture
def stranger(foreign: Rows) -> User:
    """The owner of another property."""
    return factories.make_member(foreign.tenant, Role.OWNER)


def permission_of(route: Route, method: str) -> Permission | None:
    """The permission that a view declares for a method; None when it declares none."""
    view = route.view
    if view is None or not issubclass(view, TenantScoped) or not hasattr(view, "permission"):
        return None
    permission = view.required_permission(view(), method.upper())
    return permission if isinstance(permission, Permission) else None


def undeclared(found: list[Route]) -> list[str]:
    return [f"{m} {r.address}" for r in found for m in (r.methods or ["any"]) if permission_of(r, m) is None]


def sweep(found: list[Route], rows: Rows, say: Callable[[Route, str, str], str | None]) -> list[str]:
    """Call `say` for each route and method; return its complaints."""
    complaints = []
    for route in found:
        for method in route.methods:
            complaint = say(route, method, route.url(rows))
            if complaint:
                complaints.append(f"{method} {route.name}: {complaint}")
    return complaints


def expect(response: HttpResponse, *wanted: int) -> str | None:
    return None if response.status_code in wanted else str(response.status_code)


def test_there_are_addresses_to_sweep() -> None:
    found = {route.name for route in member_routes()}
    assert {"today", "zone_edit", "api:zone", "person", "request_answer"} <= found


def test_every_member_address_declares_its_permission() -> None:
    assert undeclared(member_routes()) == []


def test_a_slug_is_looked_up_by_the_two_known_ways_only() -> None:
    loose = [r.address for r in routes() if "slug" in r.keys and not r.is_for_members]
    assert [address for address in loose if not address.startswith(EVERYBODY)] == []


def test_without_an_account_no_member_address_opens(ask: Ask, ours: Rows) -> None:
    sign_in = resolve_url(settings.LOGIN_URL)

    def say(route: Route, method: str, url: str) -> str | None:
        response = ask(None, method, url)
        if route.address.startswith("api/"):
            return expect(response, *UNKNOWN_CALLER)
        is_sent = response.status_code == HTTPStatus.FOUND and response.url.startswith(sign_in)
        return None if is_sent else str(response.status_code)

    assert sweep(member_routes(), ours, say) == []


def test_a_stranger_finds_nothing_at_any_address(ask: Ask, ours: Rows, stranger: User) -> None:
    assert sweep(member_routes(), ours, lambda _r, method, url: expect(ask(stranger, method, url), *ISOLATED)) == []


def test_platform_staff_without_membership_find_nothing(ask: Ask, ours: Rows) -> None:
    admin = create_account(email="root@example.com", password=factories.PASSWORD, is_platform_staff=True)
    assert sweep(some_routes(), ours, lambda _r, method, url: expect(ask(admin, method, url), *ISOLATED)) == []


def test_a_removed_member_finds_nothing(ask: Ask, ours: Rows) -> None:
    enter_tenant(ours.tenant.pk)
    former = factories.make_member(ours.tenant, Role.MANAGER)
    remove_member(tenant=ours.tenant, membership=former.memberships.get(tenant=ours.tenant))
    assert sweep(some_routes(), ours, lambda _r, method, url: expect(ask(former, method, url), *ISOLATED)) == []


def some_routes() -> list[Route]:
    """Every sixth page: that each asks the same door is shown by the stranger, who tries them all."""
    found = [route for route in member_routes() if "get" in route.methods][::6]
    assert len(found) > 30
    return found


def test_without_the_permission_a_member_is_refused(ask: Ask, ours: Rows, members: dict) -> None:
    """Each address with a role that lacks its right, the roles in turn: what each may do is another test's."""
    refused: Counter[Role] = Counter()

    def say(route: Route, method: str, url: str) -> str | None:
        lacking = [role for role in Role if permission_of(route, method) not in ROLE_PERMISSIONS[role]]
        if not lacking:
            return None
        role = min(lacking, key=lambda one: refused[one])
        refused[role] += 1
        return expect(ask(members[role], method, url), HTTPStatus.FORBIDDEN)

    assert sweep(member_routes(), ours, say) == []
    assert set(refused) == {role for role in Role if ROLE_PERMISSIONS[role] != frozenset(Permission)}


def test_with_every_permission_every_own_address_takes_something(ask: Ask, ours: Rows, members: dict) -> None:
    """Whatever an empty form or payload is answered, it is not “forbidden”, “not found” or an error of ours."""

    open_record(Guardian.objects.get(pk=ours.ids["guardian"]).child, members[Role.OWNER], members[Role.MANAGER])

    def say(_route: Route, method: str, url: str) -> str | None:
        if method == "get":
            return None  # below
        return closed(ask(members[Role.OWNER], method, url, "{}", content_type="application/json"))

    assert sweep(member_routes(), ours, say) == []


def closed(response: HttpResponse) -> str | None:
    status = response.status_code
    return str(status) if status in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND} or status >= 500 else None


def open_record(child: Person, asks: User, second: User) -> None:
    """A minor's row is closed to every role until a second member said yes (test_minors.py)."""
    access = minors.ask_for_access(tenant=child.tenant, person=child, actor=asks, reason="核对")
    minors.decide_access(tenant=child.tenant, access=access, actor=second, is_approved=True)


@pytest.mark.parametrize("role", Role)
def test_the_front_page_of_a_property_opens_for_every_role(role: Role, ask: Ask, ours: Rows, members: dict) -> None:
    assert ask(members[role], "get", f"/t/{ours.tenant.slug}/").status_code == HTTPStatus.OK


@pytest.mark.parametrize("wall", ["web", "owner"])
def test_a_foreign_row_is_not_found_at_the_own_address(
    wall: str, ask: Ask, ours: Rows, foreign: Rows, members: dict
) -> None:
    """As the web role, and as the owner, whom no policy stops: the application's own filter alone."""
    found = [route for route in member_routes() if "pk" in route.keys]
    owner = members[Role.OWNER]

    def say(route: Route, method: str, _url: str) -> str | None:
        return expect(ask(owner, method, route.url(foreign, slug=ours.tenant.slug)), *ISOLATED)

    assert len(found) > 20
    with database_role(wall):
        assert sweep(found, ours, say) == []


def test_personal_and_public_keys_of_another_property_are_not_found(ask: Ask, ours: Rows, foreign: Rows) -> None:
    found = [r for r in routes() if r.address.startswith(EVERYBODY) and {"token", "ticket", "code"} & set(r.keys)]

    def say(route: Route, method: str, _url: str) -> str | None:
        response = ask(None, method, route.url(foreign, slug=ours.tenant.slug))
        return expect(response, HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.TOO_MANY_REQUESTS)

    assert sweep(found, ours, say) == []


def test_every_own_page_opens_and_shows_no_foreign_row(ask: Ask, ours: Rows, foreign: Rows, members: dict) -> None:
    """As the owner, whom no policy stops: the filters hold without that wall (with it: test_answers.py)."""
    foreign_ids = {str(pk) for pk in foreign.ids.values()}
    open_record(Guardian.objects.get(pk=ours.ids["guardian"]).child, members[Role.OWNER], members[Role.MANAGER])

    def say(_route: Route, method: str, url: str) -> str | None:
        if method != "get":
            return None
        response = ask(members[Role.OWNER], method, url)
        text = response.content.decode(errors="replace")  # a picture is no text
        return closed(response) or next((pk for pk in foreign_ids if pk in text), None)

    with database_role("owner"):
        assert sweep(member_routes(), ours, say) == []


class Bare(View):
    """A page without a declared permission."""

    def get(self, request: object, slug: str) -> HttpResponse:
        return HttpResponse()


def test_the_sweeps_can_fail(ask: Ask, ours: Rows, stranger: User) -> None:
    planted = Route("t/<slug:slug>/bare/", "bare", ("slug",), path("bare/", Bare.as_view()).callback)
    assert undeclared([planted]) == ["get t/<slug:slug>/bare/"]
    with pytest.raises(AssertionError, match=r"Add a row to tests/architecture/rows\.py"):
        Route("t/<slug:slug>/x/<uuid:pk>/", "unheard_of", ("slug", "pk"), planted.callback).url(ours)
    public = [route for route in routes() if route.name == "public"]
    assert sweep(public, ours, lambda _r, method, url: expect(ask(stranger, method, url), *ISOLATED))
