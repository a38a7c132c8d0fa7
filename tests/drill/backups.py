"""Backups of the embedded database and their return, by the commands that docs/operations.md describes."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psycopg
import pyrage
from pyrage import x25519

from portal.stack.layout import ROOT
from portal.stack.postgres import BINARIES, Postgres
from portal.stack.roles import SUPERUSER
from portal.stack.run import Stack, inherited


@dataclass(frozen=True)
class Backup:
    """One sealed backup, and the key that opens it."""

    file: Path
    identity: Path
    recipient: str

    @classmethod
    def into(cls, folder: Path) -> Self:
        """Where a backup will be, with a key of its own."""
        made = x25519.Identity.generate()
        identity = folder / "backup.key"
        identity.write_text(f"{made}\n")
        return cls(file=folder / "backup.age", identity=identity, recipient=str(made.to_public()))

    def make(self, stack: Stack) -> None:
        stack.manage("backup", "--to", str(self.file), "--recipient", self.recipient)

    def bring_back(self, var: Path, outer: Mapping[str, str]) -> str:
        """Put it into a new database in the place of the old one, while nothing runs; return what was said."""
        data = var / "data" / "postgres"
        data.rename(data.with_name("postgres.before"))
        command = [sys.executable, "-m", "portal.stack", "restore", "--from", self.file, "--identity", self.identity]
        env = inherited(os.environ) | dict(outer) | {"CONSENTRY_VAR": str(var)}
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"portal.stack restore: {done.stderr[-2000:]}"
        return done.stdout

    def slip_in(self, stack: Stack) -> None:
        """Put it over what is there, as no command of ours does: by the superuser, all or nothing, and no ledger asked.

        Whoever does this wrongly must let nobody in either.
        """
        server = stack._servers[0]
        assert isinstance(server, Postgres)
        key = x25519.Identity.from_str(self.identity.read_text().strip())
        plain = pyrage.decrypt(self.file.read_bytes(), [key])
        command = [BINARIES / "pg_restore", "--clean", "--if-exists", "--single-transaction"]
        environment = os.environ | {"PGOPTIONS": "-c client_min_messages=error"}
        done = subprocess.run(
            [*command, f"--dbname={server.url(SUPERUSER)}"],
            env=environment,
            input=plain,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, f"pg_restore: {done.stderr[-2000:]!r}"


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
