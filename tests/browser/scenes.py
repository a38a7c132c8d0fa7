"""A resident on a phone and a member at the desk, and what is there before they begin."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page

from tests.browser import stage_rights
from tests.browser.places import Stage
from tests.browser.test_pages import LANGUAGES, open_context, sign_in
from tests.browser.walks import Walk
from tests.rehearsal.play import COLLEAGUE, SLUG
from tests.rehearsal.visitors import Browser as Visitor

PUBLIC, DESK = f"/p/{SLUG}/", f"/t/{SLUG}/"
# The buttons of a resident's and of a member's form.
SEND, SAVE = "main form button.btn-primary", "main form .card-foot button.btn-primary"


@dataclass
class Scene:
    """A resident on a phone and a member at the desk, in one language."""

    stage: Stage
    language: str
    resident: Walk
    desk: Walk

    def say(self, *, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def at(self, path: str) -> str:
        return self.stage.url + path


@contextmanager
def scene(stage: Stage, chromium: Browser, language: str, shots: Path, *, script: bool = True) -> Iterator[Scene]:
    """`shots` begins the names of the screenshots. `script` false: the resident's browser runs no JavaScript."""
    speaks = LANGUAGES[language]
    phone = open_context(chromium, stage, width=390, language=speaks, script=script)
    office = open_context(chromium, stage, width=1280, language=speaks)
    try:
        resident = Walk(phone.new_page(), shots=f"{shots}-resident-{language}", has_script=script)
        desk = Walk(office.new_page(), shots=f"{shots}-desk-{language}")
        found = Scene(stage, language, resident, desk)
        sign_in(found.desk.page, stage, "owner@demo.example")
        yield found
        assert (found.resident.faults, found.desk.faults) == ([], [])
    finally:
        phone.close()
        office.close()


@contextmanager
def sleeping(worker: int) -> Iterator[None]:
    """The worker takes up nothing for a while, as on a busy day."""
    os.kill(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(worker, signal.SIGCONT)


@contextmanager
def member(stage: Stage, email: str = "owner@demo.example") -> Iterator[Visitor]:
    """A member who prepares something, over HTTP."""
    browser = Visitor(stage.url)
    try:
        browser.sign_in(email, stage.password)
        yield browser
    finally:
        browser.close()


def add_person(stage: Stage, *, name: str, phone: str) -> str:
    """Put somebody on file; return their id."""
    about = {"name": name, "phone": phone, "kind": "owner", "age_band": "adult", "room": "3-1202"}
    with member(stage) as owner:
        return str(owner.api("POST", f"properties/{SLUG}/people/", 201, **about)["id"])


def keep_papers(stage: Stage, *, person: str) -> None:
    """Put a legal hold on what somebody wrote: one member asks for it, another one approves it."""
    with member(stage) as owner, member(stage, COLLEAGUE) as other:
        stage_rights.hold(owner, kind="evidence", person=person, reason="仲裁委要求保留书面材料。", approved_by=other)


def row_of(page: Page, number: str) -> Locator:
    return page.locator("main tbody tr", has=page.locator(f"a:text-is('{number}')"))
