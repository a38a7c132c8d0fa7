"""A resident's first view: two requests, few bytes, a stylesheet allowed by its hash, large print without a script."""

import gzip
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal.web import resident_style
from tests.portal.web.public.conftest import Own

MOST_BYTES, MOST_BYTES_SENT = 100_000, 30_000
SLOW = {"Accept-Encoding": "gzip"}


class Loaded(HTMLParser):
    """Collects what a browser fetches for a page, and its inline styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.styles: list[str] = []
        self._in_style = False
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        names = dict(attributes)
        wanted = names.get("href") if tag == "link" else names.get("src")
        if wanted and not wanted.startswith("data:"):
            self.addresses.append(wanted)
        self._in_style = tag == "style"

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.styles.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False


def addresses(own: Own) -> dict[str, str]:
    names = ("public", "public_notice", "request_form", "complaint_form")
    found = {name: reverse(name, args=[own.tenant.slug]) for name in names}
    return found | {"me": own.url(), "question": own.url("me_consent", "recognition"), "ask": own.url("me_ask")}


def opening(page: str) -> str:
    """The tag that begins the page, which says how it is drawn."""
    return page.split("<html", 1)[1].split(">", 1)[0]


def test_a_first_view_is_two_requests_and_small(client: Client, own: Own) -> None:
    script = (settings.BASE_DIR / "static" / "js" / "resident.js").read_bytes()
    for name, address in addresses(own).items():
        page = client.get(address).content
        assert Loaded(page.decode()).addresses == ["/static/js/resident.js"], name
        assert len(page) + len(script) < MOST_BYTES, name
        sent = client.get(address, headers=SLOW)
        assert sent["Content-Encoding"] == "gzip", name
        assert len(sent.content) + len(gzip.compress(script)) < MOST_BYTES_SENT, name
        assert Loaded(gzip.decompress(sent.content).decode()).styles == [resident_style.text()], name


def test_the_policy_allows_this_stylesheet_and_no_other(client: Client, own: Own) -> None:
    response = client.get(own.url())
    rules = dict(rule.strip().partition(" ")[::2] for rule in response["Content-Security-Policy"].split(";"))
    assert rules["style-src"].split() == ["'self'", resident_style.source()]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert Loaded(response.content.decode()).styles == [resident_style.text()]


def test_only_pages_are_packed(client: Client, own: Own) -> None:
    """A page for staff may not be packed: it shows secrets beside what others wrote."""
    assert "Content-Encoding" not in client.get(own.url())
    assert "Content-Encoding" not in client.get(reverse("account_login"), headers=SLOW)


@pytest.mark.parametrize(("aid", "sign"), [("large", 'data-print="large"'), ("contrast", 'data-contrast="more"')])
def test_an_aid_is_switched_without_a_script_and_stays(client: Client, own: Own, aid: str, sign: str) -> None:
    switch = reverse("public_reading", args=[own.tenant.slug])
    assert sign not in opening(client.get(own.url()).content.decode())
    answer = client.post(switch, {aid: "yes", "next": own.url()})
    assert answer["Location"] == own.url()
    cookie = answer.cookies[settings.READING_COOKIE_NAME]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == (aid, True, "Lax")
    for address in addresses(own).values():
        page = client.get(address).content.decode()
        assert sign in opening(page)
        assert f'name="{aid}" value="no" aria-pressed="true"' in page
    client.post(switch, {aid: "no", "next": own.url()})
    assert sign not in opening(client.get(own.url()).content.decode())


def test_a_script_is_told_nothing_and_one_switch_leaves_the_other(client: Client, own: Own) -> None:
    switch = reverse("public_reading", args=[own.tenant.slug])
    for aid in ("large", "contrast"):
        assert client.post(switch, {aid: "yes"}, headers={"X-Requested-With": "script"}).status_code == 204
    assert client.cookies[settings.READING_COOKIE_NAME].value == "contrast.large"
    client.post(switch, {"large": "no", "next": "https://elsewhere.example/"})
    assert client.cookies[settings.READING_COOKIE_NAME].value == "contrast"


def test_nonsense_switches_nothing_and_leads_nowhere_else(client: Client, own: Own) -> None:
    home = reverse("public", args=[own.tenant.slug])
    client.cookies[settings.READING_COOKIE_NAME] = "huge.<script>"
    assert "<script>" not in client.get(own.url()).content.decode()
    for wanted in ("https://elsewhere.example/", "//elsewhere.example", "javascript:go()", ""):
        answer = client.post(reverse("public_reading", args=[own.tenant.slug]), {"huge": "yes", "next": wanted})
        assert answer["Location"] == home
        assert answer.cookies[settings.READING_COOKIE_NAME].value == ""
