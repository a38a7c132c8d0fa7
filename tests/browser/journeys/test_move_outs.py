"""A list of people who moved out is pasted, looked at and carried out; everything of them is erased."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journeys.journey import Journey, arrive
from tests.browser.scenes import DESK, SAVE, Scene, playing

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

JOURNEY = Journey(9, "Move-out list", {"desk": (5, 1)})


def test_a_list_of_people_who_moved_out_is_erased(play: Scene, record_property: Any) -> None:
    names = {"zh": ["搬走甲", "搬走乙", "搬走丙"], "en": ["搬走丁", "搬走戊", "搬走己"]}[play.language]
    with playing(play.stage) as site:
        for name in names:
            site.site("POST", "people/", 201, name=name, kind="renter", age_band="adult", room="5-0302")
    walk, page = play.desk, play.desk.page
    walk.open(play.at(f"{DESK}requests/"))
    walk.see("requests")
    page.click("a[href$='/requests/move-outs/']")
    walk.see("list", "requests/move-outs")
    walk.type(listed="\n".join([*names[:2], "没有这个人"]))
    page.click("main form[method=post] .btn-primary")
    walk.see_below("preview", "main [name=people]")
    expect(page.locator("main [name=people]:checked")).to_have_count(2)
    expect(page.locator("main")).to_contain_text("没有这个人")
    page.click(SAVE)
    walk.see_below("ordered", "main tbody a[href*='/erasures/']")
    expect(page.locator("main tbody tr")).to_have_count(2)
    page.click("main tbody a[href*='/erasures/'] >> nth=0")
    walk.see("erasure", "erasures/*")
    arrive(play, JOURNEY, record_property)
