"""Reference terminals on the stage: each a process of its own with the real engine, on a line that can be cut."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from portal.stack.layout import ROOT
from tests.agents import Agent, short_home
from tests.photos import path_of
from tests.rehearsal.play import PATIENCE, Play
from tests.rehearsal.terminals import DEVICE_FACTS
from tests.rehearsal.visitors import Surprise
from tests.wires import Wire


class Door:
    """One agent, its line to the portal and its device."""

    def __init__(self, play: Play, name: str, *, home: Path | None = None) -> None:
        self.name = name
        self._device = play.device(name, "identify")
        self.id = self._device["id"]
        self.wire = Wire(play.url)
        facts = ["--algorithm", DEVICE_FACTS["algorithm"], "--algorithm-version", DEVICE_FACTS["algorithm_version"]]
        self.agent = Agent(
            self.wire.url,
            home or short_home(),
            options=facts,
            environment={"DEEPFACE_HOME": str(ROOT / "var" / "models")},
        )

    def pair(self) -> None:
        self.agent.start(pairing=self._device["pairing_code"])

    def start(self) -> None:
        self.agent.start()

    def close(self) -> None:
        if self.agent.process and self.agent.process.poll() is None:
            self.agent.stop()
        self.wire.cut()

    def sync(self) -> None:
        error = self.agent.sync()
        assert error == "", f"{self.name}: {error}; {self.agent.told()[-800:]}"

    def show(self, picture: str) -> dict[str, Any]:
        return self.agent.show(path_of(picture))

    def faces(self) -> int:
        return len(self.agent.status()["held"])

    def wait_for_faces(self, number: int) -> None:
        """Talk to the portal until so many faces are here."""
        until = time.monotonic() + PATIENCE
        while self.faces() != number:
            if time.monotonic() > until:
                raise Surprise(f"{self.name} holds {self.faces()} faces and not {number}.")
            self.sync()
            time.sleep(0.2)


def pair_together(play: Play, *names: str) -> list[Door]:
    """Register so many devices and start a terminal for each at the same time: each loads its models."""
    doors = [Door(play, name) for name in names]
    play.things.setdefault("visitors", []).extend(doors)
    with ThreadPoolExecutor(len(doors)) as pool:
        list(pool.map(Door.pair, doors))
    return doors
