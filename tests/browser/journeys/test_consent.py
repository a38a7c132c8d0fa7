"""A resident says yes, twice, and sends one photo from the phone."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journeys.journey import Journey, arrive
from tests.browser.scenes import Scene, playing
from tests.photos import photo
from tests.rehearsal import play as steps

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

JOURNEY = Journey(4, "Consent and enrol by phone", {"resident": (6, 1)})


def test_a_resident_consents_and_enrols_by_phone(play: Scene, record_property: Any) -> None:
    with playing(play.stage) as site:
        _person, me = site.person("何先生")
    walk, page = play.resident, play.resident.page
    walk.open(play.at(me))
    walk.see("me", "me/*")
    page.click("[data-situation=unanswered] a[href$='/consent/recognition/']")
    walk.see("recognition", "consent/recognition")
    page.click("form:has(input[value=agree]) button")
    walk.see("transmission", "consent/transmission")
    page.click("form:has(input[value=agree]) button")
    walk.see("photo")
    walk.choose("[name=photo]", "me.jpg", photo(steps.OTHER))
    page.click("main form button.btn-primary")
    page.wait_for_selector("section.card-yes", timeout=60_000)
    walk.see("enrolled", "photo/*")
    page.click("main a[href$='/me/*/'], main a.btn")
    walk.see("my page", "me/*")
    expect(page.locator("[data-situation=in_use] .names")).to_contain_text("7 号楼大厅门")
    arrive(play, JOURNEY, record_property)
