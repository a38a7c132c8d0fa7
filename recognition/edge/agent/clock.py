"""The terminal's time: the portal's clock, carried on by a counter that nobody can set."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

# Counts on while the machine sleeps, where the system has such a counter.
_TICKS = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def _wall() -> datetime:
    return datetime.now(UTC)


def _ticks() -> float:
    return time.clock_gettime(_TICKS)


class Clock:
    """The lease on faces is measured with it, so a machine whose clock is put back must not make it longer."""

    def __init__(self, *, wall: Callable[[], datetime] = _wall, ticks: Callable[[], float] = _ticks) -> None:
        self._wall, self._ticks = wall, ticks
        self._lock = threading.Lock()
        self._start, self._at = wall(), ticks()
        self._is_learned = False
        self.is_trusted = True

    def now(self) -> datetime:
        with self._lock:
            return self._start + timedelta(seconds=self._ticks() - self._at)

    def learn(self, server_time: datetime) -> None:
        """Take over the portal's time."""
        with self._lock:
            self._start, self._at = server_time, self._ticks()
            self._is_learned = self.is_trusted = True

    def resume(self, *, offset: float, floor: datetime) -> None:
        """Go on with what an earlier run knew: `offset` seconds from the machine's clock, and later than `floor`.

        A clock that shows less was put back, and is not trusted until the portal has been heard.
        """
        with self._lock:
            if self._is_learned:
                return
            self._start, self._at = self._wall() + timedelta(seconds=offset), self._ticks()
            self.is_trusted = self._start >= floor

    @property
    def offset(self) -> float:
        """Seconds by which the portal's clock is ahead of this machine's, for the next start."""
        return (self.now() - self._wall()).total_seconds()
