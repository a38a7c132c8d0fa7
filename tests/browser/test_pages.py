"""Every page, looked at by a machine first: it opens, loses nothing on any screen, loads nothing foreign.

With CONSENTRY_SHOTS=folder each page's picture goes there, for a person to look at. With CONSENTRY_AXE=all (`make axe`)
axe looks at every page in both languages, wide and narrow, in every theme; otherwise in Chinese at a desk in the light,
and at what residents read in English on the narrowest screen in the dark, too.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.browser import typed
from tests.browser.looking import ALL, CLOSED, SPACED, Contrast, examine, foreign, losses, picture, texts
from tests.browser.places import Press, Stage

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

# A desk, the same at 200 % zoom, a phone, and the desk at 400 % (WCAG 1.4.10).
WIDTHS = {"desk": 1280, "zoomed": 640, "phone": 390, "narrow": 320}
# What fits the narrowest screen fits a phone, and Chinese is short besides.
LOOKS = {"zh": ("desk", "narrow"), "en": ("desk", "zoomed", "narrow")}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
Scheme = Literal["light", "dark"]
SCHEMES: dict[str, Scheme] = {"zh": "light", "en": "dark"}
THEMES: tuple[tuple[Scheme, Contrast], ...] = (
    ("light", "no-preference"),
    ("dark", "no-preference"),
    ("light", "more"),
    ("dark", "more"),
)
AXE_AT = {"zh": "desk", "en": "narrow"}
# Much text beside much else: here a reader's wider spacing is tried too (WCAG 1.4.12).
DENSE = {
    "today", "people", "person", "requests", "request", "devices", "device_active", "door_edit", "members", "notices",
    "assessment", "assessment_edit", "audit", "alerts", "retention", "me", "child", "me_consent", "public_notice",
    "request_form", "account_email",
}  # fmt: skip
# Pages that say that something is not there, with the status that says it too.
MEANT = {"request_no_package": 410}
# The stage's assessment is written by a program that speaks English.
ENGLISH_BY_NATURE = {"assessment", "assessment_edit", "assessment_sign"}
PICTURES_ARE_KEPT = bool(os.environ.get("CONSENTRY_SHOTS"))
# What moves for longer than nobody sees.
MOVING = "document.getAnimations().filter(one => one.effect.getComputedTiming().activeDuration > 1).length"
SUBMIT = "main form[method=post] button.btn-primary"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ["public", "staff", "platform"])
def test_every_page_opens_fits_and_is_accessible(
    stage: Stage, chromium: Browser, shots: Path, who: str, language: str
) -> None:
    scheme = "light" if PICTURES_ARE_KEPT else SCHEMES[language]
    context = open_context(chromium, stage, width=WIDTHS["desk"], language=LANGUAGES[language], scheme=scheme)
    faults: list[str] = []
    refused: list[str] = []
    try:
        page = context.new_page()
        page.on("requestfinished", lambda request: _foreign(request.url, stage.url, faults))
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on("console", lambda message: _refused(message.text, page.url, refused))
        if who != "public":
            sign_in(page, stage, {"staff": "owner@demo.example", "platform": "admin@demo.example"}[who])
        for name, door in doors(stage, who).items():
            faults += [f"{name}: {fault}" for fault in visit(page, stage.url, door, status=MEANT.get(name, 200))]
            # Only what the page itself does counts: axe and the screenshot put styles of their own in.
            faults += refused
            faults += [f"{name}-{language}: {fault}" for fault in look(page, name, language, shots, who=who)]
            refused.clear()
    finally:
        context.close()
    assert not faults, "\n".join(faults)


def doors(stage: Stage, who: str) -> dict[str, str | Press]:
    pressed = {name: press for name, press in stage.pressed.items() if press.who == who}
    found: dict[str, str | Press] = getattr(stage, who) | pressed
    return found


def look(page: Page, name: str, language: str, shots: Path, *, who: str) -> list[str]:
    """Return what is wrong with the open page, width by width. Nothing but the stylesheet knows the width."""
    faults = []
    for width in WIDTHS if PICTURES_ARE_KEPT or ALL else LOOKS[language]:
        page.set_viewport_size(size(WIDTHS[width]))
        faults += [f"{width}: {fault}" for fault in losses(page)]
        if ALL and width == "desk":
            faults += [f"{width}: {fault}" for fault in _in_every_theme(page)]
        elif (width == AXE_AT[language] and (language == "zh" or who == "public")) or (ALL and width == "narrow"):
            faults += [f"{width}: {fault}" for fault in examine(page)]
        picture(page, shots / f"{name}-{width}-{language}.png")
    if name in DENSE or ALL:
        page.evaluate(SPACED)
        faults += [f"text spaced: {fault}" for fault in losses(page)]
        page.evaluate(CLOSED)
    if not (language == "zh" and name in ENGLISH_BY_NATURE):
        faults += foreign(texts(page), language, typed.chinese() if language == "en" else typed.ENGLISH)
    if moving := page.evaluate(MOVING):
        faults.append(f"{moving} things move for whoever asked for less motion")
    page.set_viewport_size(size(WIDTHS["desk"]))
    return faults


def _in_every_theme(page: Page) -> Iterator[str]:
    for scheme, contrast in THEMES:
        page.emulate_media(color_scheme=scheme, contrast=contrast)
        for fault in examine(page, contrast=contrast):
            yield f"{scheme}, {contrast}: {fault}"
    page.emulate_media(color_scheme="light", contrast="no-preference")


def open_context(
    chromium: Browser, stage: Stage, *, width: int, language: str, script: bool = True, scheme: Scheme = "light"
) -> BrowserContext:
    # Nothing moves while it is looked at, as for whoever asks the system for less motion.
    context = chromium.new_context(
        viewport=size(width), locale=language, java_script_enabled=script, color_scheme=scheme, reduced_motion="reduce"
    )
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


def _foreign(url: str, home: str, faults: list[str]) -> None:
    if not url.startswith((home, "data:", "blob:")):
        faults.append(f"loaded {url} from elsewhere")


def _refused(text: str, where: str, faults: list[str]) -> None:
    if "Content Security Policy" in text:
        faults.append(f"refused by the Content-Security-Policy at {where}: {text[:200]}")
