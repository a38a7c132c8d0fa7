"""Words two fifths longer than English break no page, and no text of a page is one that nobody can translate."""

import calendar
import re

import pytest
from playwright.sync_api import Browser

from tests.browser import pseudo, typed
from tests.browser.looking import ALL, LATIN, losses, texts, without
from tests.browser.places import Press, Stage
from tests.browser.test_pages import DENSE, WIDTHS, doors, open_context, sign_in, size, visit

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

# In every run, those with the most words; `make axe` looks at every page.
ALWAYS = {"today", "requests", "person", "devices", "device_active", "door_edit", "me", "me_consent", "request_form"}
# They show the notice, word for word as the property published it.
QUOTED = {"me_consent", "me_consent_again", "child_consent", "notice", "notice_version"}
# What Django says: months, and how long ago. And the names of the laws.
OTHERS = {*calendar.month_name, "Measures", "PIPL", "ago", "now", "seconds", "minute", "minutes", "hour", "hours"}
WORD = re.compile(r"[A-Za-zÀ-ž]{2,}")


def untranslated(said: list[str]) -> list[str]:
    """Return what stands in a page in no brackets and was typed by nobody."""
    known = sorted([*typed.chinese(), *typed.ENGLISH], key=len, reverse=True)
    found = []
    for text in said:
        left = without(pseudo.bare(text), known)
        if words := [word for word in WORD.findall(left) if word not in LATIN | OTHERS]:
            found.append(f"nobody can translate “{' '.join(words)}” in “{text[:80]}”")
    return found


@pytest.mark.parametrize("who", ["public", "staff"])
def test_longer_words_fit_and_every_text_can_be_translated(stage: Stage, chromium: Browser, who: str) -> None:
    context = open_context(chromium, stage, width=WIDTHS["desk"], language=pseudo.CODE)
    faults: list[str] = []
    seen = 0
    try:
        page = context.new_page()
        if who == "staff":
            sign_in(page, stage, "owner@demo.example")
        for name, door in doors(stage, who).items():
            if isinstance(door, Press) or not (ALL or name in ALWAYS):
                continue
            seen += 1
            faults += [f"{name}: {fault}" for fault in visit(page, stage.url, door)]
            for width in ("desk", "phone", "narrow"):
                page.set_viewport_size(size(WIDTHS[width]))
                faults += [f"{name} {width}: {fault}" for fault in losses(page)]
            if name not in QUOTED:
                faults += [f"{name}: {fault}" for fault in untranslated(texts(page))]
    finally:
        context.close()
    assert ALWAYS <= DENSE and seen >= 3, "the sweep reached the pages"
    assert not faults, "\n".join(faults)


def test_the_language_is_made_as_it_says() -> None:
    assert pseudo.longer("open %(count)s <b>doors</b>") == "⟦óópééñ %(count)s <b>dóóóórš</b>⟧"


def test_the_sweep_can_fail() -> None:
    assert pseudo.bare("⟦Óópééñ ⟦Dóóóórš⟧ ⟧ Left Alone") == "Left Alone"
    assert untranslated(["⟦Óópééñ⟧ left alone"]) and not untranslated(["⟦Óópééñ⟧ R-2611-001 Consentry"])
