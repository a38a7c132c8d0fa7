"""Faces come and go while parts of the stack die; afterwards everything is counted."""

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from portal.stack.layout import ROOT
from portal.stack.run import Stack
from tests.agents import Agent
from tests.chaos.killing import Chaos, die_together
from tests.chaos.people import PATIENCE, Resident, persistently
from tests.photos import photo
from tests.rehearsal import play
from tests.rehearsal.agents import Door
from tests.rehearsal.visitors import Surprise

PASSWORD = "only-for-the-chaos-5b7a"
OUTER = {
    "DEMO_PASSWORD": PASSWORD,
    "SWEEP_SECONDS": "2",
    "PROCESSING_SECONDS": "5",
    "ERASURE_RESEND_SECONDS": "3",
    "CONSENTRY_SETTINGS": "tests.chaos.settings",
}
BEFORE_THE_DOOR = (play.open_property, play.sign_in, play.set_up, play.publish)
BEFORE_ANYBODY = (play.assess, play.activate)
AT_ONCE = 3  # residents who press a button at the same time


@dataclass
class Stage:
    """A stack that writes durably, a property with one terminal, and people who have agreed."""

    stack: Stack
    agent: Agent
    residents: list[Resident] = field(default_factory=list)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database says to its owner, about the property of the play; it may be coming back from a death."""
        found: list[tuple[Any, ...]] = persistently(lambda: self._rows(query))
        return found

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.stack.env("owner")["DATABASE_URL_OWNER"]) as connection:
            tenant = connection.execute("SELECT id FROM organizations_property WHERE slug = %s", [play.SLUG]).fetchone()
            assert tenant is not None
            connection.execute("SELECT set_config('consentry.tenant', %s, false)", [str(tenant[0])])
            return connection.execute(query).fetchall()  # type: ignore[arg-type] - our own words

    def number(self, query: str) -> int:
        return int(self.rows(query)[0][0])


@contextmanager
def stage(*, people: int) -> Iterator[Stage]:
    """Set up everything before the first death."""
    with tempfile.TemporaryDirectory(prefix="consentry-chaos-") as folder, ExitStack() as closing:
        var = Path(folder) / "var"
        var.mkdir()
        # The face models are public files, and large: those of this checkout.
        (var / "models").symlink_to(ROOT / "var" / "models")
        stack = closing.enter_context(Stack(var=var, seed=True, outer=OUTER))
        actors = play.Play(url=stack.url, password=PASSWORD)
        closing.callback(actors.close)
        for step in BEFORE_THE_DOOR:
            step(actors)
        door = Door(actors, "混沌终端", home=Path(folder) / "agent")
        closing.callback(door.close)
        door.pair()
        for step in BEFORE_ANYBODY:
            step(actors)
        built = Stage(stack, door.agent)
        for number in range(people):
            person, page = actors.person(f"住户{number}")
            resident = Resident(stack.url, person=person, page=page, site=actors.site)
            closing.callback(resident.close)
            built.residents.append(resident)
            resident.agree()
        yield built


def all_at_once(stage: Stage, act: Any, *, deaths: int, seed: int) -> Chaos:
    """Let everybody act while things die; go on until all have acted and everything has died often enough."""
    with Chaos(stage.stack, stage.agent, deaths=deaths, seed=seed) as chaos, ThreadPoolExecutor(AT_ONCE) as pool:
        for outcome in [pool.submit(act, resident) for resident in stage.residents]:
            outcome.result()
        wait_until(lambda: chaos.is_spent, "everything has died")
    return chaos


def wait_until(holds: Any, what: str, *, seconds: float = PATIENCE) -> None:
    until = time.monotonic() + seconds
    while not persistently(holds):
        if time.monotonic() > until:
            raise Surprise(f"Not in {seconds:.0f} s: {what}.")
        time.sleep(0.3)


def enrol_everybody(stage: Stage, *, deaths: int, seed: int) -> Chaos:
    """Everybody enrols; afterwards every accepted photo has one template or a reason, and no photo is left."""
    picture = photo(play.ENROLLED)
    chaos = all_at_once(stage, lambda resident: resident.enrol(picture), deaths=deaths, seed=seed)
    wait_until(lambda: all_settled(stage), "every attempt has ended")
    for person, done, templates in stage.rows(
        """SELECT person.id, (SELECT count(*) FROM enrollment_enrollment attempt
             WHERE attempt.person_id = person.id AND attempt.state = 'done'),
           (SELECT count(*) FROM vault_facetemplate template WHERE template.person_id = person.id)
           FROM people_person person WHERE person.face_state = 'enrolled'"""
    ):
        assert 1 <= done == templates, f"{person}: {done} enrolments made {templates} templates"
    assert stage.number("SELECT count(*) FROM people_person WHERE face_state = 'enrolled'") == len(stage.residents)
    assert sorted(stage.agent.status()["held"]) == sorted(resident.person for resident in stage.residents)
    return chaos


def all_settled(stage: Stage) -> bool:
    waiting = stage.number("SELECT count(*) FROM enrollment_enrollment WHERE state IN ('queued', 'processing')")
    photos = stage.number("SELECT count(*) FROM enrollment_capture")
    copies = stage.number("SELECT count(*) FROM edge_devicecopy WHERE state = 'held'")
    return (waiting, photos) == (0, 0) and copies >= len(stage.residents)


def erase_everybody(stage: Stage, *, deaths: int, seed: int) -> Chaos:
    """Everybody withdraws; afterwards nothing of a face is anywhere, and each erasure has all its receipts."""
    chaos = all_at_once(stage, lambda resident: resident.withdraw(), deaths=deaths, seed=seed)
    wait_until(
        lambda: stage.number("SELECT count(*) FROM rights_erasure WHERE completed_at IS NULL") == 0,
        "every erasure is complete",
    )
    nothing_is_left(stage)
    return chaos


def nothing_is_left(stage: Stage) -> None:
    """No template, no living key, no photo, no copy on the terminal, and one erasure a person."""
    people = len(stage.residents)
    assert stage.number("SELECT count(*) FROM vault_facetemplate") == 0
    assert stage.number("SELECT count(*) FROM vault_personkey WHERE destroyed_at IS NULL") == 0
    assert stage.number("SELECT count(*) FROM enrollment_capture") == 0
    assert stage.number("SELECT count(*) FROM edge_devicecopy WHERE state <> 'gone'") == 0
    assert stage.number("SELECT count(*) FROM edge_deviceorder WHERE sealed IS NOT NULL") == 0
    assert stage.rows("SELECT count(*), count(DISTINCT person_id) FROM rights_erasure") == [(people, people)]
    status = stage.agent.status()
    assert (status["held"], status["to_enrol"], status["receipts"]) == ([], [], 0), status


def nothing_comes_back(stage: Stage) -> None:
    """Everything dies at the same moment, and starts again; what is gone stays gone."""
    die_together(stage.stack, stage.agent)
    wait_until(lambda: stage.agent.sync() == "", "the terminal has heard the portal again")
    nothing_is_left(stage)
