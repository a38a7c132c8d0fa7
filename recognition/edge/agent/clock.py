"""The terminal's time: the portal's clock, carried on by a counter that nobody can set."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from recognition.edge.agent.answers import moment

# Counts on while the machine sleeps, where the system has such a counter.
_TICKS = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def _wall() -> datetime:
    return datetime.now(UTC)


def _ticks() -> float:
    return time.clock_gettime(_TICKS)


def _boot() -> str:
    """The name of the machine's present run, from which the counter counts; empty where there is none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


class Clock:
    """The lease on faces is measured with it, so a machine whose clock is put back must not make it longer."""

    def __init__(
        self,
        *,
        wall: Callable[[], datetime] = _wall,
        ticks: Callable[[], float] = _ticks,
        boot: Callable[[], str] = _boot,
    ) -> None:
        self._wall, self._ticks, self._boot = wall, ticks, boot()
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

    def kept(self) -> dict[str, Any]:
        """What the next start goes on with."""
        now = self.now()
        with self._lock:
            ticks = self._at + (now - self._start).total_seconds()
        offset = (now - self._wall()).total_seconds()
        return {"boot": self._boot, "ticks": ticks, "at": now.isoformat(), "offset": offset}

    def resume(self, held: dict[str, Any]) -> None:
        """Go on with what an earlier run knew.

        While the machine has run on, its counter says how late it is, whatever its clock shows. After a reboot nobody
        can say: a machine without a battery begins where it was switched off, and days may have passed. So until
        the portal has been heard the time is a guess and is not trusted.
        """
        with self._lock:
            if self._is_learned:
                return
            at = moment(held["at"])
            if self._boot and self._boot == held["boot"]:
                self._start, self._at = at, float(held["ticks"])
                self.is_trusted = True
                return
            guess = self._wall() + timedelta(seconds=held["offset"])
            self._start, self._at = max(guess, at), self._ticks()
            self.is_trusted = False
