"""Every address of the API × a token of the other property, over, stopped, of a former member, too narrow, and wide."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.utils import timezone

from portal.security import tokens
from portal.security.models import ApiToken
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission, Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.members import remove_member
from tests import factories
from tests.architecture.conftest import Ask
from tests.architecture.routes import Route, member_routes
from tests.architecture.rows import Rows
from tests.architecture.test_routes import expect, permission_of, sweep
from tests.roles import database_role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ALL = tokens.may_give(frozenset(Permission))


def api_routes() -> list[Route]:
    return [route for route in member_routes() if route.address.startswith("api/")]


def make(tenant: Property, user: User, scopes: list[Permission] = ALL) -> tuple[ApiToken, dict[str, str]]:
    """A token, and how a request carries it."""
    enter_tenant(tenant.pk)
    token, text = tokens.issue(tenant=tenant, actor=user, name="sweep", scopes=scopes)
    return token, {"HTTP_AUTHORIZATION": f"Bearer {text}"}


def complaints(ask: Ask, rows: Rows, carried: dict[str, str], *wanted: int, user: User | None = None) -> list[str]:
    return sweep(api_routes(), rows, lambda _route, method, url: expect(ask(user, method, url, **carried), *wanted))


def test_there_are_addresses_to_sweep() -> None:
    assert len(api_routes()) > 60


def test_a_token_of_another_property_finds_nothing(ask: Ask, ours: Rows, foreign: Rows) -> None:
    _token, carried = make(foreign.tenant, factories.make_member(foreign.tenant, Role.OWNER))
    assert complaints(ask, ours, carried, HTTPStatus.NOT_FOUND) == []


def test_a_token_of_another_property_beside_an_owners_session_finds_nothing(
    ask: Ask, ours: Rows, foreign: Rows, members: dict[Role, User]
) -> None:
    _token, carried = make(foreign.tenant, factories.make_member(foreign.tenant, Role.OWNER))
    assert complaints(ask, ours, carried, HTTPStatus.NOT_FOUND, user=members[Role.OWNER]) == []


@pytest.mark.parametrize("how", ["over", "stopped", "of_a_former_member", "unknown"])
def test_a_token_that_ended_opens_nothing(how: str, ask: Ask, ours: Rows, members: dict[Role, User]) -> None:
    """Nor does the session of an owner beside it; 429 once too many such were sent."""
    member = members[Role.MANAGER]
    token, carried = make(ours.tenant, member, [Permission.VIEW_HOME])
    if how == "over":
        began = timezone.now() - timedelta(days=91)
        with database_role("owner"):
            factories.rewrite(ApiToken.objects.filter(pk=token.pk), created_at=began, expires_at=timezone.now())
    elif how == "stopped":
        tokens.revoke(tenant=ours.tenant, token=token, actor=member)
    elif how == "of_a_former_member":
        remove_member(tenant=ours.tenant, membership=token.membership)
    else:
        carried = {"HTTP_AUTHORIZATION": "Bearer cst_"}
    wanted = (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS)
    some = api_routes()[::4]  # each asks the same door: the tests above try them all
    user = members[Role.OWNER]
    assert sweep(some, ours, lambda _route, method, url: expect(ask(user, method, url, **carried), *wanted)) == []


def test_an_address_asks_a_token_for_its_own_right_and_for_no_other(
    ask: Ask, ours: Rows, members: dict[Role, User]
) -> None:
    """An owner's token with that right alone, and another owner's with all rights but that one."""
    other = factories.make_member(ours.tenant, Role.OWNER)
    only = {scope: make(ours.tenant, members[Role.OWNER], [scope])[1] for scope in ALL}
    without = {scope: make(ours.tenant, other, [one for one in ALL if one != scope])[1] for scope in ALL}
    asked: set[Permission] = set()

    def status(method: str, url: str, carried: dict[str, str]) -> int:
        return ask(None, method, url, "{}", content_type="application/json", **carried).status_code

    def say(route: Route, method: str, url: str) -> str | None:
        right = permission_of(route, method)
        if right not in only:
            return None  # no token gets it: below
        asked.add(right)
        closed, opened = status(method, url, without[right]), status(method, url, only[right])
        # 403 where a member is asked in person, or for a minor's record.
        is_opened = opened not in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND} and opened < 500
        return None if closed == HTTPStatus.FORBIDDEN and is_opened else f"{closed}, {opened}"

    assert sweep(api_routes(), ours, say) == []
    assert asked == set(ALL), "a token can be given a right that no address asks for"


def test_what_a_person_does_is_refused_to_the_widest_token(ask: Ask, ours: Rows, members: dict[Role, User]) -> None:
    """What is sensitive, what is done in person, and rights that no token gets; a new one is somebody's decision."""
    _token, carried = make(ours.tenant, members[Role.OWNER])
    refused = set()

    def say(route: Route, method: str, url: str) -> None:
        answer = ask(None, method, url, "{}", content_type="application/json", **carried)
        if answer.status_code == HTTPStatus.FORBIDDEN and answer.json()["code"] != "minor":
            refused.add(f"{method} {route.name.removeprefix('api:')}")

    sweep(api_routes(), ours, say)
    assert refused == {
        "post assessment_sign",
        "post access_decide",
        "post alert_handle",
        "post alert_reopen",
        "post device_pairing",
        "post holds",
        "post hold_approve",
        "post hold_lift",
        "post losses",
        "post loss_confirm",
        "post loss_take_back",
        "post request_confirm",
        "post request_code",
        "post members",
        "put member",
        "delete member",
        "post member_restore",
    }


def test_the_sweeps_can_fail(ask: Ask, ours: Rows, members: dict[Role, User]) -> None:
    _token, carried = make(ours.tenant, members[Role.OWNER])
    few = [route for route in api_routes() if route.name in {"api:zones", "api:holds"}]
    for wanted in (HTTPStatus.NOT_FOUND, HTTPStatus.UNAUTHORIZED):
        found = sweep(
            few, ours, lambda _r, method, url, status=wanted: expect(ask(None, method, url, **carried), status)
        )
        assert len(found) == 4
