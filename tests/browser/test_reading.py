"""For who reads badly or not at all: every word aloud, large print and contrast at once; and hints at the camera."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, Request, expect

from portal.web import resident_style

pytestmark = pytest.mark.browser

ADDRESS, HTML = "https://portal.example/", "text/html; charset=utf-8"
JS = settings.BASE_DIR / "static" / "js"
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
# Nor is there a camera: a canvas of one grey, and as many faces as the test says, at the size that it says.
CAMERA = """
window.scene = { grey: 120, faces: [0.5] };
window.FaceDetector = class { async detect(video) { return window.scene.faces.map((width) => (
  { boundingBox: { x: video.videoWidth * (1 - width) / 2, width: video.videoWidth * width } })); } };
const canvas = document.createElement("canvas");
[canvas.width, canvas.height] = [480, 640];
const pen = canvas.getContext("2d");
const paint = () => {
  for (let y = 0; y < 640; y += 8) for (let x = 0; x < 480; x += 8) {
    const grey = window.scene.grey + ((x + y) / 8 % 2 ? 20 : -20);
    pen.fillStyle = `rgb(${grey},${grey},${grey})`;
    pen.fillRect(x, y, 8, 8);
  }
};
setInterval(paint, 100);
navigator.mediaDevices.getUserMedia = async () => { paint(); return canvas.captureStream(10); };
"""


def body() -> str:
    """A page as `base/resident.html` makes it, with the note and the camera of the real templates."""
    note = render_to_string(
        "components/note.html", {"text": "它从明天起生效。", "title": "还没有生效", "url": "/v/1/", "label": "看现行版"}
    )
    photo = render_to_string("components/photo_input.html", {})
    return f"""<!doctype html><html lang="zh-hans"><meta charset="utf-8"><title>x</title>
    <style>{resident_style.text()}</style><body class="resident">
    <form method="post" action="/p/x/reading/" data-switches><input type="hidden" name="next" value="/">
    <button name="large" value="yes" aria-pressed="false" data-switch="print" data-on="large">大字</button>
    <button name="contrast" value="yes" aria-pressed="false" data-switch="contrast" data-on="more">对比</button></form>
    <button data-read-aloud data-stop="停止朗读" hidden>朗读</button>
    <main><h1>告知书</h1>{note}<dl><div><dt>存多久</dt><dd><p>180 天</p></dd></div></dl>
    <p hidden>看不见的</p><ul><li>照片</li></ul></main><aside>{photo}</aside>
    <script>{(JS / "resident.js").read_text()}</script>
    <script>{(JS / "camera.js").read_text()}</script></body></html>"""


@pytest.fixture
def sent() -> list[str]:
    return []


@pytest.fixture
def page(chromium: Browser, sent: list[str]) -> Iterator[Page]:
    context = chromium.new_context()
    context.add_init_script(VOICES + CAMERA)
    page = context.new_page()
    page.on("request", lambda request: _note(request, sent))
    page.route("**/*", lambda route: route.fulfill(body=body(), content_type=HTML))
    page.goto(ADDRESS)
    yield page
    context.close()


def _note(request: Request, sent: list[str]) -> None:
    if request.method == "POST":
        sent.append(request.post_data or "")


def test_every_word_that_is_seen_is_read_once_and_the_note_too(page: Page) -> None:
    page.click("[data-read-aloud]")
    spoken = page.evaluate("window.spoken")
    assert {language for language, _text in spoken} == {"zh-CN"}
    texts = ["".join(text.split()) for _language, text in spoken]
    assert texts == ["告知书", "还没有生效它从明天起生效。看现行版", "存多久", "180天", "照片"]
    expect(page.locator("[data-read-aloud]")).to_have_text("停止朗读")
    page.click("[data-read-aloud]")
    expect(page.locator("[data-read-aloud]")).to_have_text("朗读")


def test_large_print_enlarges_everything_at_once_and_the_server_is_told(page: Page, sent: list[str]) -> None:
    size = "parseFloat(getComputedStyle(document.querySelector('main h1')).fontSize)"
    before = page.evaluate(size)
    with page.expect_request("**/reading/"):
        page.click("[data-switch=print]")
    assert page.evaluate(size) == pytest.approx(before * 1.25)
    assert 'name="large"\r\n\r\nyes' in sent[0]
    expect(page.locator("[data-switch=print]")).to_have_attribute("aria-pressed", "true")
    with page.expect_request("**/reading/"):
        page.click("[data-switch=print]")
    assert page.evaluate(size) == pytest.approx(before)
    assert 'name="large"\r\n\r\nno' in sent[1]


def test_high_contrast_is_black_on_white(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.click("[data-switch=contrast]")
    for part in ("main h1", "main li"):
        assert page.evaluate(f"getComputedStyle(document.querySelector('{part}')).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_camera_says_what_helps_and_never_locks_the_button(page: Page) -> None:
    scenes = [
        ({"grey": 30, "faces": [0.5]}, "dark"), ({"grey": 120, "faces": [0.5, 0.3]}, "alone"),
        ({"grey": 120, "faces": [0.1]}, "closer"), ({"grey": 120, "faces": []}, "face"),
        ({"grey": 120, "faces": [0.5]}, "good"),
    ]  # fmt: skip
    page.clock.install()
    page.click("[data-photo-open]")
    hint = page.locator("[data-photo-hint]")
    expect(page.locator("[data-photo-shoot]")).to_be_focused()
    for scene, name in scenes:
        page.evaluate("scene => { window.scene = scene; }", scene)
        words = hint.get_attribute(f"data-{name}")
        assert words
        for _step in range(12):  # what is said stands at least two seconds
            page.clock.run_for(500)
            if hint.inner_text() == words:
                break
        expect(hint).to_have_text(words)
        expect(page.locator("[data-photo-shoot]")).to_be_enabled()
    page.click("[data-photo-shoot]")
    expect(page.locator("[data-photo-image]")).to_be_visible()
    assert page.evaluate("document.querySelector('[data-photo-input]').files[0].type") == "image/jpeg"


def test_what_is_worked_on_asks_again_by_itself_and_its_end_loads_the_page(page: Page) -> None:
    """Without htmx, which these pages do not load: the block of the real template is replaced by its answer."""
    block = {"label": "照片", "poll_url": "/how-far/"}
    first, later = (render_to_string("components/progress.html", block | {"percent": percent}) for percent in (10, 60))
    watched = body().replace("<main>", f"<main>{first}")
    page.route("**/watch/", lambda route: route.fulfill(body=watched, content_type=HTML))
    page.route("**/how-far/", lambda route: route.fulfill(body=later, content_type=HTML))
    page.clock.install()
    page.goto(f"{ADDRESS}watch/")
    expect(page.locator("progress")).to_have_attribute("value", "10")
    with page.expect_response("**/how-far/") as asked:
        page.clock.run_for(2_000)
    assert asked.value.request.headers["hx-request"] == "true"
    expect(page.locator("progress")).to_have_attribute("value", "60")
    page.route("**/how-far/", lambda route: route.fulfill(body=later, headers={"HX-Refresh": "true"}))
    with page.expect_navigation():
        page.clock.run_for(2_000)
    expect(page.locator("progress")).to_have_attribute("value", "10")
