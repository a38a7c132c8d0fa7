"""From an empty property to the first lawful enrolment, in a browser, by the setup guide alone.

An owner sees thirteen screens and fills eleven fields, the tick, the photo and the first person's link included, and a
second member signs the assessment. A resident sees four screens, types nothing and chooses one photo.
"""

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser

from tests.browser.places import Stage
from tests.browser.test_pages import LANGUAGES, open_context, sign_in
from tests.browser.walks import Walk
from tests.photos import photo
from tests.rehearsal import play
from tests.rehearsal.terminals import sign_photo
from tests.rehearsal.visitors import Browser as Visitor

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

MANAGER_SCREENS, MANAGER_FIELDS = 13, 11
RESIDENT_SCREENS, RESIDENT_FIELDS = 4, 1
SUBMIT = "main form .card-foot button.btn-primary"


def open_property(stage: Stage, slug: str) -> None:
    """What the platform's staff do before: a property of a handler with its contract, its owner and an officer."""
    admin = Visitor(stage.url)
    try:
        admin.sign_in("admin@demo.example", stage.password)
        form = admin.page("/admin/organizations/property/add/")
        choice = BeautifulSoup(form.text, "html.parser").find("option", string=lambda text: text and "茉莉" in text)
        assert isinstance(choice, Tag)
        fields = {"slug": slug, "kind": "compound", "name": f"新苑 {slug}", "name_en": f"New Court {slug}"}
        fields |= {"storage_mode": "portal", "owner_email": "owner@demo.example", "handler": str(choice["value"])}
        admin.submit(form, action="owner_email", **fields)
        form = admin.page("/admin/organizations/membership/add/")
        choice = BeautifulSoup(form.text, "html.parser").find("option", string=lambda text: text and slug in text)
        assert isinstance(choice, Tag)
        member = {"property": str(choice["value"]), "email": play.COLLEAGUE, "role": "privacy_officer"}
        admin.submit(form, action='name="email"', **member)
    finally:
        admin.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_property_reaches_its_first_lawful_enrolment(stage: Stage, chromium: Browser, language: str) -> None:
    slug = f"guide-{language}"
    open_property(stage, slug)
    desk = open_context(chromium, stage, width=1280, language=LANGUAGES[language])
    phone = open_context(chromium, stage, width=390, language=LANGUAGES[language])
    try:
        manager = Walk(desk.new_page())
        sign_in(manager.page, stage, "owner@demo.example")
        manager.page.goto(f"{stage.url}/t/{slug}/")
        link = set_up(manager, slug, stage)
        assert manager.faults == []
        assert (len(manager.screens), manager.fields) == (MANAGER_SCREENS, MANAGER_FIELDS), manager.screens
        resident = Walk(phone.new_page())
        resident.page.goto(link)
        enrol(resident)
        assert resident.faults == []
        assert (len(resident.screens), resident.fields) == (RESIDENT_SCREENS, RESIDENT_FIELDS), resident.screens
    finally:
        desk.close()
        phone.close()


def second_member_signs(stage: Stage, slug: str) -> None:
    """The officer reads and signs what the owner wrote."""
    officer = Visitor(stage.url)
    try:
        officer.sign_in(play.COLLEAGUE, stage.password)
        waits = BeautifulSoup(officer.page(f"/t/{slug}/setup/assessment/").text, "html.parser")
        link = waits.select_one("main a[href$='/sign/']")
        assert link is not None, waits.text
        signed = officer.submit(officer.page(str(link["href"])), action="seen")
        assert "/sign/" not in signed.url.path, signed.text[:4000]
    finally:
        officer.close()


def set_up(walk: Walk, slug: str, stage: Stage) -> str:
    """Go through the guide; return the first person's link."""
    page = walk.page
    walk.see("today", slug)
    page.click(f"main a[href='/t/{slug}/setup/']")
    walk.see("setup")
    page.click(".page-actions a.btn-primary")
    walk.see("door", "setup/door")
    walk.type(name="东门")
    page.click(SUBMIT)
    walk.see("device", "setup/device")
    walk.type(vendor="示例厂商", algorithm="ArcFace", algorithm_version="3.2")
    page.click(SUBMIT)
    walk.see_below("pairing", "text=cpc_")
    page.click("main .card-foot a.btn-primary")
    walk.see("assessment", "setup/assessment")
    walk.type(needed="住户常抱孩子、提东西", not_enough="门禁卡会忘带", fits="人脸不多，用途只有一个")
    walk.tick("[name=acceptable]")
    page.click(SUBMIT)
    walk.see("notice", "setup/notice")
    page.click(SUBMIT)
    walk.see("sign", "setup/sign")
    walk.choose("[name=picture]", "sign.jpg", sign_photo())
    page.click(SUBMIT)
    walk.see("waits for a second member", "setup/assessment")
    second_member_signs(stage, slug)
    page.reload()
    walk.see("activate", "setup/activate")
    page.click(SUBMIT)
    walk.see("person", "setup/person")
    walk.type(name="李秀英")
    page.click(SUBMIT)
    walk.see("link", "people/*/link")
    walk.tick("#why-invitation")
    page.click(SUBMIT)
    walk.see_below("link shown", "#personal-link")
    return page.inner_text("#personal-link").strip()


def enrol(walk: Walk) -> None:
    """The resident decides and sends a photo."""
    page = walk.page
    walk.see("me", "me/*")
    page.click("a[href*='consent/recognition']")
    walk.see("recognition", "consent/recognition")
    page.click("form:has(input[value=agree]) button")
    walk.see("transmission", "consent/transmission")
    page.click("form:has(input[value=agree]) button")
    walk.see("photo")
    walk.choose("[name=photo]", "me.jpg", photo(play.ENROLLED))
    page.click("main form button.btn-primary")
    page.wait_for_selector("section.card-yes", timeout=60_000)
