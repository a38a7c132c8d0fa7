"""The rights in the database are the rights in the list, and the list keeps its promises."""
# ruff: noqa: S608 - the names in these statements come from PostgreSQL's own catalogue

import uuid

import psycopg
import pytest
from django.db import DatabaseError, ProgrammingError
from django.db.utils import IntegrityError

from portal.security.grants import GRANTS, PRIVILEGES, Grant
from tenants.organizations.scoping import enter_tenant
from tenants.premises.kinds import ZoneKind, ZoneLevel
from tenants.premises.models import Zone
from tenants.premises.rules import is_private
from tests import factories
from tests.architecture.catalogue import ROLES, columns, execute, query, tables, undone
from tests.architecture.rows import Rows
from tests.roles import database_role

pytestmark = pytest.mark.django_db

# Tables that no running process may touch, each with its reason.
CLOSED: dict[str, str] = {}
# Verbs that no list grants and no role may have.
NEVER = ("TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")
EVIDENCE = (
    "people_consent",
    "people_guardian",
    "people_paperform",
    "people_promptrecord",
    "people_invitation",
    "people_registration",
    "people_minoraccess",
    "people_minoraccessview",
    "clearance_clearance",
    "premises_devicesign",
    "rights_erasure",
    "rights_erasurereceipt",
    "auditlog_logentry",
)


def granted(table: str, role: str) -> set[str]:
    """What the list says, one entry per verb, or per verb and column."""
    grant = GRANTS.get(table, Grant())
    letters, narrow = getattr(grant, role), getattr(grant, f"{role}_columns") or {}
    whole = {PRIVILEGES[letter] for letter in letters}
    return whole | {f"{PRIVILEGES[letter]} {column}" for letter, names in narrow.items() for column in names}


def held(table: str, role: str) -> set[str]:
    """What PostgreSQL says, in the same form."""
    name = f"consentry_{role}"
    verbs = [*PRIVILEGES.values(), *NEVER]
    whole = {v for v in verbs if query("SELECT has_table_privilege(%s, %s, %s)", name, f'"{table}"', v)[0][0]}
    narrow = {
        f"{verb} {column}"
        for verb in ("SELECT", "INSERT", "UPDATE")
        if verb not in whole
        for column in columns(table)
        if query("SELECT has_column_privilege(%s, %s, %s, %s)", name, f'"{table}"', column, verb)[0][0]
    }
    return whole | narrow


def differences() -> dict[str, tuple[set[str], set[str]]]:
    """Every table and role where the list and the database differ: (listed only, held only)."""
    found = {}
    for table in tables():
        for role in ROLES:
            wanted, has = granted(table, role), held(table, role)
            if wanted != has:
                found[f"{role} on {table}"] = (wanted - has, has - wanted)
    return found


def test_every_table_is_on_the_list_or_closed(db: None) -> None:
    assert tables() == set(GRANTS) | set(CLOSED)


def test_the_rights_in_the_database_are_those_of_the_list(db: None) -> None:
    assert differences() == {}


def test_a_right_given_by_hand_is_found(db: None) -> None:
    with database_role("owner"):
        execute("GRANT SELECT ON vault_facetemplate TO consentry_web")
        execute("GRANT SELECT (sealed) ON enrollment_capture TO consentry_web")
    assert differences() == {
        "web on vault_facetemplate": (set(), {"SELECT"}),
        "web on enrollment_capture": (set(), {"SELECT sealed"}),
    }


@pytest.mark.parametrize(
    ("role", "sql"),
    [
        ("web", "SELECT count(*) FROM vault_facetemplate"),
        ("web", "SELECT wrapped FROM vault_personkey"),
        ("web", "SELECT * FROM vault_personkey"),
        ("web", "SELECT count(*) FROM vault_handlerkey"),
        ("web", "SELECT sealed FROM enrollment_capture"),
        ("web", "UPDATE enrollment_capture SET expires_at = now()"),
        ("recognition", "SELECT count(*) FROM people_personidentity"),
        ("recognition", "SELECT count(*) FROM people_personallink"),
        ("recognition", "SELECT count(*) FROM organizations_user"),
        ("recognition", "SELECT count(*) FROM organizations_membership"),
        ("recognition", "SELECT count(*) FROM django_session"),
        ("recognition", "SELECT count(*) FROM rights_rightsrequest"),
        ("recognition", "INSERT INTO people_consent DEFAULT VALUES"),
        ("recognition", "UPDATE people_consent SET withdrawn_at = NULL"),
        ("web", "UPDATE people_consent SET decision = 'agree'"),
        ("web", "UPDATE people_consent SET ends_on = now()"),
        ("web", "UPDATE people_consent SET decided_at = now()"),
        ("web", "UPDATE people_consent SET given_by = 'person', guardian_id = NULL"),
    ],
)
def test_what_a_role_must_not_reach_is_refused(role: str, sql: str, db: None) -> None:
    with database_role(role), pytest.raises(ProgrammingError, match="permission denied") as refused, undone():
        execute(sql)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("table", EVIDENCE)
def test_nobody_deletes_evidence(role: str, table: str, db: None) -> None:
    with database_role(role), pytest.raises(ProgrammingError, match="permission denied"), undone():
        execute(f'DELETE FROM "{table}"')


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("table", ["auditlog_logentry", "rights_erasurereceipt"])
def test_nobody_rewrites_the_log_or_a_receipt(role: str, table: str, db: None) -> None:
    with database_role(role), pytest.raises(ProgrammingError, match="permission denied"), undone():
        execute(f'UPDATE "{table}" SET id = id')


def test_a_running_process_has_no_power_over_the_database(db: None) -> None:
    powers = query(
        "SELECT rolname FROM pg_roles WHERE rolname IN ('consentry_web', 'consentry_recognition') AND "
        "(rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)"
    )
    owned = query(
        "SELECT relname FROM pg_class WHERE relowner IN ('consentry_web'::regrole, 'consentry_recognition'::regrole)"
    )
    memberships = query(
        "SELECT roleid::regrole::text FROM pg_auth_members WHERE member IN "
        "('consentry_web'::regrole, 'consentry_recognition'::regrole)"
    )
    assert (powers, owned, memberships) == ([], [], [])


@pytest.mark.parametrize("role", ROLES)
def test_a_running_process_makes_no_table(role: str, db: None) -> None:
    with database_role(role), pytest.raises(ProgrammingError, match="permission denied"), undone():
        execute("CREATE TABLE public.mine (id int)")


def test_functions_that_run_as_the_owner_look_in_a_fixed_schema(db: None) -> None:
    """A SECURITY DEFINER function with a loose search path could be made to run somebody else's code."""
    loose = query(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef "
        "AND coalesce(array_to_string(proconfig, ','), '') !~ 'search_path='"
    )
    assert loose == []


def test_photos_on_their_way_are_in_no_write_ahead_log(db: None) -> None:
    assert query("SELECT relpersistence FROM pg_class WHERE relname = 'enrollment_capture'") == [("u",)]


@pytest.mark.parametrize("sql", ["UPDATE transparency_notice SET rights_zh = 'x'", "DELETE FROM transparency_notice"])
@pytest.mark.parametrize("role", ["web", "owner"])
def test_a_published_notice_is_frozen_for_everybody(sql: str, role: str, ours: Rows) -> None:
    enter_tenant(ours.tenant.pk)
    where = " WHERE state = 'published' AND tenant_id = %s"
    with database_role(role), pytest.raises(IntegrityError, match="never changes"), undone():
        execute(sql + where, ours.tenant.pk)


PRIVATE = [kind for kind in ZoneKind if is_private(kind)]


class TestNoActiveDeviceInAPrivatePlaceByAnyStatement:
    """The database refuses it whatever is written and whoever writes it (Measures Art 13)."""

    @pytest.fixture(params=["web", "owner"])
    def writer(self, request: pytest.FixtureRequest, ours: Rows) -> str:
        enter_tenant(ours.tenant.pk)
        return request.param

    @pytest.mark.parametrize("kind", PRIVATE)
    def test_switching_it_on(self, writer: str, kind: ZoneKind, ours: Rows) -> None:
        execute("UPDATE premises_device SET state = 'suspended' WHERE id = %s", ours.ids["device"])
        execute("UPDATE premises_zone SET kind = %s WHERE id = %s", kind, ours.ids["zone"])
        assert self.refused(writer, "UPDATE premises_device SET state = 'active' WHERE id = %s", ours.ids["device"])

    def test_registering_it(self, writer: str, ours: Rows) -> None:
        door = factories.make_door(ours.tenant, factories.make_zone(ours.tenant, ZoneKind.TOILET))
        copy = (
            "INSERT INTO premises_device SELECT (jsonb_populate_record(d, jsonb_build_object("
            "'id', %s::uuid, 'name', 'hidden', 'state', 'registered', 'access_point_id', %s::uuid))).* "
            "FROM premises_device d WHERE id = %s"
        )
        assert self.refused(writer, copy, uuid.uuid4(), door.pk, ours.ids["device"])

    def test_moving_it_to_a_private_door(self, writer: str, ours: Rows) -> None:
        door = factories.make_door(ours.tenant, factories.make_zone(ours.tenant, ZoneKind.TOILET))
        move = "UPDATE premises_device SET access_point_id = %s WHERE id = %s"
        assert self.refused(writer, move, door.pk, ours.ids["device"])

    def test_moving_its_door_into_a_private_zone(self, writer: str, ours: Rows) -> None:
        zone = factories.make_zone(ours.tenant, ZoneKind.TOILET)
        move = "UPDATE premises_accesspoint SET zone_id = %s WHERE id = %s"
        assert self.refused(writer, move, zone.pk, ours.ids["door"])

    def test_relabelling_its_zone(self, writer: str, ours: Rows) -> None:
        relabel = "UPDATE premises_zone SET kind = 'toilet' WHERE id = %s"
        assert self.refused(writer, relabel, ours.ids["zone"])

    @pytest.fixture
    def tower(self, ours: Rows) -> Zone:
        """A place around the zone of the device."""
        enter_tenant(ours.tenant.pk)
        tower = factories.make_zone(ours.tenant, level=ZoneLevel.BUILDING)
        execute("UPDATE premises_zone SET parent_id = %s WHERE id = %s", tower.pk, ours.ids["zone"])
        return tower

    def test_relabelling_a_place_around_its_zone(self, writer: str, tower: Zone) -> None:
        assert self.refused(writer, "UPDATE premises_zone SET kind = 'toilet' WHERE id = %s", tower.pk)

    def test_switching_it_on_within_a_private_place(self, writer: str, tower: Zone, ours: Rows) -> None:
        execute("UPDATE premises_device SET state = 'suspended' WHERE id = %s", ours.ids["device"])
        execute("UPDATE premises_zone SET kind = 'toilet' WHERE id = %s", tower.pk)
        assert self.refused(writer, "UPDATE premises_device SET state = 'active' WHERE id = %s", ours.ids["device"])

    def test_moving_its_zone_into_a_private_place(self, writer: str, tower: Zone, ours: Rows) -> None:
        bath = factories.make_zone(ours.tenant, ZoneKind.BATH, level=ZoneLevel.SITE)
        assert self.refused(writer, "UPDATE premises_zone SET parent_id = %s WHERE id = %s", bath.pk, tower.pk)

    def refused(self, role: str, sql: str, *values: object) -> bool:
        """Run it to where a commit would be, and say whether the wall of this rule refused it."""
        try:
            with database_role(role), undone():
                assert execute(sql, *values) == 1
                execute("SET CONSTRAINTS ALL IMMEDIATE")
        except DatabaseError as error:
            assert "Art 13" in str(error)
            return True
        return False
