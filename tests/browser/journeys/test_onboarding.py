"""A handler begins: the platform opens its first property, and the owner comes in by the letter."""

import re
import secrets
import time
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journeys.journey import Journey, arrive
from tests.browser.scenes import Scene

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

JOURNEY = Journey(12, "The platform takes on a handler", {"platform": (3, 9), "owner": (2, 2)})
PASSWORD = "four words in a row"
SEND = "main form[method=post] .btn-primary"


def test_a_handler_is_taken_on_and_its_owner_comes_in(play: Scene, record_property: Any) -> None:
    number = f"{secrets.randbelow(10**6):06}"
    slug = f"new-court-{number}"
    walk, page = play.office("platform", "admin@demo.example"), play.walks["platform"].page
    walk.open(play.at("/admin/"))
    walk.see("platform", "admin")
    page.click("main a.btn-primary[href^='/admin/'], #content-main a.btn-primary")
    walk.see("form", "admin/start")
    walk.type(
        handler_name=f"宁波新月物业有限公司 {number}",
        credit_code=f"91330200MA2J{number}",
        contact_name="林主任",
        contact_phone="0574-0000 0001",
        contract_signed_on="2025-06-01",
        name="新月苑",
        name_en="New Court",
        slug=slug,
        owner_email=f"{slug}@demo.example",
    )
    page.click(SEND)
    walk.see("what comes next", "admin/start/*")
    come_in(play, slug)
    arrive(play, JOURNEY, record_property)


def come_in(play: Scene, slug: str) -> None:
    """The letter leads to a password, and the password to a property that says what to do first."""
    with play.clock.off():
        link = letter(play.stage.mail, to=f"{slug}@demo.example")
    walk, page = play.office("owner", email=""), play.walks["owner"].page
    walk.open(link)
    walk.see("password", "accounts/invitation/*")
    walk.type(password1=PASSWORD, password2=PASSWORD)
    page.click("main form button.btn-primary")
    walk.see("today", f"t/{slug}")
    expect(page.locator(f"main a.btn-primary[href^='/t/{slug}/setup/']")).to_be_visible()


def letter(folder: Path, *, to: str) -> str:
    """Wait for the invitation of this address and read the link in it."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for file in sorted(folder.iterdir(), reverse=True):
            for one in file.read_bytes().split(b"-" * 79 + b"\n"):
                read = message_from_bytes(one)
                text = read.get_payload(decode=True)
                found = re.search(rb"https?://\S+/accounts/invitation/\S+", text if isinstance(text, bytes) else b"")
                if read["To"] == to and found:
                    return found.group().decode()
        time.sleep(0.1)
    raise AssertionError(f"no letter was sent to {to}")
