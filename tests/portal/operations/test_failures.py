"""A task that failed for good: kept by its ids, sent again by a command or a page, and forgotten after a month."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from auditlog.models import LogEntry
from celery import Celery
from celery.signals import task_failure
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from portal.celery import app
from portal.operations import failures
from portal.operations.models import FailedTask
from tenants.organizations.models import User
from tests.roles import database_role

pytestmark = pytest.mark.django_db


def failed(task: str = "rights.certify", *args: object, **kwargs: object) -> FailedTask:
    given = args or (str(uuid.uuid4()), str(uuid.uuid4()))
    return failures.record(task=task, error=ValueError("13800138000 李阿姨"), args=given, kwargs=kwargs)


def waiting() -> int:
    with app.connection_for_read() as broker:
        return int(broker.default_channel.client.llen("default"))


@pytest.mark.parametrize("role", ["web", "recognition"])
def test_a_worker_of_either_role_keeps_what_failed(role: str) -> None:
    class Request:
        is_eager = False

    class Shell:
        name, request = "rights.certify", Request()

    ids = (str(uuid.uuid4()), str(uuid.uuid4()))
    with database_role(role):
        task_failure.send(sender=Shell(), task_id="1", exception=KeyError("x"), args=ids, kwargs={})
    row = FailedTask.objects.get()
    assert (row.task, row.error, tuple(row.ids), row.is_whole) == ("rights.certify", "KeyError", ids, True)


def test_no_message_and_no_value_is_kept() -> None:
    row = failed("people.send_invitation", str(uuid.uuid4()), "李阿姨", phone="13800138000")
    told = " ".join(str(value) for value in FailedTask.objects.filter(pk=row.pk).values_list().get())
    assert "李阿姨" not in told and "13800138000" not in told
    assert not row.is_whole and not failures.may_retry(row)


def test_it_is_sent_again_once_and_the_log_says_by_whom(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    row, actor, before = failed(), User.objects.create_user("staff@example.com"), waiting()
    with django_capture_on_commit_callbacks(execute=True):
        row = failures.retry(failed=row, actor=actor)
    assert waiting() == before + 1
    assert row.retried_by == actor
    with pytest.raises(ValidationError) as twice:
        failures.retry(failed=row, actor=actor)
    assert twice.value.code == "twice"
    assert "retried_at" in LogEntry.objects.get_for_object(row).first().changes


@pytest.mark.parametrize("task", sorted(failures.NEVER_AGAIN))
def test_what_nobody_waits_for_is_not_sent_again(task: str) -> None:
    with pytest.raises(ValidationError) as refused:
        failures.retry(failed=failed(task), actor=None)
    assert refused.value.code == "not_again"


def test_a_queue_that_is_down_is_told_and_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    down = Celery("down", broker="redis+socket:///nowhere/at/all.sock")
    monkeypatch.setattr(failures, "app", down)
    row = failed()
    with pytest.raises(ValidationError) as refused:
        failures.retry(failed=row, actor=None)
    assert refused.value.code == "no_queue"
    assert FailedTask.objects.get(pk=row.pk).retried_at is None


def test_it_is_forgotten_after_a_month() -> None:
    old, new = failed(), failed()
    with database_role("owner"):
        FailedTask.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=failures.KEPT_DAYS, hours=1))
    failures.expire()
    assert list(FailedTask.objects.all()) == [new]


def test_every_task_is_known_to_be_repeatable_or_not() -> None:
    app.loader.import_default_modules()
    ours: set[Any] = {name for name in app.tasks if not name.startswith("celery.")}
    listed = failures.REPEATABLE | set(failures.NEVER_AGAIN)
    assert ours == listed | failures.scheduled(), "Say in portal/operations/failures.py whether the task may run twice"
    assert failures.REPEATABLE.isdisjoint(failures.NEVER_AGAIN)
