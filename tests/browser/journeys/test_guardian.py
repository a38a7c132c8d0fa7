"""A mother answers for her child, on her own page."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import properties
from tests.browser.journeys.journey import Journey, arrive
from tests.browser.scenes import Scene
from tests.rehearsal.play import Play
from tests.rehearsal.visitors import expect as expect_status

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

JOURNEY = Journey(6, "A guardian answers", {"resident": (4, 0)})
RULES = {
    "minors_zh": "十四岁以下由父母同意，随时可以停止。",
    "minors_en": "Under 14 a parent agrees and may stop it at any time.",
}
BORN = "2019-06-01"


def test_a_guardian_answers_for_a_child(play: Scene, record_property: Any) -> None:
    with properties.published(play.stage, takes_children=True, **RULES) as there:
        mother = mother_of_a_child(there, "王妈妈")
    walk, page = play.resident, play.resident.page
    walk.open(play.at(mother))
    walk.see("me", "me/*")
    page.click("main a[href*='/children/']")
    walk.see("child", "children/*")
    page.click("[data-situation=unanswered] a[href$='/consent/recognition/']")
    walk.see("question", "consent/recognition")
    page.click("form:has(input[value=agree]) button")
    walk.see("answered", "children/*")
    expect(page.locator("[data-situation=at_the_door]")).to_be_visible()
    arrive(play, JOURNEY, record_property)


def mother_of_a_child(there: Play, name: str) -> str:
    """Put both on file, with what shows who she is; return the path of her page."""
    mother, me = there.person(name)
    form = there.staff.page(f"/t/{there.slug}/people/{mother}/child/")
    about = {"name": "小宝", "birth_date": BORN, "relationship": "parent", "evidence": "household_register"}
    expect_status(there.staff.submit(form, action="birth_date", **about), 200)
    return me
