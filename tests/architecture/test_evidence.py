"""Evidence stays, whoever tries: the owner of the tables too, and all rows at once too."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from pytest_django import Settings

from portal.security import checks, evidence
from portal.security.evidence import EVIDENCE, EXPIRY_SETTING, FROZEN_BY_THEMSELVES, TEST_SETTING
from portal.security.grants import GRANTS
from tenants.organizations.scoping import enter_tenant, set_local
from tenants.rights.kinds import HoldKind
from tenants.rights.models import LegalHold
from tests import factories
from tests.architecture.catalogue import execute, query
from tests.architecture.rows import Rows
from tests.roles import database_role

LONG_AGO = "now() - interval '4 years'"
EVERYTHING = (*EVIDENCE, *FROZEN_BY_THEMSELVES, "rights_ledgerreplay")
AGE = {
    "rights_certificate": "issued_at",
    "rights_erasurereceipt": "at",
    "rights_erasure": "completed_at",
    "people_invitation": "asked_at",
    "people_promptrecord": "prompted_at",
    "people_consent": "decided_at",
    "people_paperform": "recorded_at",
    "edge_devicecopy": "since",
}


@contextmanager
def as_the_owner() -> Iterator[None]:
    """The owner of the tables in a database of production: what tests may do is off."""
    with database_role("owner"):
        set_local(TEST_SETTING, "off")
        yield
        set_local(TEST_SETTING, "on")


def refused(statement: str) -> bool:
    """Say whether the triggers refuse a statement, and not something else."""
    try:
        with transaction.atomic():
            execute(statement)
            execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as error:
        return "Evidence in" in str(error) or "never changes" in str(error)
    return False


@pytest.fixture
def kept(db: None, ours: Rows) -> Rows:
    """A row in every table, as the sweeps of the architecture have it."""
    enter_tenant(ours.tenant.pk)
    asked_by = factories.somebody_of(ours.tenant)
    today = timezone.localdate()
    LegalHold(
        tenant=ours.tenant, kind=HoldKind.EVIDENCE, article="PIPL 47", ends_on=today + timedelta(days=1),
        asked_by=asked_by, asked_at=timezone.now(),
    ).save()  # fmt: skip
    return ours


def count(table: str) -> int:
    return int(query(f'SELECT count(*) FROM "{table}"')[0][0])  # noqa: S608


@pytest.mark.parametrize("table", [table for table in EVIDENCE if table != "rights_certificate"])
def test_a_row_is_deleted_by_nobody(kept: Rows, table: str) -> None:
    with as_the_owner():
        assert count(table)
        assert refused(f'DELETE FROM "{table}"')  # noqa: S608
        set_local(EXPIRY_SETTING, "on")
        assert refused(f'DELETE FROM "{table}"')  # noqa: S608 - its three years are not over
        assert count(table)


@pytest.mark.parametrize("table", EVERYTHING)
def test_a_table_is_emptied_by_nobody(db: None, table: str) -> None:
    with as_the_owner():
        set_local(EXPIRY_SETTING, "on")
        assert refused(f'TRUNCATE "{table}" CASCADE')


@pytest.mark.parametrize("table", [table for table in EVIDENCE if table != "rights_certificate"])
def test_what_was_written_is_rewritten_by_nobody(kept: Rows, table: str) -> None:
    rule = EVIDENCE[table]
    named = {*rule.free, *rule.once}
    columns = {field.column: field for field in evidence._model(table)._meta.concrete_fields}
    frozen = rule.frozen or tuple(column for column in columns if column not in named and column != "id")
    with as_the_owner():
        for column in frozen:
            assert refused(f'UPDATE "{table}" SET {column} = {_other(columns[column])}'), column  # noqa: S608


def _other(field: models.Field) -> str:
    """SQL for another value of a column."""
    if field.is_relation or isinstance(field, models.UUIDField):
        return "gen_random_uuid()" if field.target_field.get_internal_type() == "UUIDField" else "-1"
    column = field.column
    return {
        "BooleanField": f"NOT {column}",
        "DateTimeField": f"{column} + interval '1 second'",
        "DateField": f"{column} + 1",
        "JSONField": "'[\"another\"]'",
        "BinaryField": "'\\x00'",
        "CharField": f"CASE {column} WHEN 'x' THEN 'y' ELSE 'x' END",
    }.get(field.get_internal_type(), f"{column} + 1")


def test_a_withdrawal_is_written_once(kept: Rows) -> None:
    with as_the_owner():
        execute("UPDATE people_consent SET withdrawn_at = now(), withdrawn_by = 'person' WHERE withdrawn_at IS NULL")
        assert refused("UPDATE people_consent SET withdrawn_at = now() + interval '1 day'")
        assert refused("UPDATE people_consent SET withdrawn_at = NULL, withdrawn_by = ''")


def test_what_may_change_still_does(kept: Rows) -> None:
    with as_the_owner():
        for statement in (
            "UPDATE rights_erasure SET tries = tries + 1",
            "UPDATE people_paperform SET scan = ''",
            "UPDATE edge_devicecopy SET since = now()",
            "UPDATE people_invitation SET attempts = attempts + 1",
        ):
            execute(statement)


class TestWhenTheYearsAreOver:
    @pytest.fixture
    def old(self, kept: Rows) -> Rows:
        """Everybody's processing ended four years ago."""
        with database_role("owner"):
            execute("UPDATE people_person SET face_state = 'erased', face_enrolled_on = NULL")
            execute(f"UPDATE rights_erasure SET completed_at = {LONG_AGO}, ordered_at = {LONG_AGO}")  # noqa: S608
            execute("UPDATE rights_legalhold SET lifted_at = now()")
            for table, column in AGE.items():
                execute(f'UPDATE "{table}" SET {column} = {LONG_AGO}')  # noqa: S608
        return kept

    def test_the_command_may_delete_and_nobody_else(self, old: Rows) -> None:
        with as_the_owner():
            assert refused("DELETE FROM rights_erasurereceipt")
            set_local(EXPIRY_SETTING, "on")
            before = count("rights_erasurereceipt")
            assert before
            execute(f"DELETE FROM rights_erasurereceipt WHERE tenant_id = '{old.tenant.pk}'")  # noqa: S608
            assert count("rights_erasurereceipt") < before

    def test_the_command_counts_first_and_then_deletes_what_is_over(self, old: Rows) -> None:
        with as_the_owner():
            before = count("rights_erasurereceipt")
            told, done = StringIO(), StringIO()
            call_command("expire_evidence", stdout=told)
            assert count("rights_erasurereceipt") == before
            call_command("expire_evidence", "--delete", stdout=done)
            assert count("rights_erasurereceipt") < before
            assert list(EVIDENCE)[-1] == "rights_erasure"  # what says when it all ended goes last
            assert "rights_erasurereceipt: 0 " not in told.getvalue() + done.getvalue()
            assert refused("DELETE FROM clearance_clearance")  # those of a device that is in use

    def test_a_row_that_was_written_since_stays(self, old: Rows) -> None:
        with database_role("owner"):
            execute("UPDATE people_promptrecord SET prompted_at = now() - interval '1 year'")
        with as_the_owner():
            set_local(EXPIRY_SETTING, "on")
            assert refused("DELETE FROM people_promptrecord")

    def test_a_face_that_is_in_use_again_keeps_it(self, old: Rows) -> None:
        with database_role("owner"):
            execute("UPDATE people_person SET face_state = 'consented'")
        with as_the_owner():
            set_local(EXPIRY_SETTING, "on")
            assert refused("DELETE FROM rights_erasurereceipt")

    def test_an_erasure_that_is_not_complete_keeps_it(self, old: Rows) -> None:
        with database_role("owner"):
            execute("UPDATE rights_erasure SET completed_at = NULL")
        with as_the_owner():
            set_local(EXPIRY_SETTING, "on")
            assert refused("DELETE FROM rights_erasurereceipt")

    def test_a_legal_hold_keeps_it(self, old: Rows) -> None:
        with database_role("owner"):
            execute("UPDATE rights_legalhold SET kind = 'evidence', lifted_at = NULL, ends_on = current_date + 1")
            execute("UPDATE rights_legalhold SET person_id = NULL")
        with as_the_owner():
            set_local(EXPIRY_SETTING, "on")
            assert refused("DELETE FROM rights_erasurereceipt")


def test_no_running_process_may_delete_evidence_nor_rewrite_a_whole_row() -> None:
    for table, rule in EVIDENCE.items():
        grant = GRANTS[table]
        letters = grant.web + grant.recognition
        assert "D" not in letters, table
        if rule.frozen is None:
            assert "U" not in letters, table


def test_a_session_that_asks_for_no_triggers_gets_them(db: None) -> None:
    rows = query("SELECT tgrelid::regclass::text, tgenabled FROM pg_trigger WHERE tgname LIKE 'evidence%'")
    assert {table for table, _state in rows} == set(EVERYTHING)
    assert {str(state) for _table, state in rows} <= {"A", "b'A'"}


def test_the_tests_door_is_shut_in_a_database_of_another_name(db: None) -> None:
    [(said,)] = query("SELECT prosrc FROM pg_proc WHERE proname = 'consentry_evidence_stays'")
    assert r"current_database() LIKE 'test\_%' AND" in said


def test_a_database_called_like_those_of_tests_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TESTING = False
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", "test_of_patience")
    assert [found.id for found in checks.database_is_no_test()] == ["security.E002"]
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", "consentry")
    assert checks.database_is_no_test() == []


def test_the_list_names_only_columns_that_exist() -> None:
    for table, rule in EVIDENCE.items():
        columns = {field.column for field in evidence._model(table)._meta.concrete_fields}
        assert {*rule.free, *rule.once, *(rule.frozen or ())} <= columns, table
