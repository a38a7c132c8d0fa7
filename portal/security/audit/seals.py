"""Sealing: all rows that no seal covers become the leaves of one tree, whose root is signed.

An id is given before its row is committed, so a row may appear below others that are sealed already. Each seal says
how far ids are `settled`: every transaction that could still bring a smaller id is over. Rows above that are looked
at again each time; a row that turns up below was put there by somebody else.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from portal.security.audit import anchor, merkle
from portal.security.audit.walls import SOURCES
from portal.security.models import AuditSeal
from tenants.rights import signing

FORMAT = "consentry/audit-seal/1"
MOST = 100_000  # rows of one table in one seal: 10 MB of ids and hashes while it is made
# An id is taken an instant before its transaction has a number of its own by which PostgreSQL knows it is running.
SETTLES_AFTER = timedelta(seconds=30)
_LOCK = 6_962
_TO_ANCHOR = 1_000


class Row(NamedTuple):
    """A row of an audit table as a leaf."""

    id: int
    at: datetime
    leaf: bytes


def seal(*, settles_after: timedelta = SETTLES_AFTER) -> AuditSeal | None:
    """Seal what waits, and write the seal to the anchor after its commit. None when nothing waits.

    Needs the evidence key; raises ImproperlyConfigured without. One at a time in the whole installation.
    """
    with transaction.atomic():
        made = _seal(settles_after)
    # After the commit: a line for a seal that was rolled back would look like one that was taken away.
    bring_to_anchor()
    return made


def bring_to_anchor() -> None:
    """Write down the seals that the anchor does not have yet, also those of a process that was stopped in between."""
    rows = AuditSeal.objects.filter(number__gt=anchor.last_number()).order_by("number")
    wanted = [anchor.Anchored(*row) for row in rows.values_list("number", "body", "signature", "key_id")[:_TO_ANCHOR]]
    if wanted:
        anchor.append(wanted)


def _seal(settles_after: timedelta) -> AuditSeal | None:
    _ask("SELECT pg_advisory_xact_lock(%s)", _LOCK)
    last = AuditSeal.objects.order_by("-number").first()
    before: dict[str, Any] = json.loads(last.body) if last else {}
    # In this order: whoever had taken an id when `seen` was read is below `horizon`, or was over already.
    seen = {table: _ask(f"SELECT consentry_last_{table}()") for table in SOURCES}
    horizon = int(_ask("SELECT pg_snapshot_xmax(pg_current_snapshot())::text"))
    settling = _settled_by(before, settles_after)
    waiting = {table: _unsealed(table, before) for table in SOURCES}
    if not any(waiting.values()):
        return None
    is_more = any(len(rows) == MOST for rows in waiting.values())
    # What this seal leaves for the next is not settled, however old it is.
    if is_more:
        settling = None
    settled = settling["seen"] if settling else before.get("settled", dict.fromkeys(SOURCES, 0))
    settled_by = settling["number"] if settling else before.get("settled_by", 0)
    leaves = [row.leaf for rows in waiting.values() for row in rows]
    ids = {table: [row.id for row in rows] for table, rows in waiting.items()}
    now = timezone.now()
    number = max(last.number if last else 0, anchor.last_number()) + 1
    said = {
        "format": FORMAT,
        "number": number,
        "made_at": now.isoformat(),
        "previous": digest(last.body) if last else "",
        "count": len(leaves),
        "ids": ids_digest(ids.values()),
        "root": merkle.root(leaves).hex(),
        "seen": seen,
        "horizon": horizon,
        "is_more": is_more,
        "settled": settled,
        "settled_by": settled_by,
    }
    body = json.dumps(said, sort_keys=True, separators=(",", ":"))
    signed = signing.sign(body.encode())
    return AuditSeal.objects.create(
        number=number,
        made_at=now,
        body=body,
        signature=signed.signature,
        key_id=signed.key_id,
        hashes=b"".join(leaves),
        **{SOURCES[table][1]: rows for table, rows in ids.items()},
    )


def _settled_by(before: dict[str, Any], settles_after: timedelta) -> dict[str, Any] | None:
    """Return what the newest seal says after which every transaction of its time is over, None for none newer."""
    oldest = int(_ask("SELECT pg_snapshot_xmin(pg_current_snapshot())::text"))
    rows = AuditSeal.objects.filter(
        number__gt=before.get("settled_by", 0), made_at__lte=timezone.now() - settles_after
    ).order_by("-number")
    for body in rows.values_list("body", flat=True).iterator(chunk_size=50):
        said: dict[str, Any] = json.loads(body)
        # A seal that could not take all that waited settles nothing.
        if said["horizon"] <= oldest and not said["is_more"]:
            return said
    return None


def _unsealed(table: str, before: dict[str, Any]) -> list[Row]:
    above = before["settled"][table] if before else 0
    since = before.get("settled_by", 0)
    return rows_of(f"SELECT * FROM consentry_unsealed_{table}(%s, %s, %s)", above, since, MOST)  # noqa: S608 - our own table names


def rows_of(sql: str, *values: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Row(number, at, bytes(leaf)) for number, at, leaf in cursor.fetchall()]


def digest(body: str) -> str:
    """Return the name by which the next seal calls one."""
    return hashlib.sha256(body.encode()).hexdigest()


def ids_digest(lists: Sequence[Sequence[int]] | Any) -> str:
    """Bind a seal's lists of ids, in the order of the tables."""
    return hashlib.sha256(json.dumps([list(ids) for ids in lists], separators=(",", ":")).encode()).hexdigest()


def _ask(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchone()[0]
