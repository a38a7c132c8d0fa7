"""A terminal in this process, at a portal in this process."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from recognition.edge.agent import pairing
from recognition.edge.agent.client import Portal
from recognition.edge.agent.clock import Clock
from recognition.edge.agent.identity import Keeper
from recognition.edge.agent.syncing import Syncing
from recognition.edge.agent.terminal import Declared, Terminal, load_faces, open_store, remembered_clock
from tests.fakes import FakeEngine, face_photo
from tests.recognition.edge.agent.double import Double

LI = uuid.uuid4()  # whose face the terminal of `door` holds


@dataclass
class Time:
    """One time for the portal and, shifted by `error`, for the machine of the terminal."""

    at: datetime = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)  # noon in Beijing
    error: timedelta = timedelta()
    boots: int = 1
    since: float = 0.0  # the counter begins anew with each

    def pass_by(self, **how_long: float) -> None:
        self.at += timedelta(**how_long)

    def clock(self) -> Clock:
        boot = str(self.boots)
        return Clock(wall=lambda: self.at + self.error, ticks=self._ticks, boot=lambda: boot)

    def reboot(self) -> None:
        self.boots += 1
        self.since = self.at.timestamp()

    def _ticks(self) -> float:
        return self.at.timestamp() - self.since


@dataclass
class Machine:
    """A terminal that can be stopped at any line and started again from what is on its disk."""

    home: Path
    portal: Double
    time: Time
    engine: Any = field(default_factory=FakeEngine)
    declared: Declared = field(default_factory=lambda: Declared("dlib-resnet", "19.24"))
    transport: Any = None  # instead of the double's
    terminal: Terminal | None = None

    def start(self, *, code: str = "", transport: Any = None) -> Terminal:
        self.stop()
        clock, keeper = self.time.clock(), Keeper.open(self.home)
        reached = transport or self.transport or self.portal.transport()
        client = Portal(url="http://testserver", clock=clock, transport=reached)
        try:
            pairing.establish(keeper, client, code=code, report=self.declared.as_report(), wait=lambda: False)
        except BaseException:
            client.close()
            raise
        store, templates = open_store(keeper)
        remembered_clock(store, clock)
        faces = load_faces(store, templates, self.engine)
        self.terminal = Terminal(keeper, client, clock, self.engine, self.declared, store, templates, faces)
        return self.terminal

    def sync(self) -> str:
        assert self.terminal
        return Syncing(self.terminal).now()

    def stop(self) -> None:
        if self.terminal:
            self.terminal.store.close()
            self.terminal.portal.close()
            self.terminal = None


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def portal(time: Time) -> Double:
    return Double(now=lambda: time.at)


@pytest.fixture
def make_machine(tmp_path: Path, portal: Double, time: Time) -> Iterator[Callable[[str], Machine]]:
    made: list[Machine] = []

    def make(name: str) -> Machine:
        home = tmp_path / name
        home.mkdir(mode=0o700)
        made.append(Machine(home, portal, time))
        return made[-1]

    yield make
    for machine in made:
        machine.stop()


@pytest.fixture
def machine(make_machine: Callable[[str], Machine], portal: Double) -> Machine:
    """A paired terminal that has heard the portal once."""
    machine = make_machine("terminal")
    machine.start(code=portal.code)
    assert machine.sync() == ""
    return machine


@pytest.fixture
def door(machine: Machine, portal: Double) -> Machine:
    """A terminal that holds the face of Li, who may pass."""
    portal.store(LI, FakeEngine().represent(face_photo("li")).embedding)
    portal.allowed = {str(LI)}
    assert machine.sync() == ""
    return machine
