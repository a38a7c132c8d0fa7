"""A resident stops the use of their face with one press and sees it gone."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journeys.journey import Journey, arrive
from tests.browser.scenes import Scene, playing
from tests.photos import photo
from tests.rehearsal import play as steps

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

JOURNEY = Journey(7, "Withdraw", {"resident": (3, 0)})


def test_a_resident_withdraws_with_one_press(play: Scene, record_property: Any) -> None:
    with playing(play.stage) as site:
        person, me = site.person("马女士")
        steps.agree(site, me)
        steps.enroll_by_page(site, me, photo(steps.SAME))
        steps.wait_for_face(site, person, "enrolled")
        walk, page = play.resident, play.resident.page
        walk.open(play.at(me))
        walk.see("me", "me/*")
        page.click("form[action$='/stop/'] button")
        page.wait_for_selector("[data-situation=erasing], [data-situation=stopped]")
        with walk.clock.off():
            steps.wait_for_face(site, person, "erased")
        page.reload()
        walk.see("stopped", "me/*")
        expect(page.locator("[data-situation=stopped]")).to_be_visible()
        page.click("main a[href*='/receipts/']")
        walk.see("receipt", "receipts/*")
        arrive(play, JOURNEY, record_property)
