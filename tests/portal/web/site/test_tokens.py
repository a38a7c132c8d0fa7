"""The page of API tokens: shown once, one's own, and stopped by whoever may."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from portal.security import tokens
from portal.security.models import ApiToken
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission, Role
from tenants.organizations.scoping import enter_tenant
from tests import factories

pytestmark = pytest.mark.django_db

WANTED = {"name": "月报程序", "scopes": ["view_home", "view_premises"], "days": "90"}
TOKEN = re.compile(r"cst_[A-Za-z0-9_-]{64}")


def made(tenant: Property, user: User) -> ApiToken:
    enter_tenant(tenant.pk)
    token, _text = tokens.issue(tenant=tenant, actor=user, name=f"of {user.pk}", scopes=[Permission.VIEW_HOME])
    return token


def test_a_token_is_shown_once_and_opens_the_api(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    shown = client.post(at("token_add"), WANTED)
    [text] = set(TOKEN.findall(shown.content.decode()))
    assert shown["Cache-Control"] == "no-store"
    address = re.search(r"<code>(http[^<]+)</code>", shown.content.decode())
    assert address is not None
    answer = Client().get(address[1], HTTP_AUTHORIZATION=f"Bearer {text}")
    assert answer.json()["slug"] == tenant.slug
    page = client.get(at("tokens")).content.decode()
    assert "月报程序" in page
    assert not TOKEN.search(page)
    assert text not in str(dict(client.session))


def test_a_form_offers_what_the_member_may_and_nothing_is_ticked(
    as_role: Callable[[Role], Client], at: Callable[..., str]
) -> None:
    form = as_role(Role.FRONT_DESK).get(at("token_add")).context["form"]
    assert [value for value, _label in form.fields["scopes"].choices] == [
        "view_home",
        "view_premises",
        "view_people",
        "manage_people",
        "view_requests",
    ]
    assert form["scopes"].initial is None
    assert form["days"].initial == 90


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["manage_members"]}, "scopes"),
        ({"days": "366"}, "days"),
        ({"name": " "}, "name"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    change: dict[str, object], field: str, client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    assert list(client.post(at("token_add"), WANTED | change).context["form"].errors) == [field]
    enter_tenant(tenant.pk)
    assert not ApiToken.objects.exists()


def test_members_see_and_stop_their_own_and_an_owner_everybodys(
    client: Client, tenant: Property, owner: User, at: Callable[..., str]
) -> None:
    desk, other = factories.make_member(tenant, Role.FRONT_DESK), factories.make_member(tenant, Role.MANAGER)
    own, foreign = made(tenant, desk), made(tenant, other)
    theirs = Client()
    theirs.force_login(desk)
    page = theirs.get(at("tokens")).content.decode()
    assert own.name in page and foreign.name not in page
    assert theirs.post(at("token_revoke", foreign)).status_code == 404
    theirs.post(at("token_revoke", own))
    page = client.get(at("tokens")).content.decode()
    assert own.name in page and foreign.name in page
    client.post(at("token_revoke", foreign))
    enter_tenant(tenant.pk)
    ended = dict(ApiToken.objects.values_list("membership__user", "revoked_by"))
    assert ended == {desk.pk: desk.pk, other.pk: owner.pk}
    assert client.post(at("token_revoke", foreign)).context["form"].non_field_errors()


def test_the_log_says_whose_token_it_was(client: Client, tenant: Property, owner: User, at: Callable[..., str]) -> None:
    text = TOKEN.findall(client.post(at("token_add"), WANTED | {"scopes": ["view_people"]}).content.decode())[0]
    Client().get(f"/api/v1/properties/{tenant.slug}/people/", HTTP_AUTHORIZATION=f"Bearer {text}")
    page = client.get(at("audit_reads"), {"who": str(owner.pk), "kind": "identities_listed"})
    [line] = page.context["lines"]
    assert owner.email in line.who.words and line.who.words != owner.email
