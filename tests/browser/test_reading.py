"""Read aloud and large print, for who reads badly or not at all: every word of the page, and type that stays large."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

ADDRESS = "https://portal.example/"
JS = settings.BASE_DIR / "static" / "js"
CSS = settings.BASE_DIR / "static" / "css" / "resident.css"
# A device's own voices are not in a test: what would be spoken is kept instead.
VOICES = """
window.spoken = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
Object.defineProperty(window, "speechSynthesis", { value: {
  speaking: false,
  speak(speech) { window.spoken.push([speech.lang, speech.text]); this.speaking = true; },
  cancel() { this.speaking = false; },
} });
"""


def body() -> str:
    """A page as `base/resident.html` makes it, with the note and the notice of the real templates."""
    note = render_to_string(
        "components/note.html", {"text": "它从明天起生效。", "title": "还没有生效", "url": "/v/1/", "label": "看现行版"}
    )
    return f"""<!doctype html><html lang="zh-hans"><meta charset="utf-8"><title>x</title>
    <script>{(JS / "theme.js").read_text()}</script><style>{CSS.read_text()}</style>
    <body class="resident"><button data-print-toggle hidden>大字</button>
    <button data-read-aloud data-stop="停止朗读" hidden>朗读</button>
    <main><h1>告知书</h1>{note}<dl><div><dt>存多久</dt><dd><p>180 天</p></dd></div></dl>
    <p hidden>看不见的</p><ul><li>照片</li></ul></main>
    <script>{(JS / "readaloud.js").read_text()}</script></body></html>"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    context.add_init_script(VOICES)
    page = context.new_page()
    page.route("**/*", lambda route: route.fulfill(body=body(), content_type="text/html; charset=utf-8"))
    page.goto(ADDRESS)
    yield page
    context.close()


def test_every_word_that_is_seen_is_read_once_and_the_note_too(page: Page) -> None:
    page.click("[data-read-aloud]")
    spoken = page.evaluate("window.spoken")
    assert {language for language, _text in spoken} == {"zh-CN"}
    texts = ["".join(text.split()) for _language, text in spoken]
    assert texts == ["告知书", "还没有生效它从明天起生效。看现行版", "存多久", "180天", "照片"]
    expect(page.locator("[data-read-aloud]")).to_have_text("停止朗读")
    page.click("[data-read-aloud]")
    expect(page.locator("[data-read-aloud]")).to_have_text("朗读")


def test_large_print_enlarges_everything_and_stays(page: Page) -> None:
    size = "parseFloat(getComputedStyle(document.querySelector('main h1')).fontSize)"
    before = page.evaluate(size)
    page.click("[data-print-toggle]")
    assert page.evaluate(size) == pytest.approx(before * 1.25)
    page.reload()
    assert page.evaluate(size) == pytest.approx(before * 1.25)
    expect(page.locator("[data-print-toggle]")).to_have_attribute("aria-pressed", "true")
    page.click("[data-print-toggle]")
    assert page.evaluate(size) == pytest.approx(before)
