"""Properties of a journey's own, so that what is changed there changes nothing for others. Made over HTTP."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from tests.browser.places import Stage
from tests.browser.scenes import OWNER
from tests.rehearsal import play
from tests.rehearsal.play import Play
from tests.rehearsal.texts import NOTICE
from tests.rehearsal.visitors import Browser as Visitor


def add(stage: Stage) -> str:
    """What the platform's staff do before: a property of a handler with its contract and its owner. Return its slug."""
    number = f"{secrets.randbelow(10**6):06}"
    admin = Visitor(stage.url)
    try:
        admin.sign_in("admin@demo.example", stage.password)
        play.add_property(admin, slug=f"new-court-{number}", name=f"新苑 {number}", name_en=f"New Court {number}")
    finally:
        admin.close()
    return f"new-court-{number}"


@contextmanager
def published(stage: Stage, *, takes_children: bool = False, **more: str) -> Iterator[Play]:
    """A property with a door and a notice in force, which keeps faces on its terminals. `more` stands in the notice."""
    there = Play(stage.url, stage.password, add(stage))
    try:
        there.staff.sign_in(OWNER, stage.password)
        there.site("PATCH", "", allows_under_14=takes_children)
        play.build(there)
        draft = f"notices/{there.site('POST', 'notices/')['id']}/"
        there.site("PATCH", draft, **NOTICE | more)
        there.site("POST", f"{draft}publish/")
        yield there
    finally:
        there.close()
