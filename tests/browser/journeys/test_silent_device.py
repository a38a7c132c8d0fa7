"""A terminal falls silent: today's page says so, and says nothing more once it speaks again."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journeys.journey import Journey, arrive
from tests.browser.on_terminals import REPORT, Door
from tests.browser.scenes import DESK, Scene, playing
from tests.rehearsal.clock import move_back

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

JOURNEY = Journey(10, "A device is offline and mended", {"desk": (4, 0)})


def test_a_silent_device_is_found_and_mended(play: Scene, record_property: Any) -> None:
    with playing(play.stage) as site:
        site.things["door"] = site.site("GET", "devices/")["results"][0]["access_point"]
        door = Door(site, f"北门终端 {secrets.randbelow(10**4)}")
        site.site("POST", f"devices/{door.id}/activate/")
        door.keys.heartbeat(**REPORT)
        move_back(play.stage.database, "premises_device", "last_seen_at", by=timedelta(days=2), rows=[door.id])
        walk, page = play.desk, play.desk.page
        walk.open(play.at(DESK))
        walk.see("today", DESK.strip("/"))
        page.click(f"main a[href$='/devices/{door.id}/']")
        walk.see("device", f"devices/{door.id}")
        expect(page.locator("main .note a[href$='/pairing/']")).to_be_visible()
        with walk.clock.off():
            door.keys.heartbeat(**REPORT)
        page.reload()
        walk.see("heard again", f"devices/{door.id}")
        expect(page.locator("main .note a[href$='/pairing/']")).to_have_count(0)
        page.click(f".side .nav-link[href='{DESK}']")
        walk.see("nothing to do", DESK.strip("/"))
        expect(page.locator(f"main a[href$='/devices/{door.id}/']")).to_have_count(0)
        site.site("POST", f"devices/{door.id}/retire/")
        arrive(play, JOURNEY, record_property)
