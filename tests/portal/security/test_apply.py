"""The walls are written after every migration, and writing them again changes nothing."""

import pytest
from django.db import connection

from portal.security import figures, grants, policies, triggers
from portal.security.apply import apply_after_migrate
from tests.architecture.catalogue import execute, query
from tests.roles import database_role

pytestmark = pytest.mark.django_db


def walls() -> list[list[tuple]]:
    return [
        query("SELECT tablename, policyname, roles::text, qual, with_check FROM pg_policies ORDER BY 1, 2"),
        query("SELECT relname, relacl::text, relrowsecurity FROM pg_class WHERE relkind IN ('r', 'S') ORDER BY 1"),
        query("SELECT tgname, tgrelid::regclass::text, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"),
    ]


def test_writing_the_walls_again_changes_nothing() -> None:
    with database_role("owner"):
        before = walls()
        apply_after_migrate(using="default")
        assert walls() == before


def test_what_was_opened_by_hand_is_shut_by_the_next_migration() -> None:
    with database_role("owner"):
        before = walls()
        execute("GRANT ALL ON vault_facetemplate TO consentry_web")
        execute("ALTER TABLE people_person DISABLE ROW LEVEL SECURITY")
        assert walls() != before
        apply_after_migrate(using="default")
        assert walls() == before


def test_a_table_that_nobody_listed_is_closed() -> None:
    with database_role("owner"):
        execute("CREATE TABLE unlisted (id int)")
        apply_after_migrate(using="default")
        rights = query(
            "SELECT has_table_privilege(r, 'unlisted', 'SELECT, INSERT, UPDATE, DELETE') "
            "FROM unnest(ARRAY['consentry_web', 'consentry_recognition']) r"
        )
    assert rights == [(False,), (False,)]


def test_every_statement_can_be_repeated() -> None:
    """A wall that can be written once only would stop the second migration."""
    with database_role("owner"), connection.cursor() as cursor:
        for statement in [
            *triggers.statements(),
            *figures.statements(),
            *policies.statements(),
            *grants.statements(),
        ] * 2:
            cursor.execute(statement)
