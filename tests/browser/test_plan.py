"""Things are placed on a floor plan by keys and by pointer; what was placed is there again after saving."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.browser.places import Stage
from tests.browser.test_pages import open_context, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]


@pytest.fixture
def page(stage: Stage, chromium: Browser) -> Iterator[Page]:
    context = open_context(chromium, stage, width=1280, language="en")
    page = context.new_page()
    sign_in(page, stage, "owner@demo.example")
    page.goto(stage.url + stage.staff["zone_plan_edit"])
    yield page
    context.close()


def numbers(page: Page) -> tuple[str, str]:
    fields = page.locator(".places tbody tr").first.locator("input")
    return fields.nth(0).input_value(), fields.nth(1).input_value()


def first_mark(page: Page) -> Locator:
    button = page.get_by_role("button", name="Put it on the plan").first
    if button.is_visible():
        button.click()
    return page.locator("[data-mark]").first


def test_a_mark_is_moved_by_keys_and_by_pointer_and_saved(page: Page) -> None:
    mark = first_mark(page)
    mark.focus()
    for _press in range(30):
        page.keyboard.press("Shift+ArrowLeft")
        page.keyboard.press("Shift+ArrowUp")
    assert numbers(page) == ("0", "0"), "A mark stays on the picture"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert numbers(page) == ("1", "5")

    plan = page.locator("[data-plan]").bounding_box()
    assert plan is not None
    mark.locator(".mark-dot").hover()
    page.mouse.down()
    page.mouse.move(plan["x"] + plan["width"] * 0.75, plan["y"] + plan["height"] * 0.5, steps=5)
    page.mouse.up()
    x, y = (float(number) for number in numbers(page))
    assert (round(x), round(y)) == (75, 50)

    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Place zones and doors").click()
    assert tuple(float(number) for number in numbers(page)) == (x, y)
