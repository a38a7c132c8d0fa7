"""Is anything due in this property? One question to the database, each part of it answered by one index.

A sweep asks it of every property every minute; nearly always the answer is no, and nothing else is asked then.
"""

import logging
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, connection, transaction

from tenants.organizations.scoping import enter_tenant
from tenants.rights import stores
from tenants.rights.retention_rules import UNUSED_DAYS

BANDS, STAY_ENDED, RETENTION, UNUSED, WAITING, HOLDS, TEXTS = (
    "bands", "stay_ended", "retention", "unused", "waiting", "holds", "texts",
)  # fmt: skip

logger = logging.getLogger(__name__)
AT_ONCE = 100  # properties in one transaction, which only reads

# Each repeats the condition of its index word for word, or PostgreSQL would not use it. `p` is the property.
FACES = {
    STAY_ENDED: "f.stay_ends_on < %(today)s AND f.face_state IN ('consented', 'captured', 'enrolled', 'suspended')",
    RETENTION: "f.face_enrolled_on < %(today)s - p.face_days AND f.face_enrolled_on IS NOT NULL",
    UNUSED: f"f.face_last_used_on < %(today)s - {UNUSED_DAYS} AND f.face_state = 'enrolled'",
}
_CONDITIONS = {
    BANDS: """EXISTS (SELECT 1 FROM people_person f
        WHERE f.tenant_id = p.id AND f.age_band_until < %(today)s AND f.age_band_until IS NOT NULL)""",
    **{
        name: f"EXISTS (SELECT 1 FROM people_person f WHERE f.tenant_id = p.id AND {condition})"  # noqa: S608 - ours
        for name, condition in FACES.items()
    },
    WAITING: """EXISTS (SELECT 1 FROM people_person f
        WHERE f.tenant_id = p.id AND f.face_state IN ('captured', 'suspended'))""",
    HOLDS: """EXISTS (SELECT 1 FROM rights_legalhold h
        WHERE h.tenant_id = p.id AND h.ended_at IS NULL AND (h.ends_on < %(today)s OR h.lifted_at IS NOT NULL))""",
    TEXTS: """EXISTS (SELECT 1 FROM rights_rightsrequest r
        WHERE r.tenant_id = p.id AND r.closed_at < %(now)s - make_interval(days => p.request_days)
        AND r.closed_at IS NOT NULL AND r.texts_erased_at IS NULL)""",
}


def find(*, tenant_id: uuid.UUID, today: date, now: datetime) -> tuple[set[str], list[stores.Expirer]]:
    """Return what is due in this property, by name, and the expirers that have something to do. One query.

    The property's context is entered.
    """
    row = _ask({"tenant": tenant_id, "today": today, "now": now})
    found = {name for name, is_due in zip(_CONDITIONS, row, strict=False) if is_due}
    expirers = zip(stores.expirers(), row[len(_CONDITIONS) :], strict=True)
    return found, [expirer for (expirer, _sql), is_due in expirers if is_due]


def anywhere(tenant_ids: Sequence[uuid.UUID], *, today: date, now: datetime) -> list[uuid.UUID]:
    """Return those of these properties in which anything is due, in their order; each is asked in its own context."""
    found = []
    for begin in range(0, len(tenant_ids), AT_ONCE):
        some = tenant_ids[begin : begin + AT_ONCE]
        try:
            with transaction.atomic(), _prepared() as ask:
                for tenant_id in some:
                    enter_tenant(tenant_id)
                    if any(ask(tenant_id, today, now)):
                        found.append(tenant_id)
        except DatabaseError:
            # Which of them it was shows when each has its turn, in a transaction of its own.
            logger.exception("Properties could not be asked together what is due; each is asked alone.")
            found += [tenant_id for tenant_id in some if tenant_id not in found]
    return found


def _ask(about: dict[str, Any]) -> Sequence[bool]:
    with connection.cursor() as cursor:
        cursor.execute(_question(), about)
        return cursor.fetchone() or [False] * (len(_CONDITIONS) + len(stores.expirers()))


def _question() -> str:
    columns = [*_CONDITIONS.values(), *(condition for _expirer, condition in stores.expirers())]
    return f"SELECT {', '.join(columns)} FROM organizations_property p WHERE p.id = %(tenant)s"  # noqa: S608 - ours


@contextmanager
def _prepared() -> Iterator[Callable[[uuid.UUID, date, datetime], Sequence[bool]]]:
    """Give the same question, planned once for many properties: planning it takes far longer than its answer.

    In a transaction, at whose end it is gone again. After an error it stays with the connection, by a name of its own.
    """
    name = f"due_{uuid.uuid4().hex}"

    def ask(tenant_id: uuid.UUID, today: date, now: datetime) -> Sequence[bool]:
        cursor.execute(f"EXECUTE {name} (%s, %s, %s)", [tenant_id, today, now])
        return cursor.fetchone() or []

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        question = _question() % {"tenant": "$1", "today": "$2", "now": "$3"}
        cursor.execute(f"PREPARE {name} (uuid, date, timestamptz) AS {question}")
        yield ask
        cursor.execute(f"DEALLOCATE {name}")


def faces(*, tenant_id: uuid.UUID, name: str, today: date, limit: int) -> list[uuid.UUID]:
    """Return the ids of up to so many people whose face is due for this reason. One query; nothing is locked."""
    sql = f"""SELECT f.id FROM people_person f JOIN organizations_property p ON p.id = f.tenant_id
        WHERE f.tenant_id = %(tenant)s AND {FACES[name]} LIMIT %(limit)s"""  # noqa: S608 - ours
    with connection.cursor() as cursor:
        cursor.execute(sql, {"tenant": tenant_id, "today": today, "limit": limit})
        return [person_id for (person_id,) in cursor.fetchall()]
