"""What PostgreSQL itself says about tables, rights and policies."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby

from django.db import connection, transaction

from portal.stack.postgres import BINARIES

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
    """Every column that holds something of its own; PostgreSQL makes the others of these, and nobody writes them."""
    rows = query(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = ''",
        f'public."{table}"',
    )
    return [name for (name,) in rows]


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever happens inside, errors of the database included."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def described(address: str, *options: str) -> list[str]:
    """Every statement that makes the database at the owner's address again, as `pg_dump` with these options tells it.

    PostgreSQL writes a list of words in a constraint in two ways, once as Django said it and once as it read it back;
    grants on one thing come in the order in which they were given, which means nothing.
    """
    command = [BINARIES / "pg_dump", "--enable-row-security", "--restrict-key=same", *options, f"--dbname={address}"]
    dump = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = re.sub(r"\(ARRAY\[(.*?)\]\)::text\[\]", _word_by_word, dump).splitlines()
    runs = groupby(lines, key=lambda line: line.startswith("GRANT "))
    return [line for are_grants, run in runs for line in (sorted(run) if are_grants else run)]


def _word_by_word(found: re.Match[str]) -> str:
    return f"ARRAY[{', '.join(f'({word})::text' for word in found[1].split(', '))}]"
