"""Signing in again before what is sensitive: which addresses ask, when, and that nothing is lost by it."""

from http import HTTPStatus

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from tenants.organizations.models import Membership, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tests import factories
from tests.architecture.routes import routes
from tests.portal.accounts.people import AGAIN, SESSIONS, copy_of, give_app, long_ago, sign_in

# Every address at which who is signed in has to prove it again. Keys, exports, roles, holds, losses, webhooks, tokens.
PAGES = {
    "access_review",
    "emergency_end",
    "alert_delivery_again",
    "alert_options",
    "audit_export",
    "audit_reads_export",
    "decoy_key",
    "decoy_person",
    "complaints_export",
    "device_keys",
    "device_loss_confirm",
    "device_loss_take_back",
    "device_lost",
    "device_pairing",
    "devices_export",
    "erasures_export",
    "events_export",
    "evidence_bundle",
    "hold_add",
    "hold_approve",
    "hold_lift",
    "job_file",
    "member_add",
    "member_edit",
    "member_invite",
    "member_remove",
    "member_restore",
    "people_export",
    "requests_export",
    "token_add",
    "webhook",
    "webhook_add",
    "webhook_secret",
    "webhook_test",
}
API = {
    "api:deliveries",
    "api:delivery",
    "api:delivery_again",
    "api:webhook",
    "api:webhook_secret",
    "api:webhook_test",
    "api:webhooks",
    "api:device_pairing",
    "api:hold",
    "api:hold_approve",
    "api:hold_lift",
    "api:holds",
    "api:loss",
    "api:loss_confirm",
    "api:loss_take_back",
    "api:losses",
    "api:member",
    "api:member_restore",
    "api:members",
}
MINUTE = 60


@pytest.fixture
def client(owner: User) -> Client:
    """Signed in with both factors, twenty minutes ago."""
    give_app(owner)
    client = sign_in(owner)
    client.get("/")
    long_ago(client, 20 * MINUTE)
    return client


def test_these_addresses_are_sensitive_and_no_others() -> None:
    pages = {r.name for r in routes() if r.is_for_members and getattr(r.view, "sensitive", False)}
    actions = {
        r.name
        for r in routes()
        if set(getattr(r.callback, "actions", {}).values()) & getattr(r.view, "sensitive_actions", frozenset())
    }
    assert pages | actions == PAGES | API


def test_a_page_asks_before_its_form_is_filled_in_and_leads_back(client: Client, tenant: Property) -> None:
    page = reverse("member_add", args=[tenant.slug])
    asked = client.get(page)
    assert asked["Location"] == f"{AGAIN}?next={page.replace('/', '%2F')}"
    back = client.post(asked["Location"], {"password": factories.PASSWORD, "next": page})
    assert back["Location"] == page
    assert client.get(page).status_code == HTTPStatus.OK


def test_a_wrong_password_leads_nowhere(client: Client, tenant: Property) -> None:
    page = reverse("member_add", args=[tenant.slug])
    assert client.post(f"{AGAIN}?next={page}", {"password": "wrong", "next": page}).status_code == HTTPStatus.OK
    assert client.get(page).status_code == HTTPStatus.FOUND


def test_who_has_just_signed_in_is_not_asked_and_after_ten_minutes_is(owner: User, tenant: Property) -> None:
    client, page = sign_in(owner_with_app(owner)), reverse("member_add", args=[tenant.slug])
    assert client.get(page).status_code == HTTPStatus.OK
    long_ago(client, 9 * MINUTE)
    assert client.get(page).status_code == HTTPStatus.OK
    long_ago(client, 2 * MINUTE)
    assert client.get(page).status_code == HTTPStatus.FOUND


def test_a_form_that_was_opened_in_time_may_be_sent_within_half_an_hour(owner: User, tenant: Property) -> None:
    client, page = sign_in(owner_with_app(owner)), reverse("member_add", args=[tenant.slug])
    client.get(page)
    for number, minutes in enumerate((20, 20)):
        long_ago(client, minutes * MINUTE)
        client.get("/")  # somebody is there
        client.post(page, {"email": f"new{number}@example.com", "role": "auditor"})
    enter_tenant(tenant.pk)
    assert [m.user.email for m in Membership.objects.filter(tenant=tenant, role=Role.AUDITOR)] == ["new0@example.com"]


def test_a_button_without_a_page_of_its_own_leads_back_to_where_it_stood(client: Client, tenant: Property) -> None:
    device, _pairing_code = factories.make_device(tenant)
    client.get("/")
    long_ago(client, 20 * MINUTE)
    stood = reverse("device", args=[tenant.slug, device.pk])
    pressed = client.post(
        reverse("device_keys", args=[tenant.slug, device.pk]), headers={"referer": f"http://testserver{stood}"}
    )
    assert pressed["Location"] == f"{AGAIN}?next={stood.replace('/', '%2F')}"


def test_htmx_is_told_to_open_the_page_that_asks(client: Client, tenant: Property) -> None:
    answer = client.get(reverse("member_add", args=[tenant.slug]), headers={"hx-request": "true"})
    assert answer["HX-Redirect"].startswith(AGAIN)


def test_the_api_refuses_a_change_and_answers_a_question(client: Client, tenant: Property) -> None:
    holds = reverse("api:holds", args=[tenant.slug])
    client.get(holds)
    long_ago(client, 20 * MINUTE)
    assert client.get(holds).status_code == HTTPStatus.OK
    refused = client.post(holds, {}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (HTTPStatus.FORBIDDEN, "reauthentication_required")


def test_a_stranger_and_a_member_without_the_right_hear_so_at_once(tenant: Property) -> None:
    desk = factories.make_member(tenant, Role.FRONT_DESK)
    give_app(desk)
    client = sign_in(desk)
    client.get("/")
    long_ago(client, 20 * MINUTE)
    assert client.get(reverse("member_add", args=[tenant.slug])).status_code == HTTPStatus.FORBIDDEN
    other = factories.make_property()
    assert client.get(reverse("member_add", args=[other.slug])).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("page", ["/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/webauthn/add/", SESSIONS])
def test_ones_own_account_asks_too(client: Client, page: str) -> None:
    assert client.get(page)["Location"].startswith(AGAIN)


def test_another_address_for_mail_asks_too(client: Client, owner: User) -> None:
    asked = client.post("/accounts/email/", {"action_add": "", "email": "other@example.com"})
    assert asked["Location"].startswith(AGAIN)
    assert not EmailAddress.objects.filter(email="other@example.com").exists()


@pytest.mark.parametrize("page", ["organizations_handler_add", "organizations_user_change"])
def test_the_platform_admin_asks_before_a_change(page: str, db: None) -> None:
    root = User.objects.create_superuser("root@example.com", factories.PASSWORD)
    client = sign_in(owner_with_app(root))
    address = reverse(f"admin:{page}", args=[root.pk] if page.endswith("change") else [])
    assert client.get(address).status_code == HTTPStatus.OK
    long_ago(client, 11 * MINUTE)
    assert client.get(address)["Location"].startswith(AGAIN)
    assert client.get(reverse("admin:organizations_user_changelist")).status_code == HTTPStatus.OK


def test_the_session_has_another_key_afterwards(client: Client, tenant: Property) -> None:
    copied = copy_of(client)
    page = reverse("member_add", args=[tenant.slug])
    client.post(f"{AGAIN}?next={page}", {"password": factories.PASSWORD, "next": page})
    assert client.get(page).status_code == HTTPStatus.OK
    assert copied.get("/")["Location"] == reverse("account_login")
    assert len(client.get(SESSIONS).context["sessions"]) == 1, "the list goes on with the new one"


def owner_with_app(user: User) -> User:
    assert give_app(user).type == Authenticator.Type.TOTP
    return user
