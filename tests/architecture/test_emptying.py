"""A test that commits leaves no row to the next one, and no wall is down afterwards."""

import pytest
from django.core.management import call_command
from django.db import transaction

from portal.security.evidence import EVIDENCE
from tests.architecture.catalogue import query, tables
from tests.architecture.rows import fill
from tests.management.commands.flush import KEPT
from tests.roles import database_role

GUARDS = "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger ORDER BY 1, 2"
RIGHTS = "SELECT relname, relacl::text, relforcerowsecurity FROM pg_class ORDER BY 1"


def filled() -> dict[str, int]:
    with database_role("owner"):
        counted = {table: query(f'SELECT count(*) FROM "{table}"')[0][0] for table in tables()}  # noqa: S608 - ours
    return {table: count for table, count in counted.items() if count}


@pytest.mark.django_db(transaction=True)
def test_everything_is_emptied_but_what_migrations_fill() -> None:
    before, guards, rights = filled(), query(GUARDS), query(RIGHTS)
    assert set(before) == KEPT
    with transaction.atomic():
        fill()
        transaction.get_connection().run_on_commit.clear()  # no worker is there to be told
    assert len(filled()) > 50
    assert set(filled()) & set(EVIDENCE)
    with database_role("owner"):
        call_command("flush", interactive=False, verbosity=0)
    assert filled() == before
    assert (query(GUARDS), query(RIGHTS)) == (guards, rights)
    assert query("SHOW session_replication_role") == [("origin",)]
