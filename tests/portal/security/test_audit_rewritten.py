"""Five hundred changes made as the owner of the database, triggers switched off: each is found and named."""

# ruff: noqa: S608, S311 - tables are named by this file, and its chances are to be repeated

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from portal.security.audit import seals
from portal.security.audit.verification import Fault, verify
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.organizations.trail import Happening, Kind, note
from tests import factories
from tests.architecture.catalogue import columns, execute, query, undone
from tests.roles import database_role

pytestmark = pytest.mark.django_db(transaction=True)
CHANGES = 500
TABLES = ("auditlog_logentry", "security_accessevent", "security_auditseal")
# What a change may find: the row, or the seal that does not agree with it any more.
CHANGED = {"auditlog_logentry": {Fault.CHANGED}, "security_accessevent": {Fault.CHANGED}}
CHANGED["security_auditseal"] = {Fault.SEAL_CHANGED, Fault.SIGNATURE, Fault.ANCHOR, Fault.SEAL_MISSING}
# Another value of the same type, in SQL.
OTHER = {
    "bigint": "coalesce({0}, 0) + 1000000",
    "integer": "coalesce({0}, 0) + 1",
    "smallint": "coalesce({0}, 0) + 1",
    "text": "coalesce({0}, '') || 'x'",
    "character varying": "CASE WHEN length({0}) > 3 THEN overlay({0} placing 'zz' from 2 for 2) ELSE 'zz' END",
    "jsonb": "jsonb_build_object('was', {0})",
    "uuid": "gen_random_uuid()",
    "inet": "'10.0.0.1'::inet",
    "timestamp with time zone": "{0} + interval '1 second'",
    "bytea": "set_byte({0}, 5, (get_byte({0}, 5) + 1) & 255)",
    "ARRAY": "{0} || 999999::bigint",
}


@pytest.fixture
def tenant(tmp_path: Path, settings: Settings) -> Iterator[Property]:
    """A log of three seals whose ids are settled, with gaps in its ids."""
    settings.AUDIT_ANCHOR_DIR = tmp_path
    with transaction.atomic():
        made = factories.make_property()
        factories.make_member(made)
        factories.make_member(made)
    for part in range(4):
        with tenant_context(made.pk):
            factories.make_person(made)
            for at in range(8):
                note(Happening(kind=Kind.IDENTITY_READ, actor="user:1", tenant_id=made.pk, subject=f"person:{at}"))
            with database_role("owner"):
                for table in TABLES[:2]:
                    query(f"SELECT nextval('{table}_id_seq')")
        if part < 3:
            seals.seal(settles_after=timedelta(0))
    seals.seal(settles_after=timedelta(0))
    assert verify().findings == []
    yield made


def key_of(table: str) -> str:
    return "number" if table == "security_auditseal" else "id"


def one_of(draw: random.Random, table: str) -> int:
    return int(draw.choice(query(f"SELECT {key_of(table)} FROM {table} ORDER BY 1"))[0])


def change(draw: random.Random, table: str) -> tuple[int, set[Fault]]:
    """Change one column of one row to another value."""
    key = key_of(table)
    victim, column = one_of(draw, table), draw.choice([name for name in columns(table) if name != key])
    [(kind,)] = query(
        "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s", table, column
    )
    value = OTHER[kind].format(f'"{column}"')
    if column == "actor_id":
        value = "(SELECT id FROM organizations_user WHERE id IS DISTINCT FROM actor_id LIMIT 1)"
    if column == "content_type_id":
        value = "(SELECT max(id) FROM django_content_type WHERE id <> content_type_id)"
    execute(f'UPDATE {table} SET "{column}" = {value} WHERE {key} = %s', victim)
    return victim, CHANGED[table]


def remove(draw: random.Random, table: str) -> tuple[int, set[Fault]]:
    victim = one_of(draw, table)
    execute(f"DELETE FROM {table} WHERE {key_of(table)} = %s", victim)
    return victim, {Fault.SEAL_MISSING if table == "security_auditseal" else Fault.REMOVED}


def insert(draw: random.Random, table: str) -> tuple[int, set[Fault]]:
    """Put a copy of a row where a number is free, or below all of them."""
    [(copied,)] = query(f"SELECT to_jsonb(t)::text FROM {table} t WHERE {key_of(table)} = %s", one_of(draw, table))
    [(settled,)] = query("SELECT body::jsonb->'settled' FROM security_auditseal ORDER BY number DESC LIMIT 1")
    settled = json.loads(settled) if isinstance(settled, str) else settled
    used = {number for (number,) in query(f"SELECT {key_of(table)} FROM {table}")}
    top = max(used) + 50 if table == "security_auditseal" else settled[table]
    place = draw.choice([number for number in range(-20, top) if number not in used and number != 0])
    row = json.dumps(json.loads(copied) | {key_of(table): place})
    names = ", ".join(f'"{name}"' for name in columns(table))
    execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_record(null::{table}, %s::jsonb)", row)
    faults = {Fault.INSERTED}
    if table == "security_auditseal":
        faults = {Fault.SEAL_CHANGED, Fault.SEAL_MISSING, Fault.CHAIN}
    return place, faults


def test_five_hundred_changes_are_found_and_the_first_broken_entry_is_named(tenant: Property) -> None:
    draw = random.Random(6)
    missed = []
    for turn in range(CHANGES):
        act, table = draw.choice([change, remove, insert]), draw.choice(TABLES)
        with database_role("owner"), undone():
            execute(f"SET LOCAL consentry.test_rewrites = 'off'; ALTER TABLE {table} DISABLE TRIGGER USER")
            victim, faults = act(draw, table)
            first = verify().first
            if first is None or first.id != victim or first.fault not in faults:
                missed.append((turn, act.__name__, table, victim, first))
    assert missed == []


def test_of_several_broken_entries_the_oldest_is_named_first(tenant: Property) -> None:
    draw = random.Random(7)
    for _ in range(20):
        with database_role("owner"), undone():
            for table in TABLES[:2]:
                execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            [(seal, entries)] = query("SELECT number, entry_ids FROM security_auditseal ORDER BY random() LIMIT 1")
            broken = sorted(draw.sample(entries, min(2, len(entries))))
            execute("DELETE FROM auditlog_logentry WHERE id = ANY (%s)", broken)
            later = "SELECT max(id) FROM security_accessevent"
            execute(f"UPDATE security_accessevent SET actor = 'user:2' WHERE id = ({later})")
            first = verify().first
        assert first is not None
        assert (first.place[0], first.table, first.id, first.fault) == (
            seal,
            "auditlog_logentry",
            broken[0],
            Fault.REMOVED,
        )


def test_the_connection_is_left_as_it_was(tenant: Property) -> None:
    """The five hundred changes were taken back: the triggers are on again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'audit%%' AND tgenabled <> 'A'")
        assert cursor.fetchone() == (0,)
