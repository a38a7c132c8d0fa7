"""A word that stands in every text of one property alone, and the ids of its rows: where one shows, it leaked."""

import re
from collections.abc import Collection, Iterable

import psycopg
from django.apps import apps
from django.db import models
from psycopg import sql

FOREIGN, OWN = "kwzfq7xj", "vbnt4hqz"
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What an own canary may be put into without breaking what hangs on it.
NAMES = frozenset({"name", "title"})


def columns(only: Collection[str] = ()) -> Iterable[tuple[str, models.Field]]:
    """Every column of every tenant's tables that holds words of its own choice, and not one of a closed list."""
    for model in apps.get_models():
        fields = {field.name: field for field in model._meta.concrete_fields}
        if "tenant" not in fields:
            continue
        for name, field in fields.items():
            is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
            if is_text and not field.choices and not field.primary_key and (not only or name in only):
                yield model._meta.db_table, field


def mark(address: str, tenant_id: object, word: str, *, only: Collection[str] = ()) -> tuple[int, list[str]]:
    """Write `word` into every text of a property, or into those columns `only`; return how many took it and which not.

    By the superuser, as a replica: no trigger and no foreign key has a say, a CHECK of the column has.
    """
    taken, refused = 0, []
    with psycopg.connect(address) as connection:
        connection.execute("SET session_replication_role = replica")
        for table, field in columns(only):
            statement = sql.SQL("UPDATE {} SET {} = {} WHERE tenant_id = %s AND {} IS NOT NULL").format(
                sql.Identifier(table),
                sql.Identifier(str(field.column)),
                _value(field, word),
                sql.Identifier(str(field.column)),
            )
            try:
                with connection.transaction():
                    taken += bool(connection.execute(statement, [tenant_id]).rowcount)
            except psycopg.Error:
                refused.append(f"{table}.{field.column}")
    return taken, refused


def _value(field: models.Field, word: str) -> sql.Composable:
    column = sql.Identifier(str(field.column))
    if isinstance(field, models.JSONField):
        pattern = sql.Literal(r'(:\s*)"[^"]*"')
        return sql.SQL("regexp_replace({}::text, {}, {}, 'g')::jsonb").format(
            column, pattern, sql.Literal(rf'\1"{word}"')
        )
    # With something of the old value behind it, so that what has to be unique stays so.
    longest = sql.Literal(field.max_length or 1000)
    return sql.SQL("left({} || md5({}::text), {})").format(sql.Literal(word), column, longest)


def ids(address: str) -> dict[object, set[str]]:
    """Every id that stands anywhere in a row of each property, by the property."""
    found: dict[object, set[str]] = {}
    with psycopg.connect(address) as connection:
        tables = connection.execute(
            "SELECT table_name FROM information_schema.columns "
            "WHERE column_name = 'tenant_id' AND table_schema = 'public'"
        ).fetchall()
        for (table,) in tables:
            rows = connection.execute(
                sql.SQL("SELECT tenant_id, to_jsonb(t)::text FROM {} t").format(sql.Identifier(table))
            )
            for tenant_id, row in rows:
                found.setdefault(tenant_id, set()).update(ID.findall(row))
    return found


class Scan:
    """What of the other property shows in an answer that was not in the request, and whether an own canary does."""

    def __init__(self, *, foreign: set[str], own: set[str]) -> None:
        self._foreign, self._own = foreign - own, own - foreign
        self.own_seen = 0

    def leaks(self, *, asked: str, told: str) -> list[str]:
        """Counts in `own_seen` the answers that show something of the property asked for: the proof that it looks."""
        shown = set(ID.findall(told.lower()))
        self.own_seen += OWN in told or bool(shown & self._own)
        found = sorted(one for one in shown & self._foreign if one not in asked.lower())
        return found + ([FOREIGN] if FOREIGN in told and FOREIGN not in asked else [])
