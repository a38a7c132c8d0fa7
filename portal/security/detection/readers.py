"""Whether another role than the face worker's has read the table of templates.

PostgreSQL counts the statements of each role (its extension pg_stat_statements). A function of the superuser tells the
portal how many of them read that table, and nothing else of them: no text and no value (portal/stack/statistics.py;
docs/operations.md for an external server). It lies in the server's database `postgres`, so that no dump of the
application's database contains it. A statement that the server refused is not counted: portal/security/detection/
hearing.py hears of those of the portal.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.db import connection as database

from portal.security.detection.counting import PREFIX, connection
from portal.security.models import AccessEvent
from tenants.organizations.trail import Happening, Kind, Sign, tell

logger = logging.getLogger(__name__)

_KEY = f"{PREFIX}:readers"
OWNER, BACKUP = "consentry_owner", "command:backup"
# pg_dump reads as the owner. A backup says in the log that it begins; it reads within this time.
BACKUP_TAKES = timedelta(hours=6)


def look(*, now: datetime) -> None:
    """Compare with the last look, and tell of each role that has read since. Nothing where statistics are not kept."""
    counted: Mapping[Any, int] | None = statements()
    if counted is None:
        return
    before = {role.decode(): int(number) for role, number in connection().hgetall(_KEY).items()}  # type: ignore[union-attr]
    connection().hset(_KEY, mapping={**counted, "": 0})  # never empty: an empty hash is none
    if not before:
        return  # the first look: what was before, nobody knows
    allowed = {OWNER} if _is_backed_up(now) else set()
    for role, number in strangers(before, counted, allowed=allowed).items():
        facts: dict[str, str | int] = {"role": role[:60], "statements": number}
        tell(Happening(Sign.FOREIGN_READER, "worker:web", None, f"role:{role[:60]}", facts, now))


def strangers(before: Mapping[str, int], now: Mapping[str, int], *, allowed: set[str]) -> dict[str, int]:
    """Return how many statements each role has read with since `before`. Counters that were reset begin anew."""
    grown = {role: number - before.get(role, 0) for role, number in now.items()}
    return {
        role: number if number > 0 else now[role] for role, number in grown.items() if number and role not in allowed
    }


def statements() -> dict[str, int] | None:
    """Return how many statements of each other role have read the templates; None where the server does not count."""
    settings = database.get_connection_params()
    wanted = {
        name: settings[name]
        for name in ("user", "password", "host", "port", "sslmode", "sslrootcert")
        if name in settings
    }
    try:
        with psycopg.connect(**wanted, dbname="postgres", connect_timeout=2, autocommit=True) as server:
            rows = server.execute("SELECT reader, calls FROM consentry_template_readers(%s)", [settings["dbname"]])
            return {str(role): int(calls) for role, calls in rows}
    except psycopg.Error as error:
        logger.warning("Who reads the templates is not watched: %s.", type(error).__name__)
        return None


def _is_backed_up(now: datetime) -> bool:
    events = AccessEvent.objects.filter(tenant=None, kind=Kind.EXPORTED, actor=BACKUP)
    return events.filter(at__gte=now - BACKUP_TAKES).exists()
