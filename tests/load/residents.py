"""Residents who read: each a connection, an address, pages of their own, and time between them."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.load.wire import Answer, Wire

PAUSE = (5.0, 15.0)  # seconds for one page of a notice or a question


@dataclass
class Heard:
    """What residents were answered in one phase, in milliseconds."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def add(self, answer: Answer) -> None:
        self.times.append(answer.seconds * 1000)
        self.statuses[answer.status] += 1

    def at(self, share: float) -> float:
        """The time within which that share of all pages came."""
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * share))]

    def line(self, name: str) -> str:
        shown = ", ".join(f"{status} × {number}" for status, number in sorted(self.statuses.items()))
        return (
            f"{name:<22} p50 {self.at(0.5):6.1f} ms   p95 {self.at(0.95):6.1f} ms   p99 {self.at(0.99):6.1f} ms   "
            f"longest {max(self.times):6.1f} ms   {shown}"
        )


@dataclass
class Crowd:
    """All residents; `phase` is where what they hear is written, None while nothing is measured."""

    port: int
    residents: Sequence[tuple[str, Sequence[str]]]  # address and paths
    seed: int = 1
    phase: Heard | None = None
    over: bool = False

    async def read(self, number: int) -> None:
        """One resident, until it is over."""
        address, paths = self.residents[number]
        chance = random.Random(self.seed * 100_000 + number)  # noqa: S311 - pauses, nothing secret
        wire = Wire("127.0.0.1", self.port, address)
        await asyncio.sleep(chance.uniform(0, PAUSE[1]))
        while not self.over:
            phase = self.phase  # a page belongs to the phase in which it was asked for
            answer = await wire.get(chance.choice(paths))
            if phase is not None:
                phase.add(answer)
            until = time.monotonic() + chance.uniform(*PAUSE)
            while not self.over and (left := until - time.monotonic()) > 0:
                await asyncio.sleep(min(left, 1.0))
        wire.close()
