"""A rule rings; whoever is on duty reads what happened and writes down what they did."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import properties
from tests.browser.journeys.journey import Journey, arrive
from tests.browser.scenes import SAVE, Scene, member, playing
from tests.rehearsal.play import COLLEAGUE
from tests.rehearsal.visitors import expect as expect_status

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

JOURNEY = Journey(11, "Handle an alert", {"desk": (3, 1)})


def test_an_alert_is_handled(play: Scene, record_property: Any) -> None:
    slug = properties.add(play.stage)
    ring(play, slug)
    walk, page = play.desk, play.desk.page
    walk.open(play.at(f"/t/{slug}/"))
    walk.see("today", slug)
    page.click(f"main a[href^='/t/{slug}/alerts/']")
    walk.see("alert", "alerts/*")
    walk.type(text="问过同事：点错了，已经提醒。")
    page.click(SAVE)
    walk.see_below("closed", ".toast.is-ok")
    expect(page.locator("main [name=text]")).to_have_count(0)
    arrive(play, JOURNEY, record_property)


def ring(play: Scene, slug: str) -> None:
    """The owner invents a person whom nobody has a reason to look at, and a colleague looks."""
    with playing(play.stage, slug) as site, member(play.stage, COLLEAGUE) as colleague:
        site.site("POST", "members/", 201, email=COLLEAGUE, role="manager")
        form = site.staff.page(f"/t/{slug}/alerts/decoys/person/")
        expect_status(site.staff.submit(form, action="measure-form", name="周建国", room="9-1801"), 200)
        (decoy,) = site.site("GET", "people/")["results"]
        colleague.page(f"/t/{slug}/people/{decoy['id']}/")
