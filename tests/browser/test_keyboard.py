"""Three journeys without a mouse. Every stop of the focus is seen, and none holds it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.keys import Keys
from tests.browser.places import Stage
from tests.browser.scenes import DESK, OWNER, add_person, member, playing, stay_signed_in
from tests.browser.test_pages import open_context
from tests.rehearsal.play import SLUG

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]


@pytest.fixture
def keys(stage: Stage, chromium: Browser) -> Iterator[Keys]:
    """One language: where the focus goes does not depend on it."""
    context = open_context(chromium, stage, width=1280, language="zh-hans")
    context.set_default_timeout(10_000)
    yield Keys(context.new_page())
    context.close()


def test_a_member_signs_in_finds_a_person_and_makes_their_link(stage: Stage, keys: Keys) -> None:
    name, page = "周木兰", keys.page
    person = add_person(stage, name=name, phone="")
    page.goto(f"{stage.url}/accounts/login/?next={DESK}")
    keys.to("[name=login]")
    keys.type(OWNER)
    keys.to("[name=password]")
    keys.type(stage.password)
    keys.press("Enter")
    page.wait_for_url(stage.url + DESK)
    keys.to(f"a[href='{DESK}people/']")
    keys.press("Enter")
    page.wait_for_url("**/people/")
    keys.to("main input[type=search]")
    keys.type(name)
    keys.press("Enter")
    page.wait_for_url("**q=**")
    keys.to(f"main a[href$='/people/{person}/']")
    keys.press("Enter")
    page.wait_for_url(f"**/people/{person}/")
    keys.to("main a[href$='/link/']")
    keys.press("Enter")
    page.wait_for_url("**/link/")
    keys.to("[name=why]")
    keys.press("Space")
    keys.to("main form button.btn-primary")
    keys.press("Enter")
    expect(page.locator("#personal-link")).to_contain_text(f"/p/{SLUG}/me/")


def test_a_member_answers_a_request(stage: Stage, keys: Keys) -> None:
    person = add_person(stage, name="钱先生", phone="")
    with member(stage) as owner:
        about = {"kind": "explain", "name": "钱先生", "contact": "13711110010", "room": "3-1202", "channel": "phone"}
        number = owner.api("POST", f"properties/{SLUG}/requests/", 201, **about)["number"]
        rows = owner.api("GET", f"properties/{SLUG}/requests/")["results"]
        path = next(row["id"] for row in rows if row["number"] == number)
        owner.api("POST", f"properties/{SLUG}/requests/{path}/confirm/", person=person)
    page = keys.page
    stay_signed_in(page, stage, OWNER)
    page.goto(f"{stage.url}{DESK}requests/?q={number}")
    keys.to(f"main a[href$='/requests/{path}/']")
    keys.press("Enter")
    page.wait_for_url(f"**/requests/{path}/")
    keys.to(".page-actions a[href$='/answer/']")
    keys.press("Enter")
    page.wait_for_url("**/answer/")
    keys.to("main [name=text]")
    keys.type("门口的机器没有认出您，请再试一次。")
    keys.to("main form .card-foot button.btn-primary")
    keys.press("Enter")
    page.wait_for_url(f"**/requests/{path}/")
    expect(page.locator(".page-actions a[href$='/answer/']")).to_have_count(0)


def test_a_resident_declines(stage: Stage, keys: Keys) -> None:
    with playing(stage) as site:
        _person, me = site.person("孔先生")
    page = keys.page
    page.goto(stage.url + me)
    keys.to("a[href$='/consent/recognition/']")
    keys.press("Enter")
    page.wait_for_url("**/consent/recognition/")
    keys.to("form:has(input[value=decline]) button")
    keys.press("Space")
    expect(page.locator("[data-situation=declined]")).to_be_visible()
    keys.to("main a[href]")


def test_letters_lead_through_the_pages_until_somebody_switches_them_off(stage: Stage, keys: Keys) -> None:
    page = keys.page
    stay_signed_in(page, stage, OWNER)
    page.goto(stage.url + DESK)
    page.keyboard.press("/")
    expect(page.locator("#find-q")).to_be_focused()
    page.keyboard.type("gp?")
    expect(page.locator("#find-q")).to_have_value("gp?")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/people/")
    rows = page.locator("main .table tbody tr a[href]:visible")
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.href")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.href") == first == rows.first.evaluate("link => link.href")
    page.keyboard.press("Control+j")
    assert page.evaluate("document.activeElement.href") == first, "what the browser does with Ctrl stays the browser's"
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.locator("[data-keys-switch]").uncheck()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "find-q"
