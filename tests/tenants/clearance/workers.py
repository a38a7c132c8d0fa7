"""The workers, without a broker: what a service sends after its commit waits until a test lets a worker take it up.

Nothing is faked but the wait. The callbacks are those that the services registered themselves, the tasks are the
real ones, and each runs as the database role of the queue to which it is routed.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from celery.signals import task_postrun, task_prerun
from django.test import TestCase

from portal.celery import app
from tests.roles import database_role


@contextmanager
def workers_at_hand() -> Iterator[None]:
    """Let Celery run a task where it is sent, as the role of the workers of its queue; what it raises is raised."""
    running: list[ExitStack] = []

    def begin(task: Any, **_kwargs: object) -> None:
        queue = app.amqp.router.route({}, task.name)["queue"].name
        running.append(ExitStack())
        running[-1].enter_context(database_role("recognition" if queue == "recognition" else "web"))

    def end(**_kwargs: object) -> None:
        running.pop().close()

    told, level = logging.getLogger("celery.app.trace"), logging.getLogger("celery.app.trace").level
    told.setLevel(logging.WARNING)  # not a line for each task that went well
    before = app.conf.task_always_eager, app.conf.task_eager_propagates
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    task_prerun.connect(begin, weak=False)
    task_postrun.connect(end, weak=False)
    try:
        yield
    finally:
        task_prerun.disconnect(begin)
        task_postrun.disconnect(end)
        app.conf.task_always_eager, app.conf.task_eager_propagates = before
        told.setLevel(level)


class Queue:
    """What was sent and not taken up yet, oldest first."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], object]] = []

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Keep what is sent inside: it waits, as behind workers that have much to do."""
        with TestCase.captureOnCommitCallbacks() as sent:
            yield
        self.waiting += sent

    def take_up(self, which: int = 0) -> None:
        """Have a worker do one thing that waits. It may send more, which waits in its turn."""
        with self.collecting():
            self.waiting.pop(which % len(self.waiting))()

    def drain(self) -> None:
        """Have the workers do everything, also what comes of it."""
        while self.waiting:
            self.take_up()

    def lose(self) -> int:
        """Lose everything, as a broker does that crashes; return how much it was."""
        lost = len(self.waiting)
        self.waiting.clear()
        return lost
