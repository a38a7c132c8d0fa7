"""A family moves in: the desk puts mother and child on file and hands the mother her link."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journeys.journey import Journey, arrive
from tests.browser.scenes import DESK, SAVE, Scene

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

JOURNEY = Journey(3, "The desk registers a family", {"desk": (7, 9)})
BORN = "2019-06-01"


def test_the_desk_registers_a_mother_and_her_child(play: Scene, record_property: Any) -> None:
    """The child comes from the mother's record: its own would be closed to who has just written it."""
    walk, page = play.desk, play.desk.page
    walk.open(play.at(f"{DESK}people/"))
    walk.see("people")
    page.click(".page-actions a[href$='/people/add/']")
    walk.see("mother", "people/add")
    phone = {"zh": "13711110007", "en": "13711110008"}[play.language]
    walk.type(name="吴妈妈", room="6-0803", phone=phone)
    walk.tick("main [name=age_band][value=adult]")
    page.click(SAVE)
    walk.see("her record", "people/*")
    page.click("main a[href$='/child/']")
    walk.see("child")
    walk.type(name="吴小宝", birth_date=BORN)
    walk.tick("[name=relationship][value=parent]")
    walk.tick("[name=evidence][value=household_register]")
    page.click(SAVE)
    walk.see("her child", "people/*")
    expect(page.locator("main li", has=page.locator("a.num"))).to_have_count(1)
    page.click("#personal-link a[href$='/link/']")
    walk.see("link")
    walk.tick("#why-asked")
    page.click(SAVE)
    walk.see_below("link shown", "#personal-link")
    arrive(play, JOURNEY, record_property)
