"""A resident says no, gets a pass at the desk, and has it on the phone; nobody asks again."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journeys.journey import Journey, arrive
from tests.browser.scenes import DESK, SAVE, Scene, playing

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

JOURNEY = Journey(5, "Decline and get a pass", {"resident": (4, 0), "desk": (3, 0)})


def test_a_resident_declines_and_gets_a_pass(play: Scene, record_property: Any) -> None:
    with playing(play.stage) as site:
        person, me = site.person("宋奶奶")
    walk, page = play.resident, play.resident.page
    walk.open(play.at(me))
    walk.see("me", "me/*")
    page.click("[data-situation=unanswered] a[href$='/consent/recognition/']")
    walk.see("question", "consent/recognition")
    page.click("form:has(input[value=decline]) button")
    walk.see("declined", "me/*")
    expect(page.locator("[data-situation=declined]")).to_be_visible()
    give_a_pass(play, person)
    page.click("main a[href$='/pass/']")
    walk.see("pass")
    expect(page.locator("[data-pass-digits]")).to_be_visible()
    arrive(play, JOURNEY, record_property)


def give_a_pass(play: Scene, person: str) -> None:
    """The record says that the person declined and is not asked again. A pass asks for nothing."""
    walk, page = play.desk, play.desk.page
    walk.open(play.at(f"{DESK}people/{person}/"))
    walk.see("person", "people/*")
    page.click("#passes a[href$='/qr/']")
    walk.see("qr")
    page.click(SAVE)
    walk.see("given", "people/*")
    expect(page.locator("#passes tbody tr")).to_have_count(1)
