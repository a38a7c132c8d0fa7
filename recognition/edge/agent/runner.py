"""Start a terminal, keep it running, and stop it cleanly."""

from __future__ import annotations

import fcntl
import logging
import resource
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from recognition.edge.agent import deciding, pairing
from recognition.edge.agent.camera import Eyes, Folder
from recognition.edge.agent.client import Portal
from recognition.edge.agent.clock import Clock
from recognition.edge.agent.control import Commands, Control
from recognition.edge.agent.identity import Keeper
from recognition.edge.agent.syncing import Syncing
from recognition.edge.agent.terminal import Declared, Terminal, load_faces, open_store, remembered_clock
from recognition.engine.protocol import FaceEngine

logger = logging.getLogger(__name__)

GLANCE_SECONDS = 1.0
PAIRING_SECONDS = 5.0
STOP_SECONDS = 3.0


class InUse(RuntimeError):
    """Another process runs in this home."""


@dataclass
class Runner:
    """`stop` may be set from a signal. `eyes` is None for a terminal that is driven by its socket alone."""

    home: Path
    url: str
    engine: FaceEngine
    declared: Declared
    code: str = ""
    authority: str | None = None
    eyes: Eyes | None = None

    def __post_init__(self) -> None:
        self.stop = threading.Event()

    def run(self, *, once: bool = False) -> None:
        """Pair if need be, then work until stopped; with `once` look at every picture of the folder once.

        Raises NotPaired, BadCode, InUse, Damaged, and sqlite3.Error or OSError where the disk takes nothing.
        """
        # No templates in a core dump.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with (self.home / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise InUse(f"Another terminal runs in {self.home}.") from error
            self._run(once=once)

    def _run(self, *, once: bool) -> None:
        keeper, clock = Keeper.open(self.home), Clock()
        portal = Portal(url=self.url, clock=clock, authority=self.authority)
        try:
            report = self.declared.as_report() | {"model": self.engine.model_version}
            pairing.establish(keeper, portal, code=self.code, report=report, wait=self._wait)
            store, templates = open_store(keeper)
            try:
                remembered_clock(store, clock)
                faces = load_faces(store, templates, self.engine)
                terminal = Terminal(keeper, portal, clock, self.engine, self.declared, store, templates, faces)
                self._work(terminal, once=once)
                faces.clear()
            finally:
                store.close()
        finally:
            portal.close()

    def _work(self, terminal: Terminal, *, once: bool) -> None:
        syncing = Syncing(terminal)
        if once:
            syncing.now()
            while isinstance(self.eyes, Folder) and not self.stop.is_set() and self._glance(terminal):
                pass
            syncing.now()
            return
        control = Control(self.home, Commands(terminal, syncing, eyes=self.eyes))
        loop = threading.Thread(target=syncing.loop, name="syncing", daemon=True)
        threading.Thread(target=self._warm_up, name="warming", daemon=True).start()
        try:
            loop.start()
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            while not self.stop.wait(GLANCE_SECONDS):
                while isinstance(self.eyes, Folder) and not self.stop.is_set() and self._glance(terminal):
                    pass
        finally:
            control.close()
            syncing.stop()
            loop.join(timeout=STOP_SECONDS)

    def _glance(self, terminal: Terminal) -> bool:
        """Look at one picture. Return whether there was one."""
        try:
            sight = self.eyes.look() if self.eyes else None
            if sight is None:
                return False
            answer = deciding.look(terminal, photo=sight.photo, person=sight.person)
        except Exception:
            # A picture that cannot be read, a full disk: this door stays shut, and the terminal goes on.
            logger.exception("A picture could not be looked at.")
            return True
        logger.info("%s: the door %s. %s", sight.name, "opens" if answer.allowed else "stays shut", answer.sentence)
        return True

    def _warm_up(self) -> None:
        try:
            self.engine.warm_up()
        except Exception:
            # Said once, here; each face gets its own answer, and cards go on.
            logger.exception("The face model cannot be loaded; faces are out of order.")

    def _wait(self) -> bool:
        return not self.stop.wait(PAIRING_SECONDS)

    def stop_on_signals(self) -> None:
        def stop(number: int, frame: FrameType | None) -> None:
            self.stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
