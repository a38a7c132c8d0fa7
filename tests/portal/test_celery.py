"""A worker keeps its database connection from task to task, and proves it before it is used again."""

import os
import socket
from types import SimpleNamespace
from typing import Any

import pytest
from celery.fixups.django import DjangoWorkerFixup
from celery.signals import task_postrun, task_prerun
from django.db import connection

from portal.celery import app


class Task:
    def __init__(self, *, is_eager: bool) -> None:
        self.request = SimpleNamespace(is_eager=is_eager)


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.fixture
def worker() -> Any:
    """What runs around a task in a worker: Celery's own care for the database, and ours."""
    fixup = DjangoWorkerFixup(app)
    task = Task(is_eager=False)

    def run() -> int:
        task_prerun.send(sender=task, task=task)
        fixup.on_task_prerun(task)
        found = backend()
        task_postrun.send(sender=task, task=task)
        fixup.on_task_postrun(task)
        return found

    return run


@pytest.mark.django_db(transaction=True)
def test_two_tasks_share_a_connection(worker: Any) -> None:
    assert worker() == worker()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_between_two_tasks_is_replaced(worker: Any) -> None:
    died = worker()
    with socket.socket(fileno=os.dup(connection.connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)  # as when the database has started again meanwhile
    assert worker() != died


@pytest.mark.django_db
def test_a_task_run_at_once_leaves_its_callers_connection_alone() -> None:
    before, task = backend(), Task(is_eager=True)
    task_prerun.send(sender=task, task=task)
    assert backend() == before
    assert connection.in_atomic_block
