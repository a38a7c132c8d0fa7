"""The terminal as its own process: killed at any point, it neither loses nor resurrects a template."""

from __future__ import annotations

import random
import shutil
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from recognition.edge.agent import __main__ as agent_main
from recognition.edge.agent.settings import TESTING
from tests.agents import FAKE, Agent, once, short_home
from tests.fakes import face_photo
from tests.recognition.edge.agent.double import Double
from tests.recognition.edge.agent.faces import row_of
from tests.recognition.edge.agent.loopback import listening
from tests.wires import Wire

NOWHERE = "http://127.0.0.1:1"
WORK_SECONDS = 0.006  # about what one order takes: within it the terminal is killed
PEOPLE = [uuid.UUID(int=number) for number in range(1, 9)]


@pytest.fixture
def home() -> Iterator[Path]:
    place = short_home()
    yield place
    place.with_name(place.name + ".log").unlink(missing_ok=True)
    shutil.rmtree(place)


def picture(folder: Path, who: str) -> Path:
    place = folder / f"{who}.jpg"
    place.write_bytes(face_photo(who))
    return place


def test_a_terminal_is_paired_driven_and_stopped(home: Path, tmp_path: Path) -> None:
    portal = Double()
    li = PEOPLE[0]
    portal.allowed, portal.cards = {str(li)}, {"04A1"}
    enrol = portal.order("enrol", li, until=None)
    with listening(portal) as url, Agent(url, home) as agent:
        agent.start(pairing=portal.code)
        assert agent.sync() == ""
        assert agent.status()["to_enrol"] == [str(li)]
        assert (home / "control.sock").stat().st_mode & 0o777 == 0o600
        assert home.stat().st_mode & 0o777 == 0o700
        assert agent.enrol(str(PEOPLE[1]), picture(tmp_path, "li")) == {"error": "not_ordered"}
        assert agent.enrol(str(li), picture(tmp_path, "li"))["enrolled"]
        assert agent.sync() == ""
        assert portal.outcome(enrol)["outcome"] == "done"
        assert agent.show(picture(tmp_path, "li"))["allowed"]
        assert agent.show(picture(tmp_path, "stranger"))["rule"] == "no_match"
        assert agent.ask({"card": "04A1"})["allowed"]
        assert agent.ask({"pin": {"number": "1", "pin": "2"}})["rule"] == "pass_unknown_card"
        assert agent.ask({"dance": 1})["error"] == "bad_command"
        assert agent.stop() == 0, agent.told()
        assert not (home / "control.sock").exists()
        agent.start()
        assert agent.status()["held"] == [str(li)]
        with pytest.raises(AssertionError, match="Another terminal runs"):
            Agent(url, home).start()
        assert agent.stop() == 0


def test_a_line_that_is_cut_stops_neither_the_door_nor_the_report(home: Path, tmp_path: Path) -> None:
    portal = Double()
    portal.allowed, portal.cards = {str(PEOPLE[0])}, {"04A1"}
    portal.store(PEOPLE[0], row_of("li"))
    with listening(portal) as url, Wire(url) as wire, Agent(wire.url, home) as agent:
        agent.start(pairing=portal.code)
        assert agent.sync() == ""
        assert agent.ask({"card": "04A1"})["allowed"]
        wire.cut()
        answer = agent.show(picture(tmp_path, "li"))
        assert (answer["allowed"], answer["alone"]) == (True, True), agent.told()
        assert agent.ask({"card": "04A1"})["alone"]
        assert agent.ask({"qr": "CP1.x.1"})["rule"] == "pass_out_of_order"
        assert agent.sync() == "unreachable"
        wire.mend()
        assert agent.sync() == ""
        assert not agent.show(picture(tmp_path, "li"))["alone"]
        assert agent.stop() == 0
    assert [event["rule"] for event in portal.events.values()] == ["matched", "pass_allowed", "pass_out_of_order"]


def test_a_folder_of_pictures_is_looked_at_once(home: Path, tmp_path: Path) -> None:
    portal = Double()
    portal.store(PEOPLE[0], row_of("li"))
    picture(tmp_path, "li")
    picture(tmp_path, "stranger")
    options = ("--pairing", portal.code, "--pictures", str(tmp_path), "--once", *FAKE)
    with listening(portal) as url:
        ran = once(url, home, *options, environment={TESTING: "1"})
    assert ran.returncode == 0, ran.stderr
    assert portal.calls.count("decide/") == 1
    assert [event["rule"] for event in portal.events.values()] == ["no_match"]


def test_a_stand_in_engine_opens_no_door(home: Path) -> None:
    ran = once(NOWHERE, home, *FAKE, environment={TESTING: ""})
    assert ran.returncode == 2
    assert "a stand-in may run in tests only" in ran.stderr


@pytest.mark.parametrize(
    ("address", "is_private"),
    [
        ("https://door.example", True),
        ("http://127.0.0.1:8000", True),
        ("http://door.example", False),
        ("http://127.0.0.1.example", False),
        ("door.example", False),
    ],
)
def test_nobody_on_the_way_may_answer_for_the_portal(address: str, is_private: bool) -> None:
    assert agent_main.is_private(address) == is_private


def test_a_portal_in_clear_is_refused(home: Path) -> None:
    ran = once("http://door.example", home, *FAKE, environment={TESTING: "1"})
    assert ran.returncode == 2
    assert "https://" in ran.stderr


def test_a_terminal_that_is_not_paired_says_what_to_do(home: Path) -> None:
    ran = once(NOWHERE, home, *FAKE, environment={TESTING: "1"})
    assert ran.returncode == 2
    assert "--pairing" in ran.stderr
    ran = once(NOWHERE, home, "--ask", '{"status": true}', environment={})
    assert ran.returncode == 2


class Killing:
    """Kills the terminal at a point drawn from a seed: as it asks, before it hears, or in the middle of its work."""

    def __init__(self, agent: Agent, portal: Double, draw: random.Random) -> None:
        self.agent, self.draw = agent, draw
        self.killed = threading.Event()
        self.requests = draw.randrange(1, 16)  # it dies about this one
        self.point = draw.choice(["before", "after", "within", "within"])
        self.timer = threading.Timer(draw.random() * WORK_SECONDS, self.now)
        portal.ignores, portal.loses = self.before, self.after

    def before(self, name: str) -> bool:
        self.requests -= 1
        if self.requests != 0 or self.point != "before":
            return False
        return self.now()

    def after(self, name: str) -> bool:
        if self.requests != 0 or self.point == "before":
            return False
        if self.point == "after":
            return self.now()
        self.timer.start()
        return False

    def now(self) -> bool:
        assert self.agent.process
        self.agent.process.kill()
        self.killed.set()
        return True


def order_at_random(portal: Double, draw: random.Random, *, count: int) -> dict[uuid.UUID, str]:
    """Order this and that, and return who must be held at the end, and by which face."""
    wanted: dict[uuid.UUID, str] = {}
    for number in range(count):
        person = draw.choice(PEOPLE)
        kind = draw.choices(["store", "delete", "suspend", "resume", "wipe", "rotate"], [8, 4, 1, 1, 0.3, 0.3])[0]
        if kind == "store":
            wanted[person] = f"{person} {number}"
            portal.store(person, row_of(wanted[person]))
        elif kind in {"wipe", "rotate"}:
            portal.order(kind)
            wanted = {} if kind == "wipe" else wanted
        else:
            portal.order(kind, person)
            if kind == "delete":
                wanted.pop(person, None)
    for person in PEOPLE:
        portal.order("resume", person)
    return wanted


def survive(home: Path, tmp_path: Path, *, seed: int, orders: int, kills: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a repeatable play, no secret
    portal = Double(allowed={str(person) for person in PEOPLE})
    with listening(portal) as url, Agent(url, home) as agent:
        agent.start(pairing=portal.code)
        agent.kill()
        wanted = order_at_random(portal, draw, count=orders)
        for _kill in range(kills):
            killing = Killing(agent, portal, draw)
            agent.launch()
            assert killing.killed.wait(20), f"seed {seed}: it made too few requests"
            agent.kill()
        portal.ignores = portal.loses = lambda name: False
        agent.start()
        assert agent.sync() == "", f"seed {seed}: {agent.told()}"
        status = agent.status()
        assert (status["receipts"], status["suspended"]) == (0, [])
        assert set(status["held"]) == {str(person) for person in wanted}, f"seed {seed}"
        assert set(portal.receipts) == {order["number"] for order in portal.orders}, f"seed {seed}"
        for person, who in wanted.items():
            answer = agent.show(picture(tmp_path, who))
            assert answer["allowed"], f"seed {seed}: {person}"
        agent.kill()
    everybody = [order["rows"].astype("<f4").tobytes() for order in portal.orders if order["kind"] == "store"]
    for path in [*home.rglob("*"), agent.log]:
        if path.is_file():
            content = path.read_bytes()
            assert not any(row[start : start + 16] in content for row in everybody for start in (0, 100, 400)), path


def test_killed_at_random_points_it_neither_loses_nor_resurrects_a_template(home: Path, tmp_path: Path) -> None:
    survive(home, tmp_path, seed=2, orders=80, kills=10)
