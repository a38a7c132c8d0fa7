"""What production settings tell a browser: cookies of this host alone, and a policy that begins with nothing."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal.settings import web
from tenants.organizations.models import Property, User
from tests import factories

LOGIN = "/accounts/login/"
A_YEAR = 31536000


@pytest.fixture
def browser(settings: Settings) -> Client:
    """A browser of the portal with the settings that production has for the web."""
    for name in dir(web):
        if name.isupper():
            setattr(settings, name, getattr(web, name))
    return Client()


def test_every_cookie_is_of_this_host_and_travels_by_tls_only(browser: Client, owner: User, tenant: Property) -> None:
    form = {"login": owner.email, "password": factories.PASSWORD}
    cookies = dict(browser.get(LOGIN, secure=True).cookies)
    cookies |= browser.post(LOGIN, form, secure=True).cookies
    cookies |= browser.post("/i18n/setlang/", {"language": "en"}, secure=True).cookies
    cookies |= browser.post(reverse("public_reading", args=[tenant.slug]), {"large": "yes"}, secure=True).cookies
    written = {name: morsel for name, morsel in cookies.items() if morsel["max-age"] != 0}
    assert {"__Host-session", "__Host-csrf", "__Host-language", "__Host-reading"} <= set(written)
    for name, cookie in written.items():
        assert name.startswith("__Host-") or not cookie.value, name
        assert (bool(cookie["secure"]), cookie["path"], cookie["domain"]) == (True, "/", ""), name
        assert cookie["samesite"] in {"Lax", "Strict"}, name
    assert written["__Host-session"]["httponly"] and written["__Host-language"]["httponly"]


def test_the_key_of_a_session_stands_on_no_page(browser: Client, owner: User, tenant: Property) -> None:
    browser.post(LOGIN, {"login": owner.email, "password": factories.PASSWORD}, secure=True)
    key = browser.cookies["__Host-session"].value
    for page in (reverse("today", args=[tenant.slug]), "/accounts/sessions/", "/api/v1/properties/"):
        answer = browser.get(page, secure=True)
        assert answer.status_code == 200 and key not in answer.content.decode()


@pytest.mark.parametrize("path", [LOGIN, "/healthz", "/nowhere", "/api/v1/properties/", "/static/nothing.css"])
def test_browsers_come_back_by_tls_only_and_load_nothing_from_elsewhere(browser: Client, db: None, path: str) -> None:
    answer = browser.get(path, secure=True)
    age, *more = answer["Strict-Transport-Security"].split("; ")
    assert int(age.removeprefix("max-age=")) >= A_YEAR and "includeSubDomains" in more
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert {policy[name] for name in ("default-src", "base-uri", "frame-ancestors")} == {"'none'"}
    assert policy.get("object-src", policy["default-src"]) == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert answer["Referrer-Policy"] == "same-origin"


def test_a_page_that_is_asked_for_in_clear_is_not_shown(browser: Client, db: None) -> None:
    answer = browser.get(LOGIN)
    assert (answer.status_code, answer["Location"]) == (301, f"https://testserver{LOGIN}")
