"""How every answer reaches a browser: kept by no cache where people work, named for what it is, and nothing echoed."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from http import HTTPStatus
from typing import NamedTuple

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.security.headers import ALWAYS, OTHERWISE
from portal.web import resident_style
from tenants.organizations.models import User
from tenants.organizations.roles import Role
from tests.architecture.conftest import Ask
from tests.architecture.routes import MEMBERS, Route, routes
from tests.architecture.rows import Rows

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SECRET = "canary-7f3e"
OURS = (*MEMBERS, "accounts/")
# What a browser may show by itself: nothing in it runs. HTML is looked at, and what people have sent never is HTML.
SHOWN = {
    "",
    "application/json",
    "application/problem+json",
    "application/javascript",
    "application/vnd.oai.openapi",
    "image/jpeg",
    "image/png",
    "text/javascript",
    "text/plain",
}
# What a person's own pages show, and what a code opens: the address is the key.
PERSONAL = {"token", "code", "ticket"}
# A statement that changes a table.
WRITES = re.compile(r'\b(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
# What reading may leave: that somebody read it, what a session remembers, and (allauth) an account's own address once.
TRACES = {"django_session", "security_accessevent", "account_emailaddress"}


class Inline(HTMLParser):
    """Collects what a page would need 'unsafe-inline' or 'unsafe-eval' for. One in `policy` needs neither."""

    def __init__(self, html: str, policy: str = "") -> None:
        super().__init__()
        self.found: list[str] = []
        self._policy, self._in_style = policy, False
        self.feed(html)

    def handle_data(self, data: str) -> None:
        digest = base64.b64encode(hashlib.sha256(data.encode()).digest()).decode()
        if self._in_style and f"'sha256-{digest}'" not in self._policy:
            self.found.append("<style>")
        self._in_style = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        names = dict(attributes)
        is_data = names.get("type") == "application/json"  # never run
        self._in_style = tag == "style"
        if tag == "script" and "src" not in names and not is_data:
            self.found.append(f"<{tag}>")
        for key, value in attributes:
            is_handler = key.startswith(("on", "hx-on")) or key in {"style", "hx-vals", "hx-vars"}
            if is_handler or (value or "").strip().lower().startswith(("javascript:", "vbscript:", "data:text")):
                self.found.append(f'<{tag} {key}="{(value or "")[:40]}">')


class Answer(NamedTuple):
    route: Route
    response: HttpResponse
    changed: set[str]

    @property
    def is_secret(self) -> bool:
        """Whether it shows what its reader alone may see."""
        opened = self.response.status_code == HTTPStatus.OK
        return opened and (self.route.is_for_members or bool(PERSONAL & set(self.route.keys)))


@pytest.fixture(scope="module")
def once() -> list[Answer]:
    return []


@pytest.fixture
def answers(once: list[Answer], ask: Ask, ours: Rows, members: dict[Role, User], staff: User) -> list[Answer]:
    """What each address says to whom it is for; asked once for the whole file."""
    if not once:
        for user in (members[Role.OWNER], staff):
            ask(user, "get", "/healthz")  # signs in, which changes something
        for route in routes():
            # One row of the admin or of allauth is shown by the page of a list, too.
            if route.name and not (route.keys and route.address.startswith(("admin/", "accounts/"))):
                is_admin, is_ours = route.address.startswith("admin/"), route.address.startswith(OURS)
                once.append(asked(ask, staff if is_admin else members[Role.OWNER] if is_ours else None, route, ours))
    assert sum(answer.is_secret for answer in once) > 80, "the sweep reached the pages"
    return once


def asked(ask: Ask, who: User | None, route: Route, ours: Rows) -> Answer:
    url = route.url(ours)
    with CaptureQueriesContext(connection) as captured:
        response = ask(who, "get", url)
    changed = {table for query in captured.captured_queries for table in WRITES.findall(query["sql"])}
    return Answer(route, response, changed)


def is_file(response: HttpResponse) -> bool:
    """Whether a browser puts it away instead of showing it."""
    return response.get("Content-Disposition", "").startswith("attachment")


def is_kept(response: HttpResponse) -> bool:
    return "no-store" not in response.get("Cache-Control", "")


def is_named(response: HttpResponse) -> bool:
    """Whether a browser has nothing to guess: the kind is said, a text's letters too, and nosniff forbids the rest."""
    kind = response.get("Content-Type", "")
    has_body = response.streaming or bool(response.content)
    is_right = bool(kind) and (not kind.startswith("text/") or "charset=utf-8" in kind.replace('"', ""))
    return (is_right or not has_body) and response.get("X-Content-Type-Options") == "nosniff"


def test_no_browser_keeps_what_a_member_was_shown(answers: list[Answer]) -> None:
    assert [a.route.name for a in answers if a.is_secret and a.route.is_for_members and is_kept(a.response)] == []


def test_no_browser_keeps_what_a_secret_address_showed(answers: list[Answer]) -> None:
    assert [a.route.name for a in answers if a.is_secret and not a.route.is_for_members and is_kept(a.response)] == []


def test_every_answer_says_what_it_is(answers: list[Answer]) -> None:
    assert [(a.route.name, a.response.headers) for a in answers if not is_named(a.response)] == []


def test_to_read_a_page_changes_nothing(answers: list[Answer]) -> None:
    """So that no picture, link or search engine of another site can do something in somebody's name."""
    assert [(a.route.name, a.changed) for a in answers if a.changed - TRACES] == []


def test_no_answer_is_without_its_headers(answers: list[Answer]) -> None:
    """Pages, API, sign-in, the platform's admin, the API's documentation, and every refusal among them."""
    bare = {
        a.route.name: [header for header in (*ALWAYS, *OTHERWISE) if header not in a.response]
        for a in answers
        if not {*ALWAYS, *OTHERWISE} <= set(a.response.headers) or "unsafe" in a.response["Content-Security-Policy"]
    }
    assert bare == {}


def test_no_page_has_a_script_or_style_of_its_own_and_nothing_else_is_shown_as_one(answers: list[Answer]) -> None:
    pages, inline, shown = 0, {}, {}
    for route, response, _changed in answers:
        kind = response.get("Content-Type", "").partition(";")[0]
        if kind == "text/html" and not response.streaming and not is_file(response):
            pages += 1
            if found := Inline(response.content.decode(), response["Content-Security-Policy"]).found:
                inline[route.name] = found
        elif kind not in SHOWN and not is_file(response):
            shown[route.name] = kind
    assert pages > 100, "the sweep reached the pages"
    assert inline == {}
    assert shown == {}, "a browser would show these as pages of ours"


def test_no_own_page_shows_a_foreign_row(answers: list[Answer], foreign: Rows) -> None:
    """As the web role, behind both walls; behind each of them alone: tests/architecture/test_routes.py."""
    ids = {str(pk) for pk in foreign.ids.values()}
    own = [a for a in answers if a.route.is_for_members and not a.response.streaming]
    texts = {a.route.name: a.response.content.decode(errors="replace") for a in own}  # a picture is no text
    assert {page: found for page, text in texts.items() if (found := [pk for pk in ids if pk in text])} == {}


def test_the_sweeps_can_fail() -> None:
    assert not is_file(HttpResponse("<p>"))
    assert is_kept(HttpResponse("a name"))
    assert not is_kept(HttpResponse("a name", headers={"Cache-Control": "private, no-store"}))
    assert is_named(HttpResponse("x", headers={"X-Content-Type-Options": "nosniff"}))
    assert not is_named(HttpResponse("x", headers={"X-Content-Type-Options": "nosniff"}, content_type="text/plain"))
    assert WRITES.findall('SELECT 1; UPDATE "people_person" SET "kind" = 1') == ["people_person"]


def test_the_sweep_of_pages_can_fail() -> None:
    risky = (
        "<style>p{}</style>", "<script>go()</script>", '<p style="color:red">', '<a onclick="go()">',
        '<a href=" JavaScript:go()">', '<p hx-on:click="go()">', '<a href="data:text/html,x">',
    )  # fmt: skip
    assert [html for html in risky if not Inline(html).found] == []
    allowed = f"style-src 'self' {resident_style.source()}"
    assert not Inline(f"<style>{resident_style.text()}</style>", allowed).found
    assert Inline(f"<style>{resident_style.text()} a{{}}</style>", allowed).found
    assert not Inline('<script src="/static/a.js"></script><script type="application/json">{}</script>').found


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config", "/.env", "/static/", "/static/js/", "/static/../.env", "/static/..%2f.env",
        "/static/%2e%2e/%2e%2e/etc/passwd", "/media/", "/var/keys/master.key", "/docs/", "/templates/404.html",
    ],
)  # fmt: skip
def test_nothing_of_the_server_is_served_but_what_was_collected(client: Client, path: str) -> None:
    assert client.get(path).status_code == HTTPStatus.NOT_FOUND


def test_trace_is_answered_nowhere_with_what_was_sent(ask: Ask, ours: Rows, members: dict[Role, User]) -> None:
    """A page that echoes a request shows its cookies to a script (and TRACE is switched off)."""
    echoed, answered = [], []
    addresses = [route for route in routes() if route.name and (route.is_for_members or not route.keys)]
    for route in addresses:
        response = ask(members[Role.OWNER], "trace", route.url(ours), headers={"x-canary": SECRET})
        body = b"" if response.streaming else response.content
        echoed += [route.name] if SECRET.encode() in body else []
        answered += [route.name] if response.status_code == HTTPStatus.OK and route.is_for_members else []
    assert len(addresses) > 100
    assert (echoed, answered) == ([], [])


def test_no_answer_allows_another_origin_to_read_it(ask: Ask, ours: Rows, members: dict[Role, User]) -> None:
    foreign = {"origin": "https://elsewhere.example", "access-control-request-method": "POST"}
    for user, name in ((members[Role.OWNER], "api:people"), (None, "api:public_notice"), (None, "public")):
        address = reverse(name, args=[ours.tenant.slug])
        for method in ("get", "options"):
            response = ask(user, method, address, headers=foreign)
            assert not [header for header in response.headers if header.lower().startswith("access-control-")]
