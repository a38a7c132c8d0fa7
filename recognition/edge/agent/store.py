"""The terminal's one database: what it was ordered, what it holds, what it still has to report.

An order's effect, its number and its receipt are one transaction, and a transaction that has ended is on the
disk: after a loss of power an order was carried out in full or not at all (device-protocol.md, 3 and 8).
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from recognition.edge.agent.damage import Damaged

SUFFIX = ".sqlite3"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS templates (
    person TEXT PRIMARY KEY, model TEXT NOT NULL, count INTEGER NOT NULL, dimension INTEGER NOT NULL,
    handle TEXT NOT NULL, is_suspended INTEGER NOT NULL, sealed BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS enrolments (
    person TEXT PRIMARY KEY, number INTEGER NOT NULL, until TEXT, attempts INTEGER NOT NULL, reason TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS receipts (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS cards (hash BLOB PRIMARY KEY, accepted_at TEXT NOT NULL) STRICT;
"""


class Store:
    """One connection for all threads; `lock` also holds what is in memory and what is on the disk together."""

    def __init__(self, home: Path, *, name: str) -> None:
        """Raises Damaged; sqlite3.OperationalError where the disk takes nothing."""
        self.lock = threading.RLock()
        self._depth = 0
        place = home / (name + SUFFIX)
        self._db = sqlite3.connect(place, isolation_level=None, check_same_thread=False)
        try:
            self._prepare()
        except sqlite3.DatabaseError as error:
            self._db.close()
            if isinstance(error, sqlite3.OperationalError):
                raise
            raise Damaged(f"{place} is damaged. Move it away; the terminal must be paired again.") from error

    def _prepare(self) -> None:
        # A journal that is cut to nothing keeps no earlier page; EXTRA also waits for the disk when it is cut.
        self._db.executescript(
            "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON;"
            "PRAGMA temp_store=MEMORY; PRAGMA busy_timeout=5000;"
        )
        with self.transaction():
            for statement in filter(str.strip, _SCHEMA.split(";")):
                self._db.execute(statement)

    def close(self) -> None:
        with self.lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. An inner one is a part of the outer one."""
        with self.lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
                if self._depth == 1:
                    self._db.execute("COMMIT")
            except BaseException:
                # A full disk may have ended the transaction already.
                if self._depth == 1 and self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            finally:
                self._depth -= 1

    def write(self, statement: str, *values: Any) -> int:
        """Run one statement in a transaction and return how many rows it changed."""
        with self.transaction():
            return self._db.execute(statement, values).rowcount

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.lock:
            return self._db.execute(statement, values).fetchall()

    def get(self, name: str, default: Any = None) -> Any:
        found = self.rows("SELECT value FROM state WHERE name = ?", name)
        return json.loads(found[0][0]) if found else default

    def put(self, name: str, value: Any) -> None:
        self.write("INSERT OR REPLACE INTO state VALUES (?, ?)", name, json.dumps(value))

    @property
    def last_order(self) -> int:
        return int(self.get("last_order", 0))


def forget_others(home: Path, *, name: str) -> None:
    """Delete the stores of earlier pairings: their keys are gone already."""
    for path in home.glob("*" + SUFFIX + "*"):
        if not path.name.startswith(name + SUFFIX):
            path.unlink()
