"""Signing in and out: what a password, a session, a second factor and a reset link are good for."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tenants.organizations.models import Property, User
from tenants.organizations.services.users import update_user
from tests import factories

LOGIN, LOGOUT, CHANGE = "/accounts/login/", "/accounts/logout/", "/accounts/password/change/"
SECOND_FACTOR = "/accounts/2fa/authenticate/"
OTHER = "另一个足够长的口令 without any digit or capital"
KEY = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _codes_last_a_minute(settings: Settings) -> None:
    """A code that is shown at the end of its half minute arrives in the next one."""
    settings.MFA_TOTP_TOLERANCE = 1


@pytest.fixture
def opens(tenant: Property) -> Callable[[Client], bool]:
    """Whether the pages of the property open for a client."""
    return lambda client: client.get(reverse("today", args=[tenant.slug])).status_code == 200


def sign_in(user: User, password: str = factories.PASSWORD, client: Client | None = None, **more: Any) -> Client:
    client = client or Client()
    client.post(LOGIN, {"login": user.email, "password": password}, **more)
    return client


def change(client: Client, old: str, new: str) -> bool:
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new}).status_code == 302


def code_now() -> str:
    return format_hotp_value(hotp_value(KEY, int(time.time()) // 30))


def test_each_sign_in_begins_a_session_of_its_own(owner: User, opens: Callable[[Client], bool]) -> None:
    client = Client()
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    planted = Client()
    planted.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    sign_in(owner, client=client)
    assert opens(client)
    assert client.session.session_key != session.session_key
    assert re.fullmatch(r"[a-z0-9]{32}", str(client.session.session_key)), "165 random bits"
    assert not opens(planted), "who planted a session is not signed in by it"


def test_a_session_that_was_signed_out_opens_nothing(owner: User, opens: Callable[[Client], bool]) -> None:
    client = sign_in(owner)
    copied = Client()
    copied.cookies[settings.SESSION_COOKIE_NAME] = str(client.session.session_key)
    assert opens(copied)
    client.get(LOGOUT)
    assert opens(client), "a link alone signs nobody out"
    client.post(LOGOUT)
    assert not opens(client) and not opens(copied)


def test_a_closed_account_opens_nothing_from_its_next_request_on(
    tenant: Property, opens: Callable[[Client], bool]
) -> None:
    member = factories.make_member(tenant)
    client = sign_in(member)
    assert opens(client)
    root = User.objects.create_superuser("root@example.com", factories.PASSWORD)
    update_user(user=member, actor=root, name=member.name, is_active=False, is_staff=False)
    assert not opens(client)
    assert not opens(sign_in(member))


def test_a_new_password_needs_the_old_one_and_ends_every_other_session(
    owner: User, opens: Callable[[Client], bool]
) -> None:
    here, elsewhere = sign_in(owner), sign_in(owner)
    assert not change(here, "not the old one", OTHER)
    assert opens(elsewhere)
    assert change(here, factories.PASSWORD, OTHER)
    assert opens(here) and not opens(elsewhere)


@pytest.mark.parametrize("new", [OTHER, "x y" * 43, "🔑" * 12, "abcdefghijkl" * 11])
def test_a_password_is_taken_whole_and_as_it_was_typed(owner: User, opens: Callable[[Client], bool], new: str) -> None:
    assert change(sign_in(owner), factories.PASSWORD, new)
    assert opens(sign_in(owner, new))
    for other in (new[:-1], f"{new} ", f" {new}", new.swapcase() if new.swapcase() != new else f"{new}{new[0]}"):
        assert not opens(sign_in(owner, other, REMOTE_ADDR=f"198.51.100.{len(other) % 250}"))


@pytest.mark.parametrize("weak", ["elevensigns", "1qaz2wsx3edc", "123qweasdzxc"])
def test_a_short_or_much_used_password_is_refused(owner: User, weak: str) -> None:
    assert not change(sign_in(owner), factories.PASSWORD, weak)


def test_a_browser_may_fill_and_hide_the_password(client: Client, db: None) -> None:
    page = client.get(LOGIN).content.decode()
    (field,) = re.findall(r'<input[^>]*name="password"[^>]*>', page)
    assert 'type="password"' in field and 'autocomplete="current-password"' in field
    assert "onpaste" not in page


def test_an_unknown_address_is_answered_like_a_wrong_password(owner: User) -> None:
    said = []
    for login in (owner.email, "nobody@example.com"):
        answer = Client().post(LOGIN, {"login": login, "password": "wrong password"})
        said.append((answer.status_code, answer.context["form"].non_field_errors()))
    assert said[0] == said[1]


def test_a_reset_says_nothing_about_who_has_an_account(owner: User) -> None:
    answers = [Client().post("/accounts/password/reset/", {"email": e}) for e in (owner.email, "nobody@example.com")]
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, "/accounts/password/reset/done/")] * 2


def test_a_reset_link_is_good_once_and_signs_nobody_in(owner: User, opens: Callable[[Client], bool]) -> None:
    TOTP.activate(owner, KEY)
    before = sign_in(owner)
    Client().post("/accounts/password/reset/", {"email": owner.email})
    (link,) = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    client = Client()
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": OTHER, "password2": OTHER})
    assert not opens(client), "the second factor is still asked for"
    assert not opens(before)
    assert sign_in(owner, OTHER).get(SECOND_FACTOR).status_code == 200
    again = Client().get(link, follow=True)
    assert "password1" not in again.content.decode()


def test_guessing_one_account_is_stopped(owner: User, opens: Callable[[Client], bool]) -> None:
    for number in range(5):
        sign_in(owner, "wrong", REMOTE_ADDR=f"198.51.100.{number}")
    assert not opens(sign_in(owner, REMOTE_ADDR="198.51.100.9"))
    other = factories.make_member(owner.memberships.get().tenant)
    assert opens(sign_in(other, REMOTE_ADDR="198.51.100.9")), "nobody else is locked out"


def test_guessing_from_one_address_is_stopped_also_behind_a_proxy(
    owner: User, opens: Callable[[Client], bool], settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    guesser: dict[str, Any] = {
        "HTTP_X_FORWARDED_FOR": "203.0.113.7, 198.51.100.66"
    }  # the first is what the caller made up
    for number in range(10):
        made_up: dict[str, Any] = {"HTTP_X_FORWARDED_FOR": f"203.0.113.{number}, 198.51.100.66"}
        Client().post(LOGIN, {"login": f"member{number}@example.com", "password": "wrong"}, **made_up)
    assert not opens(sign_in(owner, **guesser))
    assert opens(sign_in(owner, HTTP_X_FORWARDED_FOR="198.51.100.67"))


def test_who_has_a_second_factor_is_asked_for_it_and_each_code_is_good_once(
    owner: User, opens: Callable[[Client], bool]
) -> None:
    TOTP.activate(owner, KEY)
    first, second = sign_in(owner), sign_in(owner)
    assert not opens(first), "the password alone is not enough"
    code = code_now()
    first.post(SECOND_FACTOR, {"code": code})
    assert opens(first)
    second.post(SECOND_FACTOR, {"code": code})
    assert not opens(second)


def test_a_recovery_code_is_good_once(owner: User, opens: Callable[[Client], bool]) -> None:
    TOTP.activate(owner, KEY)
    code = RecoveryCodes.activate(owner).get_unused_codes()[0]
    assert len(code) >= 8
    first, second = sign_in(owner), sign_in(owner)
    first.post(SECOND_FACTOR, {"code": code})
    assert opens(first)
    second.post(SECOND_FACTOR, {"code": code})
    assert not opens(second)


@pytest.mark.parametrize("page", ["/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"])
def test_a_second_factor_is_changed_only_after_signing_in_again(client: Client, owner: User, page: str) -> None:
    client.force_login(owner, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert client.get(page)["Location"].startswith("/accounts/reauthenticate/")


def test_every_page_of_a_member_offers_to_sign_out(client: Client, owner: User, tenant: Property) -> None:
    client.force_login(owner, backend=settings.AUTHENTICATION_BACKENDS[0])
    for page in (reverse("today", args=[tenant.slug]), "/accounts/sessions/", CHANGE):
        assert f'action="{LOGOUT}"' in client.get(page).content.decode()


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_signing_in_and_choosing_a_language_lead_nowhere_else(owner: User, elsewhere: str) -> None:
    form = {"login": owner.email, "password": factories.PASSWORD, "next": elsewhere}
    assert Client().post(LOGIN, form)["Location"] == "/"
    assert Client().post("/i18n/setlang/", {"language": "en", "next": elsewhere})["Location"] == "/"


def test_nobody_signs_up_and_no_account_is_there_from_the_start(client: Client, db: None) -> None:
    assert not User.objects.exists()
    form = {"email": "new@example.com", "password1": OTHER, "password2": OTHER}
    assert "account/signup_closed.html" in [t.name for t in client.post("/accounts/signup/", form).templates]
    assert not User.objects.exists()
