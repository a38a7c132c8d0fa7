"""The least time of several rounds: what the machine does besides only ever adds."""

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def fastest(work: Callable[[], Result], *, rounds: int) -> tuple[float, Result]:
    """Return the least seconds that one round took, and what the last one returned."""
    best = float("inf")
    for _round in range(rounds):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def side_by_side(ours: Callable[[], object], rival: Callable[[], object], *, rounds: int) -> tuple[float, float]:
    """Return the least seconds of both, taken in turn: what slows the machine for a while slows both."""
    least = [float("inf"), float("inf")]
    for _round in range(rounds):
        for place, work in enumerate((ours, rival)):
            least[place] = min(least[place], fastest(work, rounds=1)[0])
    return least[0], least[1]
