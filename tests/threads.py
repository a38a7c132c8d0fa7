"""Two transactions at once, in an order that a test chooses: real threads, real connections, no sleeping."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

PATIENCE = 20.0


class Job:
    """One thread with a database connection of its own. `outcome` is what it returned or raised."""

    def __init__(self, work: Callable[[], Any], *, role: str = "web", pause_before: str = "") -> None:
        self._work, self._role, self._pause_before = work, role, pause_before
        self.outcome: Any = None
        self._is_over = False
        self.reached, self._go = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> "Job":
        self._thread.start()
        return self

    def go_on(self) -> None:
        self._go.set()

    def join(self) -> Any:
        self.go_on()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "The job never ended."
        return self.outcome

    @property
    def is_over(self) -> bool:
        return self._is_over or not self._thread.is_alive()

    def _run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SET ROLE consentry_{self._role}")
            with connection.execute_wrapper(self._pause):
                self.outcome = self._work()
        except Exception as error:
            self.outcome = error
        finally:
            self._is_over = True
            self.reached.set()
            connections.close_all()

    def _pause(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if self._pause_before and self._pause_before in sql and not self.reached.is_set():
            self.reached.set()
            assert self._go.wait(PATIENCE), "Nobody let the job go on."
        return execute(sql, params, many, context)


def interleave(first: Job, second: Job) -> tuple[Any, Any]:
    """Run `first` to its pause, `second` until it ends or waits for a lock, then both to their end."""
    first.start()
    assert first.reached.wait(PATIENCE)
    assert not first.is_over, f"The first job ended before its pause: {first.outcome!r}"
    second.start()
    deadline = time.monotonic() + PATIENCE
    while not second.is_over and not somebody_waits():
        assert time.monotonic() < deadline, "The second job neither ended nor waited."
    return first.join(), second.join()


def together(*jobs: Job) -> list[Any]:
    """Start all at once and return their outcomes."""
    for job in jobs:
        job.start()
    return [job.join() for job in jobs]


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
            "WHERE NOT l.granted AND a.datname = current_database()"
        )
        return cursor.fetchone()[0] > 0
