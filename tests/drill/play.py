"""The steps of the restore drill. Each docstring is the line that is printed."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from portal.stack.layout import ROOT
from portal.stack.preflight import free_port
from portal.stack.run import Stack
from tests.chaos.people import Resident
from tests.drill.backups import Backup, ask, refuses
from tests.drill.knocking import Knocker
from tests.photos import photo
from tests.rehearsal import play
from tests.rehearsal.visitors import Surprise, Terminal

PASSWORD = "only-for-the-drill-2d4e"
OUTER = {"DEMO_PASSWORD": PASSWORD, "SWEEP_SECONDS": "2", "CONSENTRY_SETTINGS": "tests.chaos.settings"}
AT_ONCE = 3
PATIENCE = 240.0
OPEN = "SELECT count(*) FROM rights_erasure WHERE completed_at IS NULL"
DONE = "SELECT count(*) FROM rights_erasure WHERE completed_at IS NOT NULL"
CERTIFICATES = "SELECT count(*) FROM rights_certificate"
EVIDENCE = ("people_consent", "rights_erasure", "rights_erasurereceipt", "rights_certificate", "clearance_clearance")


@dataclass
class Drill:
    """What the steps share. `said` is what the stack and its commands printed since it was last started or restored."""

    people: int
    folder: Path
    port: int = field(default_factory=free_port)
    said: list[str] = field(default_factory=list)
    residents: list[Resident] = field(default_factory=list)
    kept: Resident | None = None
    door: Terminal | None = None
    closing: ExitStack = field(default_factory=ExitStack)
    _backup: Backup | None = None
    _stack: Stack | None = None
    _knocker: Knocker | None = None

    @property
    def stack(self) -> Stack:
        assert self._stack is not None
        return self._stack

    @property
    def knocker(self) -> Knocker:
        assert self._knocker is not None
        return self._knocker

    @property
    def backup(self) -> Backup:
        assert self._backup is not None
        return self._backup

    @property
    def var(self) -> Path:
        return self.folder / "var"

    def start(self, **about: object) -> None:
        self.said.clear()
        self._stack = Stack(
            **{"var": self.var, "port": self.port, "outer": OUTER, "say": self.said.append} | about  # type: ignore[arg-type]
        )
        self._stack.__enter__()

    def stop(self) -> None:
        if self._stack is not None:
            self._stack.stop()
            self._stack = None

    def number(self, query: str) -> int:
        return int(ask(self.stack, query)[0][0])

    def wait_until(self, holds: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < until, f"After {PATIENCE:.0f} s it does not hold that {what}."
            if self._knocker is not None:
                self._knocker.hold()
            time.sleep(0.3)

    def all_erased(self) -> None:
        """Wait until every erasure is complete, with its certificate."""
        for query, what in ((DONE, "every erasure is complete"), (CERTIFICATES, "each has its certificate")):
            self.wait_until(lambda query=query: self.number(query) == self.people, what)  # type: ignore[misc]
        assert self.number(OPEN) == 0


@contextmanager
def drill(*, people: int, folder: Path) -> Iterator[Drill]:
    """A state folder of its own; whatever happens, nothing runs afterwards."""
    var = folder / "var"
    var.mkdir()
    (var / "models").symlink_to(ROOT / "var" / "models")  # public files, and large
    made = Drill(people=people, folder=folder)
    try:
        yield made
    finally:
        made.closing.close()
        made.stop()


def start(drill: Drill) -> None:
    """a property with a lawful door is set up"""
    drill.start()
    actors = play.Play(url=drill.stack.url, password=PASSWORD)
    drill.closing.callback(actors.close)
    for step in play._LAWFUL:
        step(actors)
    drill.door = actors.things["verify"]
    for number in range(drill.people + 1):
        person, page = actors.person(f"住户{number}")
        resident = Resident(drill.stack.url, person=person, page=page, site=actors.site)
        drill.closing.callback(resident.close)
        drill.residents.append(resident)
    drill.kept = drill.residents.pop()


def enrol(drill: Drill) -> None:
    """everybody agrees and enrols, and their faces open the door"""
    assert drill.kept is not None
    assert drill.door is not None

    def comes_in(resident: Resident) -> None:
        resident.agree()
        resident.enrol(photo(play.OTHER if resident is drill.kept else play.ENROLLED))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(comes_in, [*drill.residents, drill.kept]))
    for resident in [*drill.residents, drill.kept]:
        answer = drill.door.decide(resident.person)
        assert answer["allowed"], answer
    answer = drill.door.ask(photo(play.SAME), person=drill.residents[0].person)
    assert answer["allowed"], answer


def back_up(drill: Drill) -> None:
    """a backup is made, sealed to a key that lies elsewhere"""
    drill._backup = Backup.into(drill.folder)
    drill.backup.make(drill.stack)


def erase(drill: Drill) -> None:
    """everybody but one withdraws, and every erasure is complete, with receipts and certificate"""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda resident: resident.withdraw(), drill.residents))
    drill.all_erased()
    drill.wait_until(
        lambda: drill.number("SELECT count(*) FROM rights_erasure WHERE ledger_number IS NULL") == 0,
        "each is in the ledger",
    )


def bring_back(drill: Drill) -> None:
    """everything stops, the old backup is restored into an empty database, and the ledger orders every erasure again"""
    drill.stop()
    told = drill.backup.bring_back(drill.var, OUTER)
    assert f"{drill.people} erasures ordered again, 0 known" in told, told
    drill.start(processes=(), seed=False, prepare=False)
    assert drill.number(OPEN) == drill.people
    assert drill.number("SELECT count(*) FROM people_person WHERE face_state = 'enrolled'") == 1
    assert drill.number("SELECT count(*) FROM vault_personkey WHERE destroyed_at IS NULL") == 1
    drill.stop()
    drill.said[:] = told.splitlines()


def start_again(drill: Drill) -> None:
    """somebody knocks for erased people while the stack starts: from its first answer on nobody comes in"""
    assert drill.door is not None
    assert drill.kept is not None
    erased = [resident.person for resident in drill.residents]
    drill._knocker = drill.closing.enter_context(Knocker(drill.door, erased=erased, kept=drill.kept.person))
    drill.start(seed=False)
    drill.knocker.wait_for(60)
    assert not [line for line in drill.said if "ordered again" in line], "there was nothing left to order"


def is_erased_again(drill: Drill) -> None:
    """every erasure is complete again, with receipts and certificate, and the one who stayed still comes in"""
    drill.all_erased()
    drill.knocker.wait_for(60)
    assert drill.knocker.kept_came_in, "nobody came in at all: the door is dead"


def restore_while_it_runs(drill: Drill) -> None:
    """the old backup is put over the running portal, no ledger asked: nobody comes in before the sweep, nor after it"""
    before = drill.knocker.rules["not_cleared"]
    drill.backup.slip_in(drill.stack)
    drill.knocker.wait_for(20)
    drill.all_erased()
    drill.knocker.wait_for(60)
    assert drill.knocker.rules["not_cleared"] > before


def forget_and_start(drill: Drill) -> None:
    """the same while everything is stopped: the stack notices the older database by itself and replays the ledger"""
    drill.stop()
    drill.start(processes=(), seed=False, prepare=False)
    drill.backup.slip_in(drill.stack)
    forgets_everything(drill)
    drill.stop()
    drill.start(seed=False)
    assert [line for line in drill.said if f"{drill.people} erasures ordered again" in line], drill.said
    drill.all_erased()
    drill.knocker.wait_for(60)


def forgets_everything(drill: Drill) -> None:
    assert drill.number("SELECT count(*) FROM rights_erasure") == 0
    assert drill.number("SELECT count(*) FROM people_person WHERE face_state = 'enrolled'") == drill.people + 1
    assert drill.number("SELECT count(*) FROM vault_personkey WHERE destroyed_at IS NULL") == drill.people + 1


def verify(drill: Drill) -> None:
    """the ledger is whole, and the owner of the tables can delete none of the evidence"""
    assert "faults: []" in drill.stack.manage("verify_ledger", role="web")
    for table in EVIDENCE:
        for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):  # noqa: S608 - our own words
            assert refuses(drill.stack, statement), statement


def summary(drill: Drill) -> None:
    """nobody came in at any knock"""
    knocker = drill.knocker
    knocker.hold()
    assert knocker.answered > knocker.kept_came_in > 0


STEPS: tuple[Callable[[Drill], None], ...] = (
    start, enrol, back_up, erase, bring_back, start_again, is_erased_again, restore_while_it_runs, forget_and_start,
    verify, summary,
)  # fmt: skip
FAILURES = (Surprise, AssertionError, LookupError)
