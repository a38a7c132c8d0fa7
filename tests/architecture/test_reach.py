"""The threat model's table of every table, tried: each kind of statement, as each role, in each context."""
# ruff: noqa: S608 - the names in these statements come from PostgreSQL's own catalogue

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from portal.security.grants import RECOGNITION, WEB
from portal.security.reach import GLOBAL, WIDER, placed
from tenants.organizations.models import User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tests import factories
from tests.architecture import attempts
from tests.architecture.attempts import DENIED, DOCUMENT, NEVER, REACHED, WALLED, Context, Line, Outcome
from tests.architecture.catalogue import ROLES, columns, execute, query, tables, tenant_tables
from tests.architecture.rows import Rows
from tests.roles import database_role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class Judgement(NamedTuple):
    """Which rows are visible, and which may be put down, in SQL: what the words of the threat model mean."""

    read: str
    write: str


TENANT, USER, PLATFORM = (f"current_setting('consentry.{name}', true)" for name in ("tenant", "user", "platform"))
OWN = f"tenant_id::text = {TENANT}"
STAFFED = f"{OWN} OR {PLATFORM} = 'on'"
WORKS_IN = f"SELECT tenant_id FROM organizations_membership WHERE is_active AND user_id::text = {USER}"
LOGGED = f"coalesce(additional_data->>'tenant', '') IN ('', {TENANT}) OR {PLATFORM} = 'on'"
NOTED = f"coalesce(tenant::text, '') IN ('', {TENANT})"
ALERTED = f"tenant::text = {TENANT} OR (tenant IS NULL AND {PLATFORM} = 'on')"
MEANT = {
    "organizations_membership": Judgement(f"{STAFFED} OR user_id::text = {USER}", STAFFED),
    "organizations_emergencyaccess": Judgement(f"{STAFFED} OR staff_id::text = {USER}", STAFFED),
    "organizations_notification": Judgement(*[f"{STAFFED} OR user_id::text = {USER}"] * 2),
    "rights_propertyfigures": Judgement(f"{OWN} OR tenant_id IN ({WORKS_IN})", OWN),
    "auditlog_logentry": Judgement(LOGGED, LOGGED),
    "security_accessevent": Judgement(NOTED, NOTED),
    **{f"security_alert{part}": Judgement(ALERTED, ALERTED) for part in ("", "step", "delivery")},
}


def judgement(line: Line) -> Judgement:
    return MEANT.get(line.table) or (Judgement("true", "true") if line.table in GLOBAL else Judgement(OWN, OWN))


# Functions that run as the owner, past every policy, and who may call them: they tell a number, a yes or no, or ids.
AS_OWNER = {
    "consentry_ledger_reached": {WEB, RECOGNITION},
    "consentry_erasures_unknown": {WEB, RECOGNITION},
    "consentry_waiting_for_the_ledger": {WEB, RECOGNITION},
    **{f"consentry_{what}": {WEB} for what in ("people_of_handler", "faces_by_version")},
    **{f"consentry_{what}": {WEB} for what in ("keys_in_use", "alerts_waiting")},
    # They give back how many are gone, and the ids of properties.
    **{f"consentry_{what}": {WEB} for what in ("forget_answers", "forget_messages", "webhooks_wanting")},
    # What the sealing of the log reads: numbers, times and hashes of entries.
    **{
        f"consentry_{what}_{table}": {WEB}
        for what in ("leaves", "unsealed", "last")
        for table in ("auditlog_logentry", "security_accessevent")
    },
    # Only triggers and commands of the owner call these.
    "consentry_processing_ended": set(),
    "consentry_is_held": set(),
    "consentry_zones_within": set(),
    "consentry_place_is_private": set(),
}


@pytest.fixture(scope="session")
def document() -> dict[str, Line]:
    """The threat model is the judge here, not the lists that it was made from."""
    return attempts.read_document(DOCUMENT.read_text(encoding="utf-8"))


@pytest.fixture
def lines(document: dict[str, Line], db: None) -> list[Line]:
    assert len(document) > 50
    for line in document.values():
        line.columns = columns(line.table)
    return list(document.values())


@pytest.fixture
def visitor(ours: Rows, foreign: Rows) -> User:
    """A member of the other property."""
    enter_tenant(foreign.tenant.pk)
    return factories.make_member(foreign.tenant, Role.OWNER)


@pytest.fixture
def contexts(ours: Rows, foreign: Rows, visitor: User) -> list[Context]:
    return [
        Context("ours", tenant=str(ours.tenant.pk)),
        Context("foreign", tenant=str(foreign.tenant.pk)),
        Context("none"),
        Context("a member, no property yet", user=str(visitor.pk)),
        Context("platform staff", platform="on"),
    ]


@pytest.fixture
def no_rules(contexts: list[Context]) -> Iterator[None]:
    """Triggers and foreign keys sleep, so that what refuses here is a right or a policy and nothing else."""
    with database_role("owner"):
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        # A table is changed by its owner only when no trigger waits, and some triggers never sleep by themselves.
        for table, trigger in query("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'A'"):
            execute(f'ALTER TABLE {table} DISABLE TRIGGER "{trigger}"')
        execute("SET LOCAL session_replication_role = replica")
    yield


def test_the_threat_model_holds_the_lists_of_the_code() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert placed(text) == text, "Write it again: python -m portal.stack manage reach --write"


def test_every_table_is_in_the_threat_model(document: dict[str, Line], db: None) -> None:
    assert set(document) == tables()


def test_what_is_wider_is_judged() -> None:
    assert set(MEANT) == set(WIDER)


def test_every_table_has_a_forced_policy_or_a_reason(db: None) -> None:
    forced = query(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relrowsecurity AND relforcerowsecurity"
    )
    assert tables() - {table for (table,) in forced} == set(GLOBAL)
    assert not set(GLOBAL) & tenant_tables(), "A table with tenant_id belongs to a property"


def counted(line: Line, condition: str) -> int:
    """How many rows of a table the threat model means, counted as the owner in the context at hand."""
    with database_role("owner"):
        return query(f'SELECT count(*) FROM "{line.table}" WHERE {condition}')[0][0]


def writable(line: Line, row: str) -> bool:
    """Say whether the threat model lets a row be put down, its right to do so set aside."""
    condition = judgement(line).write
    return query(f'SELECT {condition} FROM jsonb_populate_record(null::"{line.table}", %s::jsonb)', row)[0][0]


def sample(line: Line, rows: Rows) -> str:
    """A row of a property, as JSON; for a table of everybody an empty one, which is enough to be refused."""
    if line.table in GLOBAL:
        return "{}"
    with database_role("owner"):
        found = query(f'SELECT to_jsonb(t)::text FROM "{line.table}" t')
    mine = [row for (row,) in found if str(rows.tenant.pk) in row]
    assert mine, f"{line.table} has no row of the property: add one to tests/architecture/rows.py"
    return mine[0]


def compare(wanted: dict[str, Outcome], seen: dict[str, Outcome]) -> dict[str, tuple[Outcome, Outcome]]:
    return {what: (wanted[what], seen[what]) for what in wanted if wanted[what] != seen[what]}


@pytest.mark.parametrize("role", ROLES)
def test_reading_shows_what_the_threat_model_says(
    role: str, lines: list[Line], contexts: list[Context], no_rules: None
) -> None:
    wanted: dict[str, Outcome] = {}
    seen: dict[str, Outcome] = {}
    for line in lines:
        names = line.may(role, "S")
        for context in contexts:
            context.enter()
            what, rows = f"{line.table}, {context.name}", counted(line, judgement(line).read)
            wanted[f"select {what}"] = wanted[f"copy {what}"] = rows if names else DENIED
            with database_role(role):
                seen[f"select {what}"] = attempts.select(line.table, names or line.columns)
                seen[f"copy {what}"] = attempts.copy_out(line.table, names or line.columns)
    assert compare(wanted, seen) == {}
    assert any(isinstance(rows, int) and rows for rows in seen.values())


@pytest.mark.parametrize("role", ROLES)
def test_changing_and_deleting_reach_what_the_threat_model_says(
    role: str, lines: list[Line], contexts: list[Context], no_rules: None
) -> None:
    wanted: dict[str, Outcome] = {}
    seen: dict[str, Outcome] = {}
    for line in lines:
        changeable = line.may(role, "U")
        readable = [name for name in changeable if name in line.may(role, "S")]
        name = (readable or changeable or line.columns)[0]
        value = f'"{name}"' if readable else "NULL"
        for context in contexts:
            context.enter()
            what, rows = f"{line.table}, {context.name}", counted(line, judgement(line).read)
            is_frozen = counted(line, f"({judgement(line).read}) AND NOT ({judgement(line).write})")
            wanted[f"update {what}"] = (WALLED if is_frozen else rows) if changeable else DENIED
            wanted[f"delete {what}"] = rows if line.may(role, "D") else DENIED
            with database_role(role):
                seen[f"update {what}"] = attempts.update(line.table, name, value)
                seen[f"delete {what}"] = attempts.delete(line.table)
    assert compare(wanted, seen) == {}


@pytest.mark.parametrize("role", ROLES)
def test_writing_reaches_what_the_threat_model_says(
    role: str, lines: list[Line], contexts: list[Context], ours: Rows, foreign: Rows, no_rules: None
) -> None:
    """A row of each property, put down in each context; nothing, copied in."""
    wanted: dict[str, Outcome] = {}
    seen: dict[str, Outcome] = {}
    for line in lines:
        names = line.may(role, "I")
        for rows in (ours, foreign):
            row = sample(line, rows)
            for context in contexts:
                context.enter()
                what = f"insert {line.table}, {context.name}, a row of {rows.tenant.pk}"
                wanted[what] = (REACHED if writable(line, row) else WALLED) if names else DENIED
                with database_role(role):
                    seen[what] = attempts.insert(line.table, names or line.columns, row)
        with database_role(role):
            wanted[f"copy {line.table}"] = (REACHED if line.table in GLOBAL else WALLED) if names else DENIED
            seen[f"copy {line.table}"] = attempts.copy_in(line.table, names or line.columns)
    assert compare(wanted, seen) == {}


@pytest.mark.parametrize("role", ROLES)
def test_no_row_is_moved_to_another_property(
    role: str, lines: list[Line], ours: Rows, foreign: Rows, no_rules: None
) -> None:
    wanted: dict[str, Outcome] = {}
    seen: dict[str, Outcome] = {}
    enter_tenant(ours.tenant.pk)
    for line in lines:
        if "tenant_id" in line.columns:
            wanted[line.table] = WALLED if "tenant_id" in line.may(role, "U") else DENIED
            with database_role(role):
                seen[line.table] = attempts.update(line.table, "tenant_id", f"'{foreign.tenant.pk}'")
    assert compare(wanted, seen) == {}


@pytest.mark.parametrize("role", ROLES)
def test_a_column_that_is_not_named_is_out_of_reach(role: str, lines: list[Line], contexts: list[Context]) -> None:
    reached = []
    for line in lines:
        for name in line.columns:
            with database_role(role):
                if name not in line.may(role, "S") and attempts.select(line.table, [name]) != DENIED:
                    reached.append(f"select {line.table}.{name}")
                if name not in line.may(role, "U") and attempts.update(line.table, name, "NULL") != DENIED:
                    reached.append(f"update {line.table}.{name}")
    assert reached == []


@pytest.mark.parametrize("role", ROLES)
def test_no_running_process_truncates_or_rebuilds_a_table(role: str, lines: list[Line]) -> None:
    """Even where it may make tables, which it may not: what refuses is its right to this table."""
    with database_role("owner"):
        execute(f"GRANT CREATE ON SCHEMA public TO consentry_{role}")
    done = []
    for line in lines:
        for what, sql in NEVER.items():
            if what == "change the policy" and line.table in GLOBAL:
                continue  # it has none
            with database_role(role):
                came = attempts.outcome(lambda sql=sql, table=line.table: execute(sql.format(table)))
            if came != DENIED:
                done.append(f"{what} {line.table}: {came}")
    assert done == []


def test_functions_that_run_as_the_owner_are_few_and_known(db: None) -> None:
    """A trigger's function is called by the database alone, whoever has the right to it."""
    found = query(
        "SELECT proname, array(SELECT rolname::text FROM pg_roles WHERE rolname IN ('consentry_web', "
        "'consentry_recognition') AND has_function_privilege(rolname, p.oid, 'EXECUTE') ORDER BY 1) "
        "FROM pg_proc p WHERE prosecdef AND prorettype <> 'trigger'::regtype"
    )
    assert {name: set(roles) for name, roles in found} == AS_OWNER


@pytest.mark.parametrize("role", ROLES)
def test_no_running_process_owns_makes_or_hands_on_anything(role: str, db: None) -> None:
    name = f"consentry_{role}"
    owned = query("SELECT objid FROM pg_shdepend WHERE refobjid = %s::regrole AND deptype = 'o'", name)
    handed_on = query(
        "SELECT relname FROM pg_class, aclexplode(relacl) a WHERE a.grantee = %s::regrole AND a.is_grantable", name
    )
    makes = query("SELECT nspname FROM pg_namespace WHERE has_schema_privilege(%s, oid, 'CREATE')", name)
    roles = query("SELECT rolname FROM pg_roles WHERE rolname <> %s AND pg_has_role(%s, oid, 'MEMBER')", name, name)
    assert (owned, handed_on, makes, roles) == ([], [], [], [])
