"""Is everything there that the portal needs? Asked when the page is opened; nothing waits long."""

from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from portal.celery import app
from recognition.engine import refusal
from recognition.engine.fetched import check_files
from recognition.engine.weights import check_weights

QUEUES = ("default", "recognition")
SWEEPS = ("rights.sweep_retention", "enrollment.sweep_captures")
LONG_QUEUE = 100
ANSWER_WITHIN_SECONDS = 1.0
_DOWN = (OperationalError, RedisError, OSError)


@dataclass(frozen=True)
class Finding:
    """One part of the platform: whether it is well, and what was seen."""

    name: str | Promise
    is_well: bool
    detail: str


def findings() -> list[Finding]:
    """Return what was found, part by part. Without a broker its workers are not asked."""
    lengths = _queue_lengths()
    parts = [_database(), _broker(lengths)]
    if lengths is not None:
        parts += [_queue(name, lengths[name]) for name in QUEUES]
        parts += _workers()
    return [*parts, *_refusal(), _weights()]


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
            broker.ensure_connection(max_retries=1, timeout=2)
            return {name: int(broker.default_channel.client.llen(name)) for name in QUEUES}
    except _DOWN:
        return None


def _broker(lengths: dict[str, int] | None) -> Finding:
    if lengths is None:
        return Finding(_("Broker"), False, _("It does not answer. Photos cannot be enrolled and doors cannot ask."))
    return Finding(_("Broker"), True, _("It answers."))


def _queue(name: str, length: int) -> Finding:
    label = _("Queue “%(name)s”") % {"name": name}
    return Finding(
        label, length < LONG_QUEUE, ngettext("%(count)s task waits", "%(count)s tasks wait", length) % {"count": length}
    )


def _workers() -> list[Finding]:
    """Ask which workers serve which queue, and how often the sweeps ran since they started."""
    try:
        inspect = app.control.inspect(timeout=ANSWER_WITHIN_SECONDS)
        queues, stats = inspect.active_queues() or {}, inspect.stats() or {}
    except _DOWN:
        queues, stats = {}, {}
    return [*(_served(name, queues) for name in QUEUES), _sweeps(stats)]


def _served(name: str, queues: dict[str, Any]) -> Finding:
    label = _("Worker for “%(name)s”") % {"name": name}
    serving = sorted(worker for worker, served in queues.items() if any(queue["name"] == name for queue in served))
    if serving:
        return Finding(label, True, ", ".join(serving))
    return Finding(label, False, _("None answered within a second. It is stopped, or busy with a task."))


def _sweeps(stats: dict[str, Any]) -> Finding:
    counts = [sum(int(worker.get("total", {}).get(name, 0)) for worker in stats.values()) for name in SWEEPS]
    detail = _("Since the workers started: retention %(retention)s, photos %(photos)s") % {
        "retention": counts[0],
        "photos": counts[1],
    }
    return Finding(_("Sweeps"), all(counts), detail)


def _refusal() -> list[Finding]:
    """What a recognition worker said when it refused to start; nothing otherwise."""
    found = refusal.known()
    return [Finding(_("Recognition worker"), False, found.reason)] if found else []


def _weights() -> Finding:
    problems = [*check_weights(), *check_files()]
    detail = " ".join(problems) or _("All are here and verified.")
    return Finding(_("Model weights on this machine"), not problems, detail)
