"""A backup of the embedded database and its return, as docs/operations.md describes it."""

import os
import subprocess
from pathlib import Path
from typing import Any

import psycopg

from portal.stack.postgres import BINARIES, Postgres
from portal.stack.roles import SUPERUSER
from portal.stack.run import Stack


def backup(stack: Stack, file: Path) -> None:
    """Dump the database as its owner does."""
    address = stack.env("owner")["DATABASE_URL_OWNER"]
    _run("pg_dump", "--enable-row-security", "--format=custom", f"--file={file}", f"--dbname={address}")


def restore(stack: Stack, file: Path) -> None:
    """Put the backup in the place of what is there, all or nothing. Only the superuser may: evidence is not deleted."""
    server = stack._servers[0]
    assert isinstance(server, Postgres)
    address = server.url(SUPERUSER)
    _run("pg_restore", "--clean", "--if-exists", "--single-transaction", f"--dbname={address}", str(file))


def ask(stack: Stack, query: str) -> list[tuple[Any, ...]]:
    """What the database says to its owner."""
    with psycopg.connect(stack.env("owner")["DATABASE_URL_OWNER"]) as connection:
        return connection.execute(query).fetchall()  # type: ignore[arg-type] - our own words


def refuses(stack: Stack, statement: str) -> bool:
    """Say whether the database refuses even its owner to do away with evidence."""
    try:
        with psycopg.connect(stack.env("owner")["DATABASE_URL_OWNER"]) as connection:
            connection.execute(statement)  # type: ignore[arg-type] - our own words
    except psycopg.errors.CheckViolation as refusal:
        return "Evidence in" in str(refusal)
    return False


def _run(program: str, *arguments: str) -> None:
    environment = os.environ | {"PGOPTIONS": "-c client_min_messages=error"}
    done = subprocess.run(
        [BINARIES / program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{program}: {done.stderr[-2000:]}"
