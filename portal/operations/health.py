"""Is everything there that the portal needs? Asked when the page is opened; nothing waits long."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from portal.celery import app
from portal.operations import clockwork, storage
from portal.operations.models import FailedTask
from recognition.engine import refusal
from recognition.engine.fetched import check_files
from recognition.engine.weights import check_weights

QUEUES = ("default", "recognition")
LONG_QUEUE = 100
ANSWER_WITHIN_SECONDS = 1.0
_DOWN = (OperationalError, RedisError, OSError)


@dataclass(frozen=True)
class Finding:
    """One part of the platform: whether it is well, and what was seen.

    `code` tells it from others of its name, `codes` are names in programs that belong to what was seen.
    """

    name: str | Promise
    is_well: bool
    detail: str
    code: str = ""
    codes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} {self.code}".strip()


def findings() -> list[Finding]:
    """Return what was found, part by part. Without a broker its workers are not asked."""
    lengths = _queue_lengths()
    parts = [_database(), _broker(lengths)]
    if lengths is not None:
        parts += [_queue(name, lengths[name]) for name in QUEUES]
        parts += [*_workers(), _schedule()]
    return [*parts, _failed(), *_refusal(), _weights(), _room(), _backup()]


def _database() -> Finding:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
            version, size = cursor.fetchone()
    except DatabaseError as error:
        return Finding(_("Database"), False, str(error))
    detail = _("PostgreSQL %(version)s, %(size)s MB") % {"version": version, "size": size // 1_000_000}
    return Finding(_("Database"), True, detail)


def _queue_lengths() -> dict[str, int] | None:
    try:
        with app.connection_for_read() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
            channel: Any = broker.default_channel  # its `client` is the transport's own
            return {name: int(channel.client.llen(name)) for name in QUEUES}
    except _DOWN:
        return None


def _broker(lengths: dict[str, int] | None) -> Finding:
    if lengths is None:
        return Finding(_("Broker"), False, _("It does not answer. Photos cannot be enrolled and doors cannot ask."))
    return Finding(_("Broker"), True, _("It answers."))


def _queue(name: str, length: int) -> Finding:
    detail = ngettext("%(count)s task waits", "%(count)s tasks wait", length) % {"count": f"{length:,}"}
    return Finding(_("Queue"), length < LONG_QUEUE, detail, code=name)


def _workers() -> list[Finding]:
    """Ask which workers serve which queue, and what they do at this moment: names of tasks only."""
    try:
        queues = app.control.inspect(timeout=ANSWER_WITHIN_SECONDS).active_queues() or {}
        # Those that answered are known now, and nobody else is waited for.
        known = app.control.inspect(list(queues), timeout=ANSWER_WITHIN_SECONDS, limit=len(queues))
        tasks = known.active() or {} if queues else {}
    except _DOWN:
        queues, tasks = {}, {}
    return [_served(name, queues, tasks) for name in QUEUES]


def _served(name: str, queues: dict[str, Any], tasks: dict[str, Any]) -> Finding:
    label = _("Worker for the queue")
    serving = sorted(worker for worker, served in queues.items() if any(queue["name"] == name for queue in served))
    if not serving:
        none = _("None answered within a second. It is stopped, or busy with a task.")
        return Finding(label, False, none, code=name)
    busy = sorted(task["name"] for worker in serving for task in tasks.get(worker, []))
    return Finding(label, True, _("At work on:") if busy else _("Idle:"), code=name, codes=tuple(busy or serving))


def _schedule() -> Finding:
    late = late_entries(clockwork.entries(), timezone.now())
    return Finding(_("Schedule"), not late, _("Late:") if late else _("On time."), codes=tuple(late))


def late_entries(entries: list[clockwork.Entry], now: datetime) -> list[str]:
    """Return the names of what should have run."""
    return [entry.name for entry in entries if entry.is_late(now)]


def _failed() -> Finding:
    count = FailedTask.objects.filter(retried_at=None).count()
    detail = ngettext("%(count)s task failed", "%(count)s tasks failed", count) % {"count": f"{count:,}"}
    return Finding(_("Failed tasks"), count == 0, detail)


def _refusal() -> list[Finding]:
    """What a recognition worker said when it refused to start; nothing otherwise."""
    found = refusal.known()
    return [Finding(_("Recognition worker"), False, found.reason)] if found else []


def _weights() -> Finding:
    problems = [*check_weights(), *check_files()]
    detail = _("Not all are here and verified:") if problems else _("All are here and verified.")
    return Finding(_("Model weights on this machine"), not problems, detail, codes=tuple(problems))


def _room() -> Finding:
    free = storage.free_bytes()
    return Finding(_("Free disk"), free > storage.LITTLE_BYTES, str(filesizeformat(free)))


def _backup() -> Finding:
    last = storage.last_backup()
    if last is None:
        return Finding(_("Last backup"), False, _("None is known. Make one:"), codes=("manage.py backup",))
    is_new = timezone.now() - last < storage.OLD_BACKUP
    return Finding(_("Last backup"), is_new, date_format(localtime(last), "DATETIME_FORMAT"))
