"""What PostgreSQL itself says about tables, rights and policies."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

ROLES = ("web", "recognition")


def query(sql: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall() if cursor.description else []


def execute(sql: str, *values: object) -> int:
    """Run one statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.rowcount


def tables() -> set[str]:
    return {
        name
        for (name,) in query(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
    }


def tenant_tables() -> set[str]:
    """Every table with a column `tenant_id`, whatever the models and the rights of the asking role say."""
    return {name for name in tables() if "tenant_id" in columns(name)}


def columns(table: str) -> list[str]:
    rows = query(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
        f'public."{table}"',
    )
    return [name for (name,) in rows]


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever happens inside, errors of the database included."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
