"""Tasks that failed for good: kept for a month, shown to platform staff, sent again by their ids.

Celery keeps no failure by itself. Most work is found again by a sweep and needs nobody; what stands here failed all
the same, and somebody should know.
"""

import logging
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from celery import Task
from celery.signals import task_failure
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from portal.celery import app
from portal.operations.models import FailedTask
from tenants.organizations.models import User

logger = logging.getLogger(__name__)

KEPT_DAYS = 30
# Each reads its rows again, under a lock, and does what is still to be done: sent twice, it does it once. What the
# schedule runs anyway may run twice without harm as well (portal/settings/schedule.py).
REPEATABLE = frozenset(
    {
        "clearance.follow_people",
        "edge.seal_for_device",
        "edge.seal_for_person",
        "enrollment.process_batch",
        "people.send_invitation",
        "people.tell_owners",
        "people.tell_owners_of_role",
        "rights.build_package",
        "rights.certify",
        "rights.empty_as_recognition",
        "rights.empty_as_web",
        "rights.erase_as_recognition",
        "rights.erase_as_web",
        "rights.send_message",
        "security.deliver_alerts",
        "work.run",
    }
)
# Not these, each with its reason.
NEVER_AGAIN = {
    "matching.match": "whoever stood at the door has gone, and the photo with them",
    "enrollment.process": "the photo has gone: the person takes another one",
    "rights.send_identity_code": "nobody waits for the code any more: the person asks for another one",
}


def connect() -> None:
    """Called once, when the application is ready."""
    task_failure.connect(_heard, dispatch_uid="consentry_failures", weak=False)


def record(*, task: str, error: BaseException, args: Sequence[object], kwargs: Mapping[str, object]) -> FailedTask:
    """Keep that a task failed for good."""
    ids = [arg for arg in args if isinstance(arg, bool) or _is_id(arg)]
    kind = type(error)
    row = FailedTask(
        task=task[:100],
        ids=ids,
        is_whole=len(ids) == len(args) and not kwargs,
        error=f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")[:120],
    )
    with transaction.atomic():
        row.save(force_insert=True)
    return row


def may_retry(failed: FailedTask) -> bool:
    return failed.is_whole and (failed.task in REPEATABLE or failed.task in scheduled())


def scheduled() -> set[str]:
    """Return the names of the tasks that beat runs."""
    return {str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()}


@transaction.atomic
def retry(*, failed: FailedTask, actor: User | None) -> FailedTask:
    """Send a failed task again, by its ids. `actor` is None for the command line, which the log names.

    Raises ValidationError for a task that must not run twice, one whose ids are not all known, one that was sent
    again already, and while the queue cannot be reached.
    """
    failed = FailedTask.objects.select_for_update().get(pk=failed.pk)
    if not may_retry(failed):
        raise ValidationError(
            _("This task cannot be sent again: it is over, or not all of it is known. Forget it."), code="not_again"
        )
    if failed.retried_at is not None:
        raise ValidationError(_("This task was sent again already. If it fails, it stands here anew."), code="twice")
    _require_queue()
    failed.retried_at, failed.retried_by = timezone.now(), actor
    failed.save(update_fields=["retried_at", "retried_by"])
    transaction.on_commit(lambda: app.send_task(failed.task, args=failed.ids))
    return failed


def _require_queue() -> None:
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    except (OperationalError, RedisError, OSError) as down:
        raise ValidationError(_("The queue cannot be reached. Try again when it can."), code="no_queue") from down


@transaction.atomic
def forget(*, failed: FailedTask) -> None:
    """Take a failed task off the list; the log keeps that it stood there."""
    FailedTask.objects.get(pk=failed.pk).delete()


def expire() -> int:
    """Drop what is older than a month and return how many there were."""
    old = FailedTask.objects.filter(at__lt=timezone.now() - timedelta(days=KEPT_DAYS))
    return old.delete()[0]


def _heard(*, sender: Task, exception: BaseException, args: Any, kwargs: Any, **_more: object) -> None:
    """What cannot be kept is logged: a worker must not fail at telling that it failed."""
    if sender.request.is_eager:
        return
    try:
        record(task=sender.name, error=exception, args=args or (), kwargs=kwargs or {})
    except Exception:
        logger.exception("That %s failed could not be kept.", sender.name)


def _is_id(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return str(uuid.UUID(value)) == value
    except ValueError:
        return False
