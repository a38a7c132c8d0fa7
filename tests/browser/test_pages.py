"""Every page, looked at by a machine first: it opens, fits its screen, loads nothing foreign, and axe is content.

With CONSENTRY_SHOTS=folder each page's picture goes there, for a person to look at.
"""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.browser.places import Press, Stage

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

WIDTHS = {"phone": 390, "desk": 1280}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
# Pages that say that something is not there, with the status that says it too.
MEANT = {"request_no_package": 410}
PICTURES_ARE_KEPT = bool(os.environ.get("CONSENTRY_SHOTS"))
SUBMIT = "main form[method=post] button.btn-primary"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ["public", "staff", "platform"])
def test_every_page_opens_fits_and_is_accessible(
    stage: Stage, chromium: Browser, shots: Path, who: str, language: str
) -> None:
    context = open_context(chromium, stage, width=WIDTHS["desk"], language=LANGUAGES[language])
    faults: list[str] = []
    refused: list[str] = []
    try:
        page = context.new_page()
        page.on("requestfinished", lambda request: _foreign(request.url, stage.url, faults))
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on("console", lambda message: _refused(message.text, page.url, refused))
        if who != "public":
            sign_in(page, stage, {"staff": "owner@demo.example", "platform": "admin@demo.example"}[who])
        doors: dict[str, str | Press] = getattr(stage, who) | {
            name: press for name, press in stage.pressed.items() if press.who == who
        }
        for name, door in doors.items():
            faults += [f"{name}: {fault}" for fault in visit(page, stage.url, door, status=MEANT.get(name, 200))]
            # Only what the page itself does counts: axe and the screenshot put styles of their own in.
            faults += refused
            # Other words are as accessible as these, which the walks look at too; only their length may break a page.
            only_width = language == "en"
            faults += look(page, f"{name}-desk-{language}", shots, only_width=only_width)
            # The same page on a phone: nothing but the stylesheet knows the width.
            page.set_viewport_size(size(WIDTHS["phone"]))
            faults += look(page, f"{name}-phone-{language}", shots, only_width=only_width)
            page.set_viewport_size(size(WIDTHS["desk"]))
            refused.clear()
    finally:
        context.close()
    assert not faults, "\n".join(faults)


def open_context(chromium: Browser, stage: Stage, *, width: int, language: str, script: bool = True) -> BrowserContext:
    context = chromium.new_context(viewport=size(width), locale=language, java_script_enabled=script)
    context.add_cookies([{"name": "django_language", "value": language, "url": stage.url}])
    return context


def sign_in(page: Page, stage: Stage, email: str) -> None:
    page.goto(f"{stage.url}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", stage.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def visit(page: Page, home: str, door: str | Press, *, status: int = 200) -> list[str]:
    """Open one page and return what is wrong with it."""
    answer = page.goto(home + (door.path if isinstance(door, Press) else door))
    if answer is None or answer.status != status:
        return [f"status {answer.status if answer else 'none'}"]
    return send(page, door) if isinstance(door, Press) else []


def size(width: int) -> ViewportSize:
    return {"width": width, "height": 900}


def look(page: Page, name: str, shots: Path, *, only_width: bool = False) -> list[str]:
    """Return what is wrong with the open page at this width, and perhaps keep a picture of it."""
    faults = [f"{name}: {fault}" for fault in too_wide(page) + ([] if only_width else examine(page))]
    picture(page, shots / f"{name}.png")
    return faults


def picture(page: Page, file: Path) -> None:
    if PICTURES_ARE_KEPT:
        page.screenshot(path=file, full_page=True)


def send(page: Page, press: Press) -> list[str]:
    """Fill in and send the form of the open page."""
    for name, text in press.fields.items():
        field = page.locator(f"main [name={name}]").first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)
    with page.expect_navigation() as sent:
        page.click(SUBMIT)
    return [] if sent.value is not None and sent.value.status == 200 else ["refused what was sent"]


def too_wide(page: Page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{wide} px wider than the screen"] if wide > 1 else []


def examine(page: Page) -> list[str]:
    """Let axe-core look at the open page; whatever it finds counts, however little it thinks of it."""
    faults = []
    for violation in Axe().run(page).response["violations"]:
        where = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
        faults.append(f"{violation['id']} ({violation['impact']}): {violation['help']} at {where}")
    return faults


def _foreign(url: str, home: str, faults: list[str]) -> None:
    if not url.startswith((home, "data:", "blob:")):
        faults.append(f"loaded {url} from elsewhere")


def _refused(text: str, where: str, faults: list[str]) -> None:
    if "Content Security Policy" in text:
        faults.append(f"refused by the Content-Security-Policy at {where}: {text[:200]}")
