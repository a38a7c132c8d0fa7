"""A resident asks what is held, proves who asks, and takes it home; the desk's side of it."""

import zipfile
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journeys.journey import Journey, arrive
from tests.browser.scenes import DESK, PUBLIC, SAVE, SEND, Scene, add_person, row_of, sleeping
from tests.browser.walks import one_time_code
from tests.rehearsal.play import SLUG

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

# The resident's one screen for a mistake, which costs no word, and one field for a message are among these.
JOURNEY = Journey(8, "Access request, end to end", {"resident": (9, 5), "desk": (6, 3)})
# What the desk writes: to the person, and to itself; and who looks after it, by the name in their account.
WRITTEN, NOTE, KEEPER = "您好 / Hello: 3-1202?", "上周来过前台", "小陈"


def test_a_resident_asks_what_is_held_and_takes_it_home(play: Scene, record_property: Any) -> None:
    phone = {"zh": "13711110001", "en": "13711110002"}[play.language]
    name = play.say(zh="梁女士", en="梁小姐")
    add_person(play.stage, name=name, phone=phone)
    number, code = ask(play, name, phone)
    prove(play, phone, number)
    write(play, "我想知道门口存了什么。")
    request = work_on(play, number)
    with sleeping(play.stage.worker):
        answer(play)
        wait_for_package(play)
    take(play, number, code)
    closed(play, request, number)
    arrive(play, JOURNEY, record_property)


def ask(play: Scene, name: str, phone: str) -> tuple[str, str]:
    """From the property's page to a number and a tracking code; the first try forgets what is wanted."""
    walk, page = play.resident, play.resident.page
    walk.open(play.at(PUBLIC))
    walk.see("home", SLUG)
    page.click(f"main a[href='{PUBLIC}request/']")
    walk.see("form", "request")
    walk.type(name=name, contact=phone)
    page.click(SEND)
    walk.see_below("mistakes", ".has-error")
    kind = page.locator(".has-error")
    expect(kind).to_have_count(1)
    expect(kind.locator("input[name=kind]")).to_have_count(8)
    expect(kind.locator(".errorlist")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value(name)
    expect(page.locator("[name=contact]")).to_have_value(phone)
    walk.tick("[name=kind][value=access]")
    page.click(SEND)
    walk.see("sent")
    return page.inner_text("main .facts .num"), page.inner_text("#tracking-code")


def prove(play: Scene, phone: str, number: str) -> None:
    walk, page = play.resident, play.resident.page
    page.click("main a[href$='/prove/']")
    walk.see("prove")
    page.click("main button[name=send]")
    page.wait_for_selector("[name=code]")
    walk.type(code=one_time_code(play.stage.outbox, to=phone, request=number))
    page.click("form:has([name=code]) button.btn-primary")
    walk.see("track", "requests/*")
    expect(page.locator("main .card-yes")).to_be_visible()


def write(play: Scene, text: str) -> None:
    play.resident.type(text=text)
    play.resident.page.click(".talk-write button")
    expect(play.resident.page.locator(".talk-from_person")).to_contain_text(text)


def work_on(play: Scene, number: str) -> str:
    """The desk finds the request and its clock, gives it to somebody, and writes; return the request's address."""
    walk, page = play.desk, play.desk.page
    walk.open(play.at(f"{DESK}requests/"))
    walk.see("requests")
    expect(row_of(page, number).locator(".badge")).to_contain_text("15")
    page.click(f"main table a:text-is('{number}')")
    walk.see("request", "requests/*")
    address = page.url
    walk.pick("main [name=to]", KEEPER)
    page.click("form[action$='/assign/'] button")
    page.wait_for_selector(".toast.is-ok")
    expect(page.locator("main [name=to] option[selected]")).to_have_text(KEEPER)
    walk.fill("form[action$='/note/'] textarea", NOTE)
    page.click("form[action$='/note/'] button")
    expect(page.locator(".talk-note .break").first).to_contain_text(NOTE)
    page.click("main a[href$='/write/']")
    walk.see("write")
    walk.type(text=WRITTEN)
    page.click(SAVE)
    expect(page.locator(".talk-to_person").last).to_contain_text(WRITTEN)
    return address


def answer(play: Scene) -> None:
    walk, page = play.desk, play.desk.page
    page.click(".page-actions a[href$='/answer/']")
    walk.see("answer")
    page.click(SAVE)
    walk.see("answered", "requests/*")


def wait_for_package(play: Scene) -> None:
    walk, page = play.resident, play.resident.page
    page.reload()
    walk.see("answered", "requests/*")
    expect(page.locator(".talk-to_person").last).to_contain_text(WRITTEN)
    expect(page.locator(".talk")).not_to_contain_text(NOTE)
    page.click("main a[href$='/package/']")
    page.wait_for_url("**/package/")
    walk.see_below("progress", "progress")


def take(play: Scene, number: str, code: str) -> None:
    """The page becomes the download by itself; the file opens with the code, and its downloads are counted."""
    walk, page = play.resident, play.resident.page
    walk.see_below("package", f"form[action$='/{code}/package/'] button")
    with page.expect_download() as download:
        page.click("main form button.btn-primary")
    with zipfile.ZipFile(download.value.path()) as package:
        assert {"package.html", "package.pdf", "package.json"} <= set(package.namelist())
        assert number in package.read("package.html").decode()
    page.reload()
    expect(page.locator("main .facts .num").first).to_have_text("1")


def closed(play: Scene, request: str, number: str) -> None:
    walk, page = play.desk, play.desk.page
    page.goto(f"{play.at(DESK)}requests/?tab=closed")
    expect(row_of(page, number).locator(".badge.badge-ok")).to_be_visible()
    page.goto(request)
    expect(page.locator(".page-actions a")).to_have_count(0)
    walk.see("closed", "requests/*")
