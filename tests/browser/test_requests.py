"""A refusal and a complaint: the desk answers both, and says where else to go, in both languages."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.places import Stage
from tests.browser.scenes import DESK, PUBLIC, SAVE, SEND, Scene, scene
from tests.browser.test_pages import LANGUAGES

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]


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
    page.fill("main [name=name]", "孙先生")
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
    for words in (NOTHING[play.language], "45", "12377"):
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
    walk.type(text="镜头对着我家门口。")
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
