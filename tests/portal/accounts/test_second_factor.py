"""A password alone opens no page: neither to members nor to platform admins, at no door."""

from collections.abc import Callable
from http import HTTPStatus
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings as django_settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from portal.sign_in.second_factor import SecondFactorRequired
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tests import factories
from tests.architecture.routes import routes
from tests.portal.accounts.people import (
    APP,
    FACTORS,
    LOGOUT,
    SECOND,
    code,
    give_app,
    recovery_codes,
    set_up_app,
    sign_in,
)

pytestmark = pytest.mark.django_db

# What stays open to somebody who has no second factor. Everything else is closed, a new address as well.
OPEN = {
    "account_invitation",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "healthz",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_view_recovery_codes",
    "set_language",
}


@pytest.fixture
def opens(tenant: Property) -> Callable[[Client], bool]:
    return lambda client: client.get(reverse("today", args=[tenant.slug])).status_code == HTTPStatus.OK


def test_without_one_every_address_leads_to_setting_it_up(owner: User) -> None:
    gate, is_open = SecondFactorRequired(lambda _request: HttpResponse()), set()
    for route in routes():
        request = RequestFactory(headers={"cookie": f"{django_settings.SESSION_COOKIE_NAME}=x"}).get("/")
        request.user = owner
        namespaces = route.name.split(":")[:-1]
        request.resolver_match = SimpleNamespace(view_name=route.name, namespaces=namespaces)  # type: ignore[assignment]
        answer = gate.process_view(request, None, (), {})
        if answer is None:
            is_open.add(route.name)
        elif namespaces == ["api"]:
            assert answer.status_code == HTTPStatus.FORBIDDEN
        else:
            assert answer["Location"] == FACTORS
    assert is_open == OPEN


def test_pages_api_and_platform_admin_stay_shut(owner: User, tenant: Property) -> None:
    client = sign_in(owner)
    root = sign_in(User.objects.create_superuser("root@example.com", factories.PASSWORD))
    for who, address in ((client, reverse("today", args=[tenant.slug])), (client, "/"), (root, reverse("admin:index"))):
        assert who.get(address)["Location"] == FACTORS
    refused = client.get(reverse("api:people", args=[tenant.slug]), headers={"accept-language": "en"})
    assert (refused.status_code, refused["Content-Type"]) == (HTTPStatus.FORBIDDEN, "application/problem+json")
    assert refused.json()["code"] == "mfa_required"
    assert client.post("/i18n/setlang/", {"language": "en"}).status_code == HTTPStatus.FOUND
    assert client.post(LOGOUT).status_code == HTTPStatus.FOUND
    assert client.get("/")["Location"] == reverse("account_login")


@pytest.mark.django_db(transaction=True)
def test_who_sets_one_up_goes_on_and_is_signed_out_elsewhere() -> None:
    with transaction.atomic():
        tenant = factories.make_property()
        owner = factories.make_member(tenant, Role.OWNER)
    elsewhere, here = sign_in(owner), sign_in(owner)
    done = set_up_app(here)
    assert done["Location"] == reverse("mfa_view_recovery_codes"), "who just signed in is not asked again"
    assert here.get(reverse("today", args=[tenant.slug])).status_code == HTTPStatus.OK
    assert elsewhere.get("/")["Location"] == reverse("account_login"), "it was opened by the password alone"
    assert len(recovery_codes(here)) == 10
    assert recovery_codes(here) == [], "they are shown once"


def test_a_wrong_code_sets_nothing_up(owner: User, opens: Callable[[Client], bool]) -> None:
    client = sign_in(owner)
    client.get(APP)
    assert client.post(APP, {"code": "000000"}).context["form"].errors
    assert not opens(client)


def test_recovery_codes_alone_are_no_second_factor(owner: User, opens: Callable[[Client], bool]) -> None:
    RecoveryCodes.activate(owner)
    assert not opens(sign_in(owner))


def test_signing_in_takes_both(owner: User, opens: Callable[[Client], bool]) -> None:
    give_app(owner)
    client = Client()
    client.post("/accounts/login/", {"login": owner.email, "password": factories.PASSWORD})
    assert not opens(client)
    client.post(SECOND, {"code": code()})
    assert opens(client)


def test_the_last_one_stays(owner: User, opens: Callable[[Client], bool]) -> None:
    """An app or a key: the other one may go, the last may not."""
    app = give_app(owner)
    client = sign_in(owner)
    off = reverse("mfa_deactivate_totp")
    assert "form" in client.post(off).context, "the page again, with the reason"
    key = WebAuthn.add(owner, "key", {}).instance
    remove = reverse("mfa_remove_webauthn", args=[key.pk])
    client.post(remove)
    assert Authenticator.objects.filter(user=owner).get() == app, "with the app there, the key may go"
    key = WebAuthn.add(owner, "key", {}).instance
    app.delete()
    client.post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert Authenticator.objects.filter(user=owner).get() == key
    assert opens(client)


def test_seeds_lie_in_the_database_under_a_key_that_is_not_in_it(owner: User) -> None:
    """That of the app and that of the recovery codes, which come out as they went in."""
    app, codes = give_app(owner), RecoveryCodes.activate(owner)
    kept = [row.data.get("secret") or row.data["seed"] for row in Authenticator.objects.filter(user=owner)]
    assert [text.startswith("sealed:") for text in kept] == [True, True]
    assert app.wrap().validate_code(code())
    assert RecoveryCodes(codes.instance).validate_code(codes.get_unused_codes()[0])


def test_a_seed_of_before_is_still_read(owner: User) -> None:
    app = Authenticator.objects.create(user=owner, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    assert app.wrap().validate_code(code())
