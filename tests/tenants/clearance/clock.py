"""A clock that a test sets and moves, in place of the one that everything here asks: `django.utils.timezone.now`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from types import TracebackType
from unittest import mock

from django.utils import timezone

# Between two questions a moment passes, as it does outside: what happened later carries the later time.
TICK = timedelta(milliseconds=1)


class Clock:
    """Stands still between two days except for a tick each time somebody looks at it."""

    def __init__(self, starts: datetime) -> None:
        self._now = starts
        self._patch = mock.patch.object(timezone, "now", self._look)

    def __enter__(self) -> "Clock":
        self._patch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._patch.stop()

    @property
    def today(self) -> date:
        """The Beijing day."""
        return timezone.localdate(self._now)

    @property
    def time(self) -> time:
        """The time of the Beijing day."""
        return timezone.localtime(self._now).time()

    def passes(self, *, days: int = 0, minutes: int = 0) -> None:
        self._now += timedelta(days=days, minutes=minutes)

    def reads(self, hour: int) -> None:
        """Go on to the next time the clock reads this full hour in Beijing."""
        local = timezone.localtime(self._now)
        then = local.replace(hour=hour, minute=0, second=0, microsecond=0)
        self._now = then if then > local else then + timedelta(days=1)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Read the same time afterwards as before."""
        before = self._now
        try:
            yield
        finally:
            self._now = before

    def _look(self) -> datetime:
        self._now += TICK
        return self._now
