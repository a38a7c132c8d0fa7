"""Kills parts of our own stack with SIGKILL, one after the other, at random moments."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from portal.stack.children import Child
from portal.stack.processes import Keeper
from portal.stack.run import Stack


@dataclass
class Victim:
    """Something of ours that may die. `pause` seconds between two deaths leave it time to do some work."""

    name: str
    pid: Callable[[], int | None]
    pause: float
    died_at: float = 0.0

    def kill(self) -> bool:
        """Kill it as a power cut would; say whether there was anything to kill."""
        pid = self.pid()
        if pid is None:
            return False
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        self.died_at = time.monotonic()
        return True


def victims_of(stack: Stack) -> list[Victim]:
    """The face worker, the broker and the database of a stack."""
    return [
        Victim("recognition", running(stack.processes["recognition"]), pause=9.0),
        Victim("valkey", running(servers(stack)["valkey"]), pause=4.0),
        Victim("postgres", running(servers(stack)["postgres"]), pause=7.0),
    ]


def servers(stack: Stack) -> dict[str, Child]:
    return {server.child.name: server.child for server in stack._servers}


def running(child: Child) -> Callable[[], int | None]:
    return lambda: child.pid if child.is_running() else None


class Chaos:
    """While it is entered, victims die until each had its number of deaths, and the keeper starts them again.

    The order and the moments come from `seed`; the machine's own timing does not, so a seed narrows a failure down
    and does not repeat it.
    """

    def __init__(self, stack: Stack, victims: list[Victim], *, deaths: int, seed: int) -> None:
        self._keeper = Keeper(servers(stack) | stack.processes, say=lambda _sentence: None, longest_pause=1.0)
        self._victims = victims
        self._deaths = deaths
        self._random = random.Random(seed)  # noqa: S311 - moments of death, not secrets
        self._over = threading.Event()
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

    @property
    def is_spent(self) -> bool:
        """Whether everything died as often as it was to."""
        return all(self.killed[victim.name] >= self._deaths for victim in self._victims)

    def _keep(self) -> None:
        while not self._over.wait(0.1):
            self._keeper.look()

    def _kill(self) -> None:
        while not self._over.wait(self._random.uniform(0.2, 1.6)) and not self.is_spent:
            now = time.monotonic()
            due = [
                victim
                for victim in self._victims
                if self.killed[victim.name] < self._deaths and now - victim.died_at > victim.pause
            ]
            if due:
                victim = self._random.choice(due)
                self.killed[victim.name] += victim.kill()
