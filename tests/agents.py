"""A reference terminal as its own process, for tests and for the rehearsal: start, ask, stop, kill."""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from recognition.edge.agent.settings import TESTING

ROOT = Path(__file__).resolve().parents[1]
FAKE = ("--engine", "tests.fakes.FakeEngine")


class AgentFailed(AssertionError):
    """The terminal did not start, or ended by itself. The message is what it wrote."""


def short_home() -> Path:
    """A folder whose path is short enough for a socket (108 bytes on Linux), which pytest's are not always."""
    return Path(tempfile.mkdtemp(prefix="agent-"))


@dataclass
class Agent:
    """One terminal in one home. It ends only the process that it started itself."""

    portal: str
    home: Path
    options: Sequence[str] = FAKE
    environment: dict[str, str] = field(default_factory=lambda: {TESTING: "1"})
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.home.with_name(self.home.name + ".log")

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def answers(self) -> bool:
        """Whether its socket answers; it does not while it starts."""
        try:
            self.status()
        except OSError:
            return False
        return True

    def start(self, *, pairing: str = "", seconds: float = 60.0) -> Self:
        """Start it and wait until its socket answers. Raises AgentFailed."""
        process = self.launch(pairing=pairing)
        assert process.stdout
        if not _has_line(process.stdout.fileno(), seconds) or process.stdout.readline() != b"ready\n":
            self.kill()
            raise AgentFailed(self.told())
        return self

    def launch(self, *, pairing: str = "") -> subprocess.Popen[bytes]:
        """Start it and wait for nothing."""
        command = [sys.executable, "-m", "recognition.edge.agent", "--portal", self.portal, "--home", str(self.home)]
        command += ["--pairing", pairing] if pairing else []
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *self.options],
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=ROOT,
                env=os.environ | self.environment,
            )
        return self.process

    def ask(self, command: dict[str, Any], *, seconds: float = 60.0) -> dict[str, Any]:
        """One command, one answer (recognition/edge/agent/control.py). Raises OSError when it is not running."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(seconds)
            line.connect(str(self.home / "control.sock"))
            line.sendall(json.dumps(command).encode() + b"\n")
            with line.makefile("rb") as answers:
                read = answers.readline()
        if not read:
            raise ConnectionError("The terminal closed the line without an answer.")
        return dict(json.loads(read))

    def show(self, picture: Path, *, person: str | None = None) -> dict[str, Any]:
        return self.ask({"show": str(picture), "person": person})

    def enrol(self, person: str, picture: Path) -> dict[str, Any]:
        return self.ask({"enrol": person, "picture": str(picture)})

    def sync(self) -> str:
        """Talk to the portal now; return why it did not work, or nothing."""
        return str(self.ask({"sync": True})["error"])

    def status(self) -> dict[str, Any]:
        return self.ask({"status": True})

    def stop(self, *, seconds: float = 15.0) -> int:
        """SIGTERM, as a service manager does. Return its exit status."""
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self._wait(seconds)

    def kill(self) -> int:
        """As when the power goes: nothing of it runs on."""
        assert self.process
        if self.process.poll() is None:
            self.process.kill()
        return self._wait(15.0)

    def told(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def _wait(self, seconds: float) -> int:
        assert self.process and self.process.stdout
        try:
            status = self.process.wait(seconds)
        finally:
            self.process.stdout.close()
        return status

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process and self.process.poll() is None:
            self.kill()


def _has_line(handle: int, seconds: float) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(handle, selectors.EVENT_READ)
        return bool(selector.select(max(0.0, seconds)))


def once(portal: str, home: Path, *options: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a terminal that ends by itself."""
    command = [sys.executable, "-m", "recognition.edge.agent", "--portal", portal, "--home", str(home), *options]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=60
    )
