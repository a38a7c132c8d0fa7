"""Sign-in by a handler's directory: its members and nobody else, and never without a second factor."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal.sign_in.directories import name_directory
from tenants.organizations.models import Handler, Property, User
from tenants.organizations.services.members import add_member
from tests import factories
from tests.portal.accounts.directory import CLIENT, SECRET, Directory, new_key
from tests.portal.accounts.people import FACTORS, SECOND, code, give_app, sign_in

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/oidc/anju/login/"


@pytest.fixture
def directory() -> Iterator[Directory]:
    directory = Directory()
    yield directory
    directory.stop()


def named(handler: Handler, directory: Directory, **fields: Any) -> SocialApp:
    facts = {"provider_id": "anju", "name": "安居", "server_url": directory.url, "client_id": CLIENT, "secret": SECRET}
    return name_directory(directory=None, handler=handler, is_active=True, **(facts | fields))


@pytest.fixture
def app(directory: Directory, tenant: Property) -> SocialApp:
    return named(tenant.handler, directory)


def come(directory: Directory, client: Client | None = None, **person: Any) -> Client:
    """Sign in by the directory as this person."""
    client = client or Client(headers={"accept-language": "en"})
    client.get(directory.sign_in(client.get(LOGIN)["Location"], **({"sub": "7", "email_verified": True} | person)))
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.usefixtures("app")
class TestWhoComesIn:
    def test_a_member_by_a_verified_address_and_then_by_the_second_factor(
        self, directory: Directory, owner: User, tenant: Property
    ) -> None:
        give_app(owner)
        client = come(directory, email=owner.email.upper())
        assert not is_in(client)
        client.post(SECOND, {"code": code()})
        assert client.get(reverse("today", args=[tenant.slug])).status_code == HTTPStatus.OK
        assert directory.asked[0]["client_secret"] == SECRET

    def test_without_a_second_factor_nothing_opens_but_setting_it_up(self, directory: Directory, owner: User) -> None:
        assert come(directory, email=owner.email).get("/")["Location"] == FACTORS

    def test_afterwards_the_directory_may_call_them_otherwise(self, directory: Directory, owner: User) -> None:
        come(directory, email=owner.email)
        client = come(directory, email="married@example.com")
        assert client.session["_auth_user_id"] == str(owner.pk)

    def test_who_was_only_invited_comes_in_too(self, directory: Directory, tenant: Property) -> None:
        user = add_member(tenant=tenant, email="new@example.com", role="manager").user
        assert come(directory, email=user.email).session["_auth_user_id"] == str(user.pk)


@pytest.mark.usefixtures("app")
class TestWhoDoesNot:
    @pytest.mark.parametrize("claims", [{"email_verified": False}, {"email": "nobody@example.com"}, {"email": ""}])
    def test_an_address_that_is_not_verified_or_not_known(
        self, directory: Directory, owner: User, claims: dict[str, Any]
    ) -> None:
        client = come(directory, **({"email": owner.email} | claims))
        assert not is_in(client)
        assert "did not sign you in here" in client.get("/accounts/login/").content.decode()
        assert User.objects.count() == 1, "nobody signs up by it"

    def test_a_member_of_another_handler_only_or_too(self, directory: Directory, owner: User) -> None:
        elsewhere = factories.make_property(handler=factories.make_handler())
        stranger = factories.make_member(elsewhere)
        assert not is_in(come(directory, email=stranger.email))
        add_member(tenant=elsewhere, email=owner.email, role="auditor")
        assert not is_in(come(directory, email=owner.email)), "it would open the other handler's property"

    def test_platform_staff_and_closed_accounts(self, directory: Directory, owner: User) -> None:
        come(directory, email=owner.email)
        for change in ({"is_staff": True}, {"is_staff": False, "is_active": False}):
            for name, value in change.items():
                setattr(owner, name, value)
            owner.save()
            assert not is_in(come(directory, email=owner.email)), change

    @pytest.mark.parametrize(
        ("name", "value"),
        [("audience", "another client"), ("issuer", "https://elsewhere.example"), ("key", new_key()), ("kid", "2")],
    )
    def test_a_token_for_somebody_else_or_by_somebody_else(
        self, directory: Directory, owner: User, name: str, value: Any
    ) -> None:
        setattr(directory, name, value)
        assert not is_in(come(directory, email=owner.email))

    def test_an_answer_that_nobody_asked_for(self, directory: Directory, owner: User) -> None:
        asked = Client()
        answer = directory.sign_in(asked.get(LOGIN)["Location"], sub="7", email=owner.email, email_verified=True)
        other = Client()
        other.get(answer)
        assert not is_in(other), "the state is another browser's"

    def test_a_failure_is_heard(self, directory: Directory, owner: User) -> None:
        heard = []

        def hear(**_kwargs: Any) -> None:
            heard.append(1)

        user_login_failed.connect(hear)
        try:
            come(directory, email="nobody@example.com")
        finally:
            user_login_failed.disconnect(hear)
        assert heard == [1]

    def test_connecting_an_account_and_the_pages_for_it_are_closed(self, directory: Directory, owner: User) -> None:
        give_app(owner)
        client = sign_in(owner)
        way = client.get(f"{LOGIN}?process=connect")["Location"]
        client.get(directory.sign_in(way, sub="9", email=owner.email, email_verified=True))
        assert not SocialAccount.objects.exists()
        for page in ("3rdparty/", "3rdparty/signup/", "3rdparty/login/error/", "social/connections/"):
            assert client.get(f"/accounts/{page}").status_code == HTTPStatus.NOT_FOUND


def test_what_is_kept(app: SocialApp, directory: Directory, owner: User) -> None:
    """That this account is that one; no name, no picture, no token, and no secret in clear."""
    come(directory, email=owner.email, name="王小明", picture="https://example.com/p.jpg")
    come(directory, email=owner.email, name="王小明")
    assert SocialAccount.objects.get().extra_data == {}
    owner.is_active = False
    owner.save()
    come(directory, email=owner.email, name="王小明")
    assert SocialAccount.objects.get().extra_data == {}
    assert not SocialToken.objects.exists()
    assert SECRET not in SocialApp.objects.get().secret


def test_one_that_was_switched_off_and_one_that_is_not_there(directory: Directory, tenant: Property) -> None:
    assert Client().get(LOGIN).status_code == HTTPStatus.NOT_FOUND
    app = named(tenant.handler, directory)
    facts = {"provider_id": "anju", "name": "安居", "server_url": directory.url, "client_id": CLIENT, "secret": ""}
    name_directory(directory=app, handler=tenant.handler, is_active=False, **facts)
    assert Client().get(LOGIN).status_code == HTTPStatus.NOT_FOUND


def test_each_is_reached_by_its_own_name(app: SocialApp, directory: Directory, tenant: Property) -> None:
    for number in range(2):
        assert Client().get("/accounts/oidc/openid_connect/login/").status_code == HTTPStatus.NOT_FOUND
        named(tenant.handler, directory, provider_id=f"other-{number}", client_id=f"client-{number}")
    assert Client().get(LOGIN)["Location"].startswith(directory.url)


@pytest.mark.parametrize("field", ["provider_id", "client_id"])
def test_no_two_have_the_same_name(app: SocialApp, directory: Directory, tenant: Property, field: str) -> None:
    facts = {"provider_id": "second", "client_id": "second"}
    with pytest.raises(ValidationError) as refused:
        named(tenant.handler, directory, **(facts | {field: getattr(app, field)}))
    assert set(refused.value.error_dict) == {field}


def test_one_that_does_not_answer_is_said_so_and_signs_nobody_in(
    app: SocialApp, directory: Directory, owner: User
) -> None:
    client = Client(headers={"accept-language": "en"})
    answer = directory.sign_in(client.get(LOGIN)["Location"], sub="7", email=owner.email, email_verified=True)
    app.settings["server_url"] = f"{directory.url}/nowhere"
    app.save()
    for address in (LOGIN, answer):
        page = client.get(address, follow=True)
        assert "does not answer" in page.content.decode()
    assert not is_in(client)


def test_in_production_it_is_reached_by_https_only(directory: Directory, tenant: Property, settings: Settings) -> None:
    settings.PLAIN_HTTP_ALLOWED = False
    with pytest.raises(ValidationError) as refused:
        named(tenant.handler, directory)
    assert "server_url" in refused.value.error_dict


def test_the_platform_admin_names_it_and_never_sees_the_secret_again(directory: Directory, tenant: Property) -> None:
    root = User.objects.create_superuser("root@example.com", factories.PASSWORD)
    give_app(root)
    client = sign_in(root, headers={"accept-language": "en"})
    form = {
        "handler": str(tenant.handler_id),
        "name": "安居",
        "provider_id": "anju",
        "server_url": directory.url,
        "client_id": CLIENT,
        "is_active": "on",
    }
    add = reverse("admin:socialaccount_socialapp_add")
    assert client.post(add, form).context["adminform"].form.errors["secret"]
    client.post(add, form | {"secret": SECRET})
    (app,) = SocialApp.objects.all()
    change = reverse("admin:socialaccount_socialapp_change", args=[app.pk])
    page = client.get(change).content.decode()
    assert SECRET not in page and app.secret not in page
    client.post(change, form | {"name": "安居二"})
    again = SocialApp.objects.get()
    assert (again.name, again.secret) == ("安居二", app.secret)
    assert Client().get(LOGIN)["Location"].startswith(directory.url)
