"""A deletion: its preview in three groups, its certificate, and the check of it, in both languages."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.places import Stage
from tests.browser.scenes import DESK, PUBLIC, SAVE, SEND, Scene, add_person, keep_papers, scene
from tests.browser.test_pages import LANGUAGES

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_deletion_is_previewed_done_and_proved_by_a_certificate(
    stage: Stage, chromium: Browser, shots: Path, language: str, tmp_path: Path
) -> None:
    """The resident's browser runs no JavaScript; who asks is confirmed at the desk."""
    with scene(stage, chromium, language, shots / "deletes", script=False) as play:
        phone = {"zh": "13711110003", "en": "13711110004"}[language]
        name = play.say(zh="沈先生", en="沈老师")
        person = add_person(stage, name=name, phone=phone)
        keep_papers(stage, person=person)
        number = ask_to_delete(play, name, phone)
        delete(play, number, name)
        file = certificate(play, number, tmp_path)
    with scene(stage, chromium, language, shots / "checks") as anybody:
        check(anybody, file)


def ask_to_delete(play: Scene, name: str, phone: str) -> str:
    walk, page = play.resident, play.resident.page
    page.goto(play.at(f"{PUBLIC}request/"))
    walk.tick("[name=kind][value=delete]")
    page.click(SEND)
    expect(page.locator(".has-error")).to_have_count(2)
    expect(page.locator("[name=kind][value=delete]")).to_be_checked()
    walk.type(name=name, contact=phone)
    page.click(SEND)
    expect(page.locator("#tracking-code")).to_be_visible()
    number = page.inner_text("main .facts .num")
    page.click("main a[href*='/requests/']:not([href$='/prove/'])")
    expect(page.locator("main a[href$='/prove/']")).to_be_visible()
    return number


def delete(play: Scene, number: str, name: str) -> None:
    """The desk says who asks, looks at the three groups, and deletes."""
    walk, page = play.desk, play.desk.page
    page.goto(play.at(f"{DESK}requests/"))
    page.click(f"main table a:text-is('{number}')")
    page.click(".page-actions a[href$='/confirm/']")
    walk.see("confirm")
    page.locator("main tbody tr", has_text=name).locator("button").click()
    page.click(".page-actions a[href$='/answer/']")
    walk.see("preview", "answer")
    erased, held, kept = page.locator("main table").all()
    expect(erased.locator("tbody tr").first).to_be_visible()
    expect(held).to_contain_text("47")
    expect(kept.locator("tbody tr")).to_have_count(1)
    page.click(SAVE)
    walk.see("deleted", "requests/*")


def certificate(play: Scene, number: str, folder: Path) -> Path:
    """The page of the request offers the certificate as soon as it is issued."""
    page = play.resident.page
    link = page.locator("main a[href*='/requests/'][href$='/certificate/']")
    for _try in range(60):
        page.reload()
        if link.count():
            break
        page.wait_for_timeout(500)
    with page.expect_download() as download:
        link.first.click()
    file = folder / "certificate.json"
    download.value.save_as(file)
    assert number == json.loads(file.read_text())["certificate"]["request"]
    return file


def check(play: Scene, file: Path) -> None:
    """Anybody is told that it is genuine; with one sign changed, that it is not."""
    walk, page = play.resident, play.resident.page
    changed = file.with_name("changed.json")
    changed.write_text(file.read_text().replace('"request":"R-', '"request":"S-', 1))
    for handed_in, tone in ((changed, "is-stop"), (file, "is-ok")):
        page.goto(play.at(f"{PUBLIC}certificate/"))
        page.set_input_files("[name=file]", handed_in)
        page.click(SEND)
        walk.see_below(f"check {tone}", f"main .note.{tone}")
