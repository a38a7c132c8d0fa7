"""The empty database with every table and wall, made once for all scratch stacks of one source tree.

A hundred migrations take a core twelve seconds, a copy of what they made half a second, and a run of the tests needs
that database a dozen times. A portal whose data stays never takes the copy: it migrates.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.stack.failure import StackError
from portal.stack.layout import ROOT
from portal.stack.postgres import BINARIES
from portal.stack.preparation import code_files, fingerprint
from portal.stack.shelf import filling

SHELF = ROOT / "var" / "scratch-schema"
# What decides a table, a permission or a wall. Walls name kinds of places and roles of members.
FOLDERS = {"migrations", "models", "security", "settings", "organizations", "premises"}
FILES = {"apps.py", "models.py"}


def schema_files() -> list[Path]:
    """The source files from which a migration makes the database."""
    return [file for file in code_files() if FOLDERS.intersection(file.parts) or file.name in FILES]


@contextmanager
def taking_schema(address: str, *, shelf: Path = SHELF) -> Iterator[bool]:
    """Yield whether the empty database was filled from the shelf; otherwise the caller migrates it, and a copy is kept.

    `address` is the owner's. Safe for several processes (shelf.py). Raises StackError where the copy cannot be made
    or put in.
    """
    source = fingerprint((ROOT / "requirements.txt").read_text(), files=schema_files())
    with tempfile.TemporaryDirectory(prefix="consentry-schema-") as folder:
        file = Path(folder) / "database"
        with filling(Path(folder), shelf=shelf, fingerprint=source) as is_kept:
            if is_kept:
                _run("pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={address}", str(file))
            yield is_kept
            if not is_kept:
                _run("pg_dump", "--format=custom", f"--file={file}", f"--dbname={address}")


def _run(program: str, *arguments: str) -> None:
    """Both with the owner's sight of the rows: without it they ask for a right that only the superuser has."""
    done = subprocess.run(
        [BINARIES / program, "--enable-row-security", *arguments],
        env={"LC_ALL": "C", "PATH": os.environ.get("PATH", "/usr/bin:/bin")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "error:" in line] or ["no message"]
        raise StackError(f"{program} failed: {said[0]}", f"Remove the folder {SHELF} and try again.")
