"""A resident's request from the phone to its answer, and the desk's side of it, in both languages.

To see what is held, a resident opens nine screens and fills five fields, from the property's page to the file in
their hands: one screen for a mistake, which costs no word, and one field for a message to the desk among them.
"""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.places import Stage
from tests.browser.scenes import (
    DESK,
    PUBLIC,
    SAVE,
    SEND,
    Scene,
    add_person,
    row_of,
    scene,
    sleeping,
)
from tests.browser.test_pages import LANGUAGES
from tests.browser.walks import one_time_code
from tests.rehearsal.play import SLUG

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

RESIDENT_SCREENS, RESIDENT_FIELDS = 9, 5
# What the desk writes: to the person, and to itself; and who looks after it, by the name in their account.
WRITTEN, NOTE, KEEPER = "您好 / Hello: 3-1202?", "上周来过前台", "小陈"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_resident_asks_what_is_held_and_takes_it_home(
    stage: Stage, chromium: Browser, shots: Path, language: str
) -> None:
    with scene(stage, chromium, language, shots / "asks") as play:
        phone = {"zh": "13711110001", "en": "13711110002"}[language]
        name = play.say(zh="梁女士", en="Ms Liang")
        add_person(stage, name=name, phone=phone)
        number, code = ask(play, name, phone)
        prove(play, phone, number)
        write(play, play.say(zh="我想知道门口存了什么。", en="I want to know what the door keeps."))
        request = work_on(play, number)
        with sleeping(stage.worker):
            answer(play)
            wait_for_package(play)
        take(play, number, code)
        closed(play, request, number)
        resident = play.resident
        assert (len(resident.screens), resident.fields) == (RESIDENT_SCREENS, RESIDENT_FIELDS), resident.screens


def ask(play: Scene, name: str, phone: str) -> tuple[str, str]:
    """From the property's page to a number and a tracking code; the first try forgets what is wanted."""
    walk, page = play.resident, play.resident.page
    page.goto(play.at(PUBLIC))
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
    page.goto(play.at(f"{DESK}requests/"))
    walk.see("requests")
    expect(row_of(page, number).locator(".badge")).to_contain_text("15")
    page.click(f"main table a:text-is('{number}')")
    walk.see("request", "requests/*")
    address = page.url
    page.select_option("main [name=to]", label=KEEPER)
    page.click("form[action$='/assign/'] button")
    page.wait_for_selector(".toast.is-ok")
    expect(page.locator("main [name=to] option[selected]")).to_have_text(KEEPER)
    page.fill("form[action$='/note/'] textarea", NOTE)
    page.click("form[action$='/note/'] button")
    expect(page.locator(".talk-note .break").first).to_contain_text(NOTE)
    page.click("main a[href$='/write/']")
    walk.see("write")
    page.fill("main [name=text]", WRITTEN)
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_and_a_complaint_are_answered_with_where_else_to_go(
    stage: Stage, chromium: Browser, shots: Path, language: str
) -> None:
    with scene(stage, chromium, language, shots / "refused") as play:
        refused(play)
        complaint(play)


def refused(play: Scene) -> None:
    """The desk writes down what somebody asks by phone, and refuses it; they read why with the code of the slip."""
    walk, page = play.desk, play.desk.page
    page.goto(play.at(f"{DESK}requests/enter/"))
    page.check("[name=channel][value=phone]")
    page.select_option("[name=kind]", "copy")
    page.select_option("main [name=language]", LANGUAGES[play.language])
    page.fill("main [name=name]", play.say(zh="孙先生", en="Mr Sun"))
    page.click(SAVE)
    walk.see_below("slip", "#tracking-code")
    code = page.inner_text("#tracking-code")
    page.click("main a[href*='/requests/']:not([href$='/confirm/']).btn")
    page.click(".page-actions a[href$='/refuse/']")
    walk.see("refuse")
    expect(page.locator("main form ul")).to_contain_text("12377")
    page.select_option("[name=code]", "not_held")
    page.fill("main [name=text]", NOTHING[play.language])
    page.click(SAVE)
    page.wait_for_selector(".toast.is-ok")
    walk, page = play.resident, play.resident.page
    page.goto(play.at(f"{PUBLIC}requests/"))
    walk.type(code=code)
    page.click(SEND)
    walk.see("refusal", "requests/*")
    for words in (NOTHING[play.language], "PIPL 45", "12377"):
        expect(page.locator("main .card-due")).to_contain_text(words)


NOTHING = {"zh": "这里没有您的信息。", "en": "Nothing about you is held here."}


def complaint(play: Scene) -> None:
    """Written without a name; its answer closes it."""
    walk, page = play.resident, play.resident.page
    page.goto(play.at(PUBLIC))
    page.click(f"main a[href='{PUBLIC}complaint/']")
    walk.see("complaint")
    page.click(SEND)
    walk.see_below("complaint mistakes", ".has-error")
    walk.type(text=play.say(zh="镜头对着我家门口。", en="The camera looks at my door."))
    page.click(SEND)
    walk.see("complaint sent", "sent")
    number = page.inner_text("main .facts .num")
    page.click("main a.btn-primary")
    walk.see("complaint waits", "complaints/*")
    expect(page.locator("main")).to_contain_text("12377")
    reply_to(play, number)
    page.reload()
    walk.see("complaint answered", "complaints/*")
    expect(page.locator("main .card-yes")).to_contain_text(TURNED[play.language])


TURNED = {"zh": "我们已经把镜头转开了。", "en": "We have turned the camera away."}


def reply_to(play: Scene, number: str) -> None:
    walk, page = play.desk, play.desk.page
    page.goto(play.at(f"{DESK}complaints/"))
    walk.see("complaints")
    page.click(f"main table a:text-is('{number}')")
    page.click(".page-actions a[href$='/answer/']")
    walk.see("complaint answer", "answer")
    page.fill("main [name=text]", TURNED[play.language])
    page.click(SAVE)
    page.wait_for_selector(".toast.is-ok")
    expect(page.locator(".page-actions a")).to_have_count(0)
