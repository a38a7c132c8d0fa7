"""Where the chaos happens: a stack that writes durably, a property with one terminal, and people who have agreed."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from portal.stack.layout import ROOT
from portal.stack.run import Stack
from portal.stack.schema import taking_schema
from tests.agents import Agent
from tests.chaos.people import PATIENCE, Resident, persistently
from tests.rehearsal import play
from tests.rehearsal.agents import Door
from tests.rehearsal.visitors import Surprise

PASSWORD = "only-for-the-chaos-5b7a"
OUTER = {
    "SWEEP_SECONDS": "2",
    "PROCESSING_SECONDS": "5",
    "ERASURE_RESEND_SECONDS": "3",
    "PACKAGE_RESEND_SECONDS": "40",
    "CONSENTRY_SETTINGS": "tests.chaos.settings",
}
ACCOUNTS = f"""
from tenants.organizations.models import User
User.objects.create_superuser("admin@demo.example", "{PASSWORD}")
for who in ("owner", "desk"):
    User.objects.create_user(f"{{who}}@demo.example", "{PASSWORD}")
"""
BEFORE_THE_DOOR = (play.open_property, play.sign_in, play.set_up, play.publish)
BEFORE_ANYBODY = (play.assess, play.activate)
# Names and numbers that occur nowhere else: where one is found, it was left behind.
NAME, PHONE = "慕容混沌", "1377700"


@dataclass
class Stage:
    """What the acts share. `counts` holds numbers of one act that a later one must find again."""

    stack: Stack
    agent: Agent
    actors: play.Play
    residents: list[Resident] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database says to its owner, about the property of the play; it may be coming back from a death."""
        found: list[tuple[Any, ...]] = persistently(lambda: self._rows(query, values))
        return found

    def _rows(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.stack.env("owner")["DATABASE_URL_OWNER"]) as connection:
            tenant = connection.execute("SELECT id FROM organizations_property WHERE slug = %s", [play.SLUG]).fetchone()
            assert tenant is not None
            connection.execute("SELECT set_config('consentry.tenant', %s, false)", [str(tenant[0])])
            return connection.execute(query, values or None).fetchall()  # type: ignore[arg-type] - our own words

    def number(self, query: str) -> int:
        return int(self.rows(query)[0][0])


def wait_until(holds: Callable[[], bool], what: str, *, seconds: float = PATIENCE) -> None:
    until = time.monotonic() + seconds
    while not persistently(holds):
        if time.monotonic() > until:
            raise Surprise(f"Not in {seconds:.0f} s: {what}.")
        time.sleep(0.3)


@contextmanager
def stage(*, people: int) -> Iterator[Stage]:
    """Set up everything before the first death."""
    with tempfile.TemporaryDirectory(prefix="consentry-chaos-") as folder, ExitStack() as closing:
        var, temp = Path(folder) / "var", Path(folder) / "tmp"
        temp.mkdir()
        prepare(var)
        outer = OUTER | {"TMPDIR": str(temp)}  # what a death leaves in temp is searched, and nothing of others'
        stack = closing.enter_context(Stack(var=var, seed=False, prepare=False, outer=outer))
        actors = play.Play(url=stack.url, password=PASSWORD)
        closing.callback(actors.close)
        for step in BEFORE_THE_DOOR:
            step(actors)
        door = Door(actors, "混沌终端", home=Path(folder) / "agent")
        closing.callback(door.close)
        door.agent.environment["TMPDIR"] = str(temp)
        door.pair()
        for step in BEFORE_ANYBODY:
            step(actors)
        built = Stage(stack, door.agent, actors)
        for number in range(people):
            resident = resident_of(actors, number)
            closing.callback(resident.close)
            built.residents.append(resident)
            resident.agree()
        yield built


def prepare(var: Path) -> None:
    """Make the tables and two accounts. The demonstration and the static files would cost more than a short play."""
    var.mkdir()
    # The face models are public files, and large: those of this checkout.
    (var / "models").symlink_to(ROOT / "var" / "models")
    with Stack(var=var, processes=(), seed=False, prepare=False, outer=OUTER) as bare:
        with taking_schema(bare.env("owner")["DATABASE_URL_OWNER"]) as is_there:
            if not is_there:
                bare.manage("migrate", "--verbosity", "0")
        bare.manage("shell", "--verbosity", "0", "--command", ACCOUNTS)


def resident_of(actors: play.Play, number: int) -> Resident:
    name = f"{NAME}{number:03d}"
    person, page = actors.person(name)
    phone, address = f"{PHONE}{number:04d}", f"10.77.{number // 250}.{number % 250 + 1}"
    return Resident(actors.url, person=person, page=page, site=actors.site, name=name, phone=phone, address=address)
