"""Residents on phones and members at desks, and what is there before they begin."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browser import stage_rights
from tests.browser.places import Stage
from tests.browser.test_pages import LANGUAGES, open_context, sign_in
from tests.browser.walks import Clock, Walk
from tests.rehearsal.play import COLLEAGUE, SLUG, Play
from tests.rehearsal.visitors import Browser as Visitor

OWNER = "owner@demo.example"
PUBLIC, DESK = f"/p/{SLUG}/", f"/t/{SLUG}/"
# The buttons of a resident's and of a member's form.
SEND, SAVE = "main form button.btn-primary", "main form .card-foot button.btn-primary"


@dataclass
class Scene:
    """Who goes through the pages, in one language. A walk begins with whoever asks for it first."""

    stage: Stage
    chromium: Browser
    language: str
    # How the names of the screenshots begin.
    shots: Path
    # Whether the resident's browser runs JavaScript.
    script: bool = True
    # Other words are as accessible as Chinese ones; only their length may break a page.
    has_axe: bool = True
    walks: dict[str, Walk] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    _contexts: list[BrowserContext] = field(default_factory=list)

    @cached_property
    def resident(self) -> Walk:
        return self.phone("resident")

    @cached_property
    def desk(self) -> Walk:
        return self.office("desk")

    def phone(self, who: str) -> Walk:
        return self._walk(who, width=390, script=self.script)

    def office(self, who: str, email: str = OWNER) -> Walk:
        """`email` is whose account it is; nobody's when empty."""
        walk = self._walk(who, width=1280)
        if email:
            stay_signed_in(walk.page, self.stage, email)
        return walk

    def say(self, *, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def at(self, path: str) -> str:
        return self.stage.url + path

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _walk(self, who: str, *, width: int, script: bool = True) -> Walk:
        language = LANGUAGES[self.language]
        context = open_context(self.chromium, self.stage, width=width, language=language, script=script)
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        shots = f"{self.shots}-{who}-{self.language}"
        walk = Walk(context.new_page(), shots=shots, has_axe=script and self.has_axe, clock=self.clock)
        self.walks[who] = walk
        return walk


@contextmanager
def scene(stage: Stage, chromium: Browser, language: str, shots: Path, *, script: bool = True) -> Iterator[Scene]:
    """Open a scene; at its end nothing may have been wrong with any screen."""
    found = Scene(stage, chromium, language, shots, script, has_axe=language == "zh")
    try:
        yield found
        assert [fault for walk in found.walks.values() for fault in walk.faults] == []
    finally:
        found.close()


def stay_signed_in(page: Page, stage: Stage, email: str) -> None:
    """Sign in, or go on with the session that an earlier walk left behind: signing in is deliberately slow."""
    if kept := stage.sessions.get(email):
        page.context.add_cookies([{"name": "sessionid", "value": kept, "url": stage.url}])
        return
    sign_in(page, stage, email)
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    stage.sessions[email] = cookies["sessionid"]


@contextmanager
def sleeping(worker: int) -> Iterator[None]:
    """The worker takes up nothing for a while, as on a busy day."""
    os.kill(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(worker, signal.SIGCONT)


@contextmanager
def playing(stage: Stage, slug: str = SLUG) -> Iterator[Play]:
    """The owner of a property, who prepares something over HTTP, and a resident."""
    play = Play(stage.url, stage.password, slug)
    try:
        play.staff.sign_in(OWNER, stage.password)
        yield play
    finally:
        play.close()


@contextmanager
def member(stage: Stage, email: str = OWNER) -> Iterator[Visitor]:
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
