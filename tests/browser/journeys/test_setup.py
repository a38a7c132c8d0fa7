"""From an empty property to the first lawful enrolment, by the setup guide alone."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.browser.journeys import properties
from tests.browser.journeys.journey import Journey, arrive
from tests.browser.places import Stage
from tests.browser.scenes import SAVE, Scene, member, playing
from tests.browser.walks import Walk
from tests.photos import photo
from tests.rehearsal import play as steps
from tests.rehearsal.terminals import sign_photo

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

JOURNEY = Journey(1, "Set up a property", {"desk": (12, 11)})


def test_an_empty_property_is_set_up_by_the_guide_alone(play: Scene, record_property: Any) -> None:
    """What the guide leaves behind is enough: the first person agrees, sends a photo and is enrolled."""
    slug = properties.add(play.stage)
    with playing(play.stage, slug) as site:
        site.site("PATCH", "", storage_mode="portal")
        site.site("POST", "members/", 201, email=steps.COLLEAGUE, role="privacy_officer")
        link = set_up(play.desk, slug, play.stage)
        arrive(play, JOURNEY, record_property)
        me = link[link.index("/p/") :]
        steps.agree(site, me)
        steps.enroll_by_page(site, me, photo(steps.ENROLLED))
        (person,) = site.site("GET", "people/")["results"]
        steps.wait_for_face(site, person["id"], "enrolled")


def set_up(walk: Walk, slug: str, stage: Stage) -> str:
    """Go through the guide; return the first person's link."""
    page = walk.page
    walk.open(f"{stage.url}/t/{slug}/")
    walk.see("today", slug)
    page.click(f"main a.btn-primary[href^='/t/{slug}/setup/']")
    walk.see("door", "setup/door")
    walk.type(name="东门")
    page.click(SAVE)
    walk.see("device", "setup/device")
    walk.type(vendor="示例厂商", algorithm="ArcFace", algorithm_version="3.2")
    page.click(SAVE)
    walk.see_below("pairing", "text=cpc_")
    page.click("main .card-foot a.btn-primary")
    walk.see("assessment", "setup/assessment")
    walk.type(needed="住户常抱孩子、提东西", not_enough="门禁卡会忘带", fits="人脸不多，用途只有一个")
    walk.tick("[name=acceptable]")
    page.click(SAVE)
    walk.see("notice", "setup/notice")
    page.click(SAVE)
    walk.see("sign", "setup/sign")
    walk.choose("[name=picture]", "sign.jpg", sign_photo())
    page.click(SAVE)
    walk.see("waits for a second member", "setup/assessment")
    with walk.clock.off():
        second_member_signs(stage, slug)
    page.reload()
    walk.see("activate", "setup/activate")
    page.click(SAVE)
    walk.see("person", "setup/person")
    walk.type(name="李秀英")
    page.click(SAVE)
    walk.see("link", "people/*/link")
    walk.tick("#why-invitation")
    page.click(SAVE)
    walk.see_below("link shown", "#personal-link")
    return page.inner_text("#personal-link").strip()


def second_member_signs(stage: Stage, slug: str) -> None:
    """The officer reads and signs what the owner wrote."""
    with member(stage, steps.COLLEAGUE) as officer:
        waits = BeautifulSoup(officer.page(f"/t/{slug}/setup/assessment/").text, "html.parser")
        link = waits.select_one("main a[href$='/sign/']")
        assert link is not None, waits.text
        signed = officer.submit(officer.page(str(link["href"])), action="seen")
        assert "/sign/" not in signed.url.path, signed.text[:4000]
