"""The notice says something new; whoever agreed to the old one is asked again, and answers."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import properties
from tests.browser.journeys.journey import Journey, arrive
from tests.browser.scenes import SAVE, Scene
from tests.rehearsal.visitors import expect as expect_status

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

JOURNEY = Journey(2, "Publish a notice and ask again", {"desk": (5, 2), "resident": (3, 0)})
LONGER = {
    "retention_zh": "最多 365 天，居住结束当天删除。",
    "retention_en": "At most 365 days; deleted on the last day.",
}


def test_a_changed_notice_is_published_and_answered_again(play: Scene, record_property: Any) -> None:
    with properties.published(play.stage) as there:
        _person, me = there.person("郭女士")
        asked = there.resident.page(f"{me}consent/recognition/")
        expect_status(there.resident.submit(asked, action='value="agree"', decision="agree"), 200)
    publish(play, there.slug)
    answer_again(play, me)
    arrive(play, JOURNEY, record_property)


def publish(play: Scene, slug: str) -> None:
    """The period is longer: before it counts, the page says who is asked again and why."""
    walk, page = play.desk, play.desk.page
    walk.open(play.at(f"/t/{slug}/notices/"))
    walk.see("notices")
    page.click(".page-actions button.btn-primary")
    walk.see("draft", "notices/*/edit")
    walk.type(**LONGER)
    page.click("button[name=next][value=publish]")
    walk.see("publish", "notices/*/publish")
    expect(page.locator("main .facts dd.num").first).to_have_text("1")
    page.click("main a[href*='/difference/']")
    walk.see("difference", "notices/*/difference/*")
    expect(page.locator("ins").first).to_contain_text("365")
    page.go_back()
    page.click(SAVE)
    walk.see("published", "notices/*")
    expect(page.locator(".toast.is-ok")).to_be_visible()


def answer_again(play: Scene, me: str) -> None:
    walk, page = play.resident, play.resident.page
    walk.open(play.at(me))
    walk.see("waits", "me/*")
    expect(page.locator("[data-situation=changed]")).to_be_visible()
    page.click("[data-situation] a[href$='/consent/recognition/']")
    walk.see("question", "consent/recognition")
    page.click("form:has(input[value=agree]) button")
    walk.see("answered", "me/*")
    expect(page.locator("[data-situation=at_the_door]")).to_be_visible()
