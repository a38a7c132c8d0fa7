"""The rotating code on a phone: read by a reader, followed by the next one without a network."""

from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.places import Stage
from tests.browser.test_pages import open_context

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]


def read(page: Page) -> str:
    """What a reader at the door sees on this screen."""
    found = zxingcpp.read_barcodes(Image.open(BytesIO(page.screenshot())))
    return found[0].text if found else ""


def test_without_a_network_the_phone_goes_on_for_an_hour_and_then_says_so(stage: Stage, chromium: Browser) -> None:
    context = open_context(chromium, stage, width=390, language="en")
    try:
        page = context.new_page()
        page.clock.install()
        page.goto(stage.url + stage.public["me_pass"])
        first = read(page)
        assert first.startswith("CP1.")
        assert first.endswith(page.inner_text("[data-pass-digits]").replace(" ", ""))
        context.set_offline(True)
        page.clock.run_for(60_000)
        later = read(page)
        assert later.endswith(page.inner_text("[data-pass-digits]").replace(" ", ""))
        assert (later.rsplit(".", 1)[0], later != first) == (first.rsplit(".", 1)[0], True)
        page.clock.fast_forward(3_600_000)
        assert page.is_visible("[data-pass-over]")
        assert read(page) == ""
    finally:
        context.close()


def test_a_network_that_fails_costs_the_phone_no_code(stage: Stage, chromium: Browser) -> None:
    """The phone believes that it is online. What it shows is replaced by the next hour only once that has come."""
    context = open_context(chromium, stage, width=390, language="en")
    try:
        page = context.new_page()
        page.clock.install()
        page.goto(stage.url + stage.public["me_pass"])
        made = page.get_attribute("[data-pass]", "data-now")
        page.route("**/*", lambda route: route.abort())
        with page.expect_event("requestfailed"):
            page.clock.fast_forward(31 * 60_000)
        page.unroute_all()
        page.route("**/*", lambda route: route.fulfill(status=502, body="Bad gateway"))
        with page.expect_event("requestfinished"):
            page.clock.run_for(60_000)
        page.unroute_all()
        assert page.evaluate("navigator.onLine")
        assert read(page).endswith(page.inner_text("[data-pass-digits]").replace(" ", ""))
        page.clock.run_for(45_000)
        expect(page.locator("[data-pass]")).not_to_have_attribute("data-now", made)
        page.clock.fast_forward(25 * 60_000)  # longer than the first hour
        assert read(page).startswith("CP1.")
    finally:
        context.close()


def test_without_a_script_the_page_shows_the_code_of_now(stage: Stage, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 900}, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(stage.url + stage.public["me_pass"])
        assert read(page).endswith(page.inner_text("[data-pass-digits]").replace(" ", ""))
    finally:
        context.close()
