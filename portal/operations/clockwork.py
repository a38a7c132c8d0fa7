"""When each entry of the schedule ran last. Kept in the cache: a figure for the health page, and nothing else."""

from datetime import datetime
from typing import Any, NamedTuple

from celery import Task
from celery.signals import task_postrun
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

_DOWN = (RedisError, OSError)
_SINCE = "ran:since"


class Entry(NamedTuple):
    """One entry of the schedule; `last` is None when it did not run since `since`, the first run of any of them.

    Both are forgotten when the cache starts again.
    """

    name: str
    task: str
    seconds: float
    last: datetime | None
    since: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Three turns missed: one may fall out while the workers start again. Nothing ran at all: beat stands still."""
        known = self.last or self.since
        return known is None or (now - known).total_seconds() > 3 * self.seconds + 60


def connect() -> None:
    """Called once, when the application is ready."""
    task_postrun.connect(_note, dispatch_uid="consentry_clockwork", weak=False)


def entries() -> list[Entry]:
    """Return the whole schedule, by name. Raises RedisError while the cache cannot be reached."""
    schedule: dict[str, dict[str, Any]] = settings.CELERY_BEAT_SCHEDULE
    found = cache.get_many([_SINCE, *(_key(entry["task"]) for entry in schedule.values())])
    since = found.get(_SINCE)
    return [
        Entry(name, entry["task"], float(entry["schedule"]), found.get(_key(entry["task"])), since)
        for name, entry in sorted(schedule.items())
    ]


def note(task: str) -> None:
    """Write down that a scheduled task ran now. A cache that is down loses a figure, never a task."""
    try:
        cache.set(_key(task), timezone.now(), timeout=None)
        cache.add(_SINCE, timezone.now(), timeout=None)
    except _DOWN:
        return


def _note(*, task: Task, state: str = "", **_kwargs: Any) -> None:
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    if task.name in scheduled and state == "SUCCESS" and not task.request.is_eager:
        note(task.name)


def _key(task: str) -> str:
    return f"ran:{task}"
