"""Each kind of statement, tried on one table as one role; and what the threat model says must come of it."""
# ruff: noqa: S608 - the names in these statements come from PostgreSQL's own catalogue

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from django.db import DatabaseError, IntegrityError, NotSupportedError, connection

from tenants.organizations.scoping import PLATFORM_SETTING, TENANT_SETTING, USER_SETTING, set_local
from tests.architecture.catalogue import execute, query, undone

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "threat-model.md"

# What can come of a statement beside a number of rows.
DENIED, WALLED, REACHED = "no right to it", "stopped by the policy", "done"
Outcome = str | int


class Context(NamedTuple):
    """What the current transaction says of itself."""

    name: str
    tenant: str = ""
    user: str = ""
    platform: str = ""

    def enter(self) -> None:
        set_local(TENANT_SETTING, self.tenant)
        set_local(USER_SETTING, self.user)
        set_local(PLATFORM_SETTING, self.platform)


@dataclass
class Line:
    """One line of the threat model: a letter to the columns it reaches, `None` for all of them."""

    table: str
    reach: dict[str, dict[str, tuple[str, ...] | None]]
    whose: str
    columns: list[str] = field(default_factory=list)

    def may(self, role: str, letter: str) -> list[str]:
        """The columns that a role reaches with a letter; none of them when it may not."""
        if letter not in self.reach[role]:
            return []
        return list(self.reach[role][letter] or self.columns)

    def may_whole(self, role: str, letter: str) -> bool:
        return letter in self.reach[role] and self.reach[role][letter] is None


def read_document(text: str) -> dict[str, Line]:
    """Read the table of the threat model: table name to its line."""
    found = {}
    for row in re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|$", text, re.MULTILINE):
        table, web, recognition, whose = row
        found[table] = Line(table, {"web": _letters(web), "recognition": _letters(recognition)}, whose)
    return found


def _letters(cell: str) -> dict[str, tuple[str, ...] | None]:
    return {
        letter: tuple(names.split(", ")) if names else None
        for letter, names in re.findall(r"([SIUD])(?:\((.+?)\))?", cell)
    }


def outcome(run: Callable[[], int | None]) -> Outcome:
    """Do it, take it back, and say what came of it. What comes after both walls (a constraint) counts as done."""
    try:
        with undone():
            rows = run()
    except IntegrityError:
        return REACHED
    except NotSupportedError:  # PostgreSQL has no COPY into a table with policies
        return WALLED
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != "42501":
            raise
        return WALLED if "row-level security" in str(error) else DENIED
    return REACHED if rows is None else rows


def select(table: str, names: list[str]) -> Outcome:
    wanted = ", ".join(f'"{name}"' for name in names)
    return outcome(lambda: query(f'SELECT count(*) FROM (SELECT {wanted} FROM "{table}" OFFSET 0) t')[0][0])


def insert(table: str, names: list[str], row: str) -> Outcome:
    """Put one row, given as JSON, down a second time."""
    wanted = ", ".join(f'"{name}"' for name in names)
    record = f'jsonb_populate_record(null::"{table}", %s::jsonb)'
    return outcome(lambda: execute(f'INSERT INTO "{table}" ({wanted}) SELECT {wanted} FROM {record}', row))


def update(table: str, name: str, value: str) -> Outcome:
    return outcome(lambda: execute(f'UPDATE "{table}" SET "{name}" = {value}'))


def delete(table: str) -> Outcome:
    return outcome(lambda: execute(f'DELETE FROM "{table}"'))


def copy_out(table: str, names: list[str]) -> Outcome:
    wanted = ", ".join(f'"{name}"' for name in names)

    def run() -> int:
        # The wrapper turns psycopg's errors into Django's, as for every other statement.
        said = f'COPY "{table}" ({wanted}) TO STDOUT'
        with connection.cursor() as cursor, connection.wrap_database_errors, cursor.cursor.copy(said) as rows:
            return sum(bytes(data).count(b"\n") for data in rows)

    return outcome(run)


def copy_in(table: str, names: list[str]) -> Outcome:
    wanted = ", ".join(f'"{name}"' for name in names)

    def run() -> None:
        said = f'COPY "{table}" ({wanted}) FROM STDIN'
        with connection.cursor() as cursor, connection.wrap_database_errors, cursor.cursor.copy(said):
            pass  # not one row: what is asked is whether it may begin

    return outcome(run)


# Statements that no running process may say of any table.
NEVER = {
    "truncate": 'TRUNCATE "{0}" CASCADE',
    "reference": 'CREATE UNLOGGED TABLE public.probe (it integer REFERENCES "{0}")',
    "trigger": 'CREATE TRIGGER probe BEFORE INSERT ON "{0}" EXECUTE FUNCTION suppress_redundant_updates_trigger()',
    "switch off policies": 'ALTER TABLE "{0}" DISABLE ROW LEVEL SECURITY',
    "not force policies": 'ALTER TABLE "{0}" NO FORCE ROW LEVEL SECURITY',
    "add a policy": 'CREATE POLICY probe ON "{0}" USING (true)',
    "change the policy": 'ALTER POLICY tenant_rows ON "{0}" USING (true)',
    "add a column": 'ALTER TABLE "{0}" ADD COLUMN probe integer',
    "switch off triggers": 'ALTER TABLE "{0}" DISABLE TRIGGER ALL',
    "take the table": 'ALTER TABLE "{0}" OWNER TO CURRENT_USER',
    "index": 'CREATE INDEX probe ON "{0}" ((1))',
    "reindex": 'REINDEX TABLE "{0}"',
    "drop": 'DROP TABLE "{0}" CASCADE',
}
