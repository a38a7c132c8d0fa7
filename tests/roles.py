"""Tests run as the database roles of the running portal, not as the owner.

`SET ROLE` gives a connection exactly the rights and the row-level security of that role.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from portal.security.evidence import TEST_SETTING

_current: list[str] = []


def _set(wrapper: BaseDatabaseWrapper) -> None:
    with wrapper.cursor() as cursor:
        # As the owner a test plays time and broken clocks, and empties the tables behind it; no running process may.
        is_owner = not _current or _current[-1] == "consentry_owner"
        role = f"SET ROLE {_current[-1]}" if _current else "RESET ROLE"
        cursor.execute(f"{role}; SET {TEST_SETTING} = '{'on' if is_owner else 'off'}'")


@connection_created.connect
def _new_connection(sender: object, connection: BaseDatabaseWrapper, **_kwargs: object) -> None:
    _set(connection)


@contextmanager
def database_role(name: str) -> Iterator[None]:
    """Be `consentry_<name>` on this thread's connection and on every connection opened meanwhile."""
    _current.append(f"consentry_{name}")
    _set(connection)
    try:
        yield
    finally:
        _current.pop()
        # A broken transaction takes the role with it when it is rolled back.
        if not (connection.in_atomic_block and connection.needs_rollback):
            try:
                _set(connection)
            except Exception:
                if not connection.in_atomic_block:
                    raise
