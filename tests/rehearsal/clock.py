"""The passing of time, played: the dates of rows are moved back by the owner of the database.

Nobody waits for a week. What stands in the database afterwards is what would stand there had the time passed; the
processes look at their own clocks, which nobody touches. Evidence is kept from its owner by triggers; they are switched
off for the one statement, which only the owner can.
"""

from collections.abc import Iterable
from datetime import timedelta

import psycopg
from psycopg.sql import SQL, Identifier


def move_back(owner: str, table: str, *columns: str, by: timedelta, of: str = "id", rows: Iterable[str]) -> None:
    """Move these dates and times of a table back, in the rows whose column `of` is one of `rows`.

    `owner` is the address of the database for its owner. Raises AssertionError when there is no such row.
    """
    moved = SQL(", ").join(SQL("{0} = {0} - %(by)s").format(Identifier(column)) for column in columns)
    update = SQL("UPDATE {} SET {} WHERE {}::text = ANY(%(rows)s)").format(Identifier(table), moved, Identifier(of))
    wanted = list(rows)
    with psycopg.connect(owner) as connection:
        connection.execute(SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(Identifier(table)))
        found = connection.execute(update, {"by": by, "rows": wanted}).rowcount
        connection.execute(SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(Identifier(table)))
    assert found >= len(set(wanted)), f"{found} rows of {table} for {wanted}"
