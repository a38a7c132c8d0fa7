"""Kills parts of our own stack with SIGKILL, one after the other, at random moments, and starts them again."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from portal.stack.children import Child
from portal.stack.processes import Keeper
from portal.stack.run import Stack
from tests.agents import Agent, AgentFailed

RECOVERY_SECONDS = 60.0
LOOK_SECONDS = 0.1
_KILLED = -signal.SIGKILL
FACES = ("recognition", "valkey", "postgres", "agent")
PAPERS = ("default", "job", "beat", "valkey", "postgres")  # who builds packages, signs, and looks at the clock
ALL = (*FACES, "default", "job", "beat")


@dataclass
class Victim:
    """Something of ours that may die. `pause` seconds between two deaths leave it time to do some work."""

    name: str
    pid: Callable[[], int | None]
    pause: float
    with_children: bool = False  # all of its process group at the same moment
    died_at: float = 0.0

    def kill(self) -> bool:
        """Kill it as a power cut would; say whether there was anything to kill."""
        pid = self.pid()
        if pid is None:
            return False
        try:
            (os.killpg if self.with_children else os.kill)(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        self.died_at = time.monotonic()
        return True


def victims_of(stack: Stack, agent: Agent, names: Sequence[str] = ALL) -> list[Victim]:
    """The workers, the clock, the broker and the database of a stack, and the terminal at its door.

    `default` is the worker with its pool; `job` is one process of the pool, as when the machine has no memory left.
    """
    victims = [
        Victim("recognition", running(stack.children["recognition"]), pause=9.0),
        Victim("valkey", running(stack.children["valkey"]), pause=4.0),
        Victim("postgres", running(stack.children["postgres"]), pause=7.0),
        Victim("agent", lambda: agent.process.pid if agent.is_running else None, pause=4.0),
        Victim("default", running(stack.children["default"]), pause=12.0, with_children=True),
        Victim("job", one_of_pool(stack.children["default"]), pause=4.0),
        Victim("beat", running(stack.children["beat"]), pause=4.0),
    ]
    return [victim for victim in victims if victim.name in names]


def running(child: Child) -> Callable[[], int | None]:
    return lambda: child.pid if child.is_running() else None


def one_of_pool(child: Child) -> Callable[[], int | None]:
    """Any process of a worker's pool, busy or not."""

    def pid() -> int | None:
        if child.pid is None or not child.is_running():
            return None
        try:
            found = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
        except OSError:
            return None
        return int(random.choice(found)) if found else None  # noqa: S311 - who dies, not a secret

    return pid


class Chaos:
    """While it is entered, victims die until each had its number of deaths, and what died is started again.

    The order and the moments come from `seed`; the machine's own timing does not, so a seed narrows a failure down
    and does not repeat it. When it is left, everything runs again.
    """

    def __init__(self, stack: Stack, agent: Agent, *, deaths: int, seed: int, victims: Sequence[str] = ALL) -> None:
        self._children, self._agent = stack.children, agent
        # Not slower each time, as for a part that dies by itself: here each death is one of ours.
        self._keeper = Keeper(self._children, say=lambda _sentence: None, longest_pause=1.0)
        self._victims = victims_of(stack, agent, victims)
        self._deaths = deaths
        self._random = random.Random(seed)  # noqa: S311 - moments of death, not secrets
        self._over = threading.Event()
        self._failure: AgentFailed | None = None
        self._threads = [threading.Thread(target=self._keep), threading.Thread(target=self._kill)]
        self.killed: Counter[str] = Counter()

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        if error is None:
            self.recover()

    @property
    def is_spent(self) -> bool:
        """Whether everything died as often as it was to. Raises AgentFailed when the terminal ended by itself."""
        if self._failure is not None:
            raise self._failure
        return all(self.killed[victim.name] >= self._deaths for victim in self._victims)

    def recover(self) -> None:
        """Start what is dead until everything runs. Raises AssertionError when it does not come."""
        until = time.monotonic() + RECOVERY_SECONDS
        while not self._is_well():
            assert time.monotonic() < until, f"Not everything runs again after {RECOVERY_SECONDS:.0f} s."
            self._revive()
            time.sleep(LOOK_SECONDS)

    def _is_well(self) -> bool:
        if self._failure is not None:
            raise self._failure
        return all(child.is_running() for child in self._children.values()) and self._agent.answers()

    def _keep(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self._revive()

    def _revive(self) -> None:
        self._keeper.look()
        if self._agent.is_running or self._failure is not None:
            return
        status = self._agent.kill()
        if status != _KILLED:  # a terminal that comes back from a death and gives up is what we look for
            self._failure = AgentFailed(f"The terminal ended by itself ({status}): {self._agent.told()[-2000:]}")
            return
        self._agent.launch()

    def _kill(self) -> None:
        while not self._over.wait(self._random.uniform(0.2, 1.6)):
            now = time.monotonic()
            due = [
                victim
                for victim in self._victims
                if self.killed[victim.name] < self._deaths and now - victim.died_at > victim.pause
            ]
            if due:
                victim = self._random.choice(due)
                self.killed[victim.name] += victim.kill()


def die_together(stack: Stack, agent: Agent) -> None:
    """Kill everything at the same moment, as when the power of the house goes, and start it again."""
    chaos = Chaos(stack, agent, deaths=1, seed=0)
    for victim in victims_of(stack, agent, [name for name in ALL if name != "job"]):
        assert victim.kill(), f"{victim.name} did not run."
    chaos.recover()
