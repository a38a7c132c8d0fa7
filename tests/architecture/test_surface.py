"""What every answer carries and no page contains: headers, no inline script or style, no file shown as a page, CSRF."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from types import ModuleType

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import DjangoDbBlocker, Settings
from rest_framework.authentication import SessionAuthentication

from portal.security.headers import ALWAYS, OTHERWISE
from tenants.organizations.models import User
from tenants.organizations.roles import Role
from tests.architecture.catalogue import undone
from tests.architecture.conftest import Two
from tests.architecture.routes import MEMBERS, Route, routes
from tests.architecture.rows import Rows
from tests.architecture.source import HOUSES, ROOT, files, name

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

UNSAFE = ("post", "put", "patch", "delete")
# Addresses that look at no cookie, so that no other site can use one: a terminal signs, the public needs no account.
NO_SESSION = ("api/v1/device/", "api/v1/public/")
OURS = (*MEMBERS, "accounts/")
CANARY = "canary-5d1c"
UNESCAPED = re.compile(r"\bmark_safe\(|\bSafeString\(|\.__html__\b|\bautoescape=False")
UNESCAPED_IN_TEMPLATES = re.compile(r"\|\s*safe(seq)?\b|autoescape\s+off")
# Where text becomes HTML unescaped, and why it is never a person's.
TRUSTED = {
    "portal/web/qr.py": "drawn by segno from an address of ours, the label escaped",
    "portal/web/templatetags/resident.py": "our own style sheets",
    "packages/package.html": "our own style sheet",
    "django/forms/field.html": "help texts of our forms and of Django's password rules",
}


def known(route: Route) -> bool:
    """Whether the address can be called. One row of the admin or of allauth is shown by the page of a list, too."""
    return bool(route.name) and (not route.keys or not route.address.startswith(("admin/", "accounts/")))


@pytest.fixture(scope="module", autouse=True)
def _leaves_no_session_setting(two: Two, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The tables are emptied over a new connection: after these requests the old one is no longer told it may."""
    yield
    with django_db_blocker.unblock():
        connection.close()


@pytest.mark.parametrize("url", ["/nowhere", "/static/css/nothing.css", "/t/nowhere/", "/api/v1/nowhere/"])
def test_an_address_that_is_not_there_has_the_headers_too(url: str, client: Client) -> None:
    response = client.get(url)
    assert response.status_code == HTTPStatus.NOT_FOUND or url.startswith("/t/")
    assert [header for header in (*ALWAYS, *OTHERWISE) if header not in response] == []


def test_so_do_files_and_the_refusal_of_a_host_that_is_not_ours(client: Client, settings: Settings) -> None:
    settings.WHITENOISE_USE_FINDERS = True  # nothing was collected for a test
    style = sorted((ROOT / "static" / "css").glob("*.css"))[0]
    file = client.get(f"/static/css/{style.name}")
    file.close()
    refused = client.get("/", headers={"host": "elsewhere.example"})
    assert (file.status_code, refused.status_code) == (HTTPStatus.OK, HTTPStatus.BAD_REQUEST)
    for response in (file, refused):
        assert [header for header in (*ALWAYS, *OTHERWISE) if header not in response] == []
    assert b"elsewhere.example" not in refused.content


def test_an_error_shows_nothing_of_what_happened_and_has_the_headers(settings: Settings) -> None:
    def fail(request: HttpRequest) -> HttpResponse:
        secret = CANARY
        raise RuntimeError(secret)

    broken = ModuleType("broken_urls")
    broken.urlpatterns = [path("fails/", fail)]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = broken
    response = Client(raise_request_exception=False).get("/fails/")
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert [header for header in (*ALWAYS, *OTHERWISE) if header not in response] == []
    for detail in (CANARY, "RuntimeError", "Traceback", "fails/"):
        assert detail not in response.content.decode()


def test_no_other_site_can_make_a_signed_in_browser_change_anything(
    ours: Rows, members: dict[Role, User], staff: User
) -> None:
    """Without the token every change is refused before its view runs, and so it is for htmx."""
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    asked, open_to_all = 0, []
    for route in filter(known, routes()):
        if route.address.startswith(NO_SESSION):
            continue
        browser.force_login(
            staff if route.address.startswith("admin/") else members[Role.OWNER],
            backend=settings.AUTHENTICATION_BACKENDS[0],
        )
        is_api = route.address.startswith("api/")
        for method in route.methods if is_api else UNSAFE[:1]:
            if method in UNSAFE:
                asked += 1
                with undone():
                    answer = browser.generic(method.upper(), route.url(ours), headers={"hx-request": "true"})
                open_to_all += [] if answer.status_code == HTTPStatus.FORBIDDEN else [(route.name, answer.status_code)]
    assert asked > 150, "the sweep reached the addresses"
    assert open_to_all == []


def test_what_needs_no_token_looks_at_no_session() -> None:
    exempt = [route for route in routes() if route.address.startswith("api/") and route.view is not None]
    classes = {route.name: route.view.authentication_classes for route in exempt}
    readers = {name for name, found in classes.items() if any(issubclass(c, SessionAuthentication) for c in found)}
    assert {route.name for route in exempt if route.address.startswith(NO_SESSION)} & readers == set()
    others = {route.address for route in routes() if getattr(route.callback, "csrf_exempt", False)}
    assert [address for address in others if not address.startswith("api/")] == []


def test_html_that_is_not_escaped_is_made_in_these_places_only() -> None:
    written = {name(file) for file in files(*HOUSES) if UNESCAPED.search(file.read_text())}
    templates = {
        file.relative_to(ROOT / "templates").as_posix()
        for file in sorted((ROOT / "templates").rglob("*.*"))
        if UNESCAPED_IN_TEMPLATES.search(file.read_text())
    }
    assert written | templates == set(TRUSTED)
    inside = sorted(path for house in HOUSES for path in (ROOT / house).rglob("templates/**/*.html"))
    assert [path.name for path in inside if UNESCAPED_IN_TEMPLATES.search(path.read_text())] == []


def test_tables_for_spreadsheets_are_written_by_the_library_that_disarms_formulas() -> None:
    """The one other reader of such files, for pairs of photos, writes none."""
    plain = {name(file) for file in files(*HOUSES) if re.search(r"^\s*(import csv|from csv)\b", file.read_text(), re.M)}
    assert plain == {"recognition/engine/pairs.py"}
    assert "writer" not in (ROOT / "recognition/engine/pairs.py").read_text().lower()


def test_the_sweeps_of_sources_can_fail() -> None:
    assert UNESCAPED.search("mark_safe(name)") and not UNESCAPED.search("format_html('<b>{}</b>', name)")
    assert UNESCAPED_IN_TEMPLATES.search("{{ name|safe }}") and UNESCAPED_IN_TEMPLATES.search("{% autoescape off %}")
