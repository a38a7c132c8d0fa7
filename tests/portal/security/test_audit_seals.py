"""Every entry of the log comes under a seal, once, whichever transaction ends first, and stays as it was sealed."""

# ruff: noqa: S608 - tables are named by this file

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from portal.security.audit import anchor, merkle, seals
from portal.security.audit.expiry import expire
from portal.security.audit.verification import Fault, verify
from portal.security.models import AccessEvent, AuditSeal
from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.organizations.scoping import tenant_context
from tenants.organizations.trail import Happening, Kind, note
from tenants.rights.kinds import HoldKind
from tenants.rights.services import holds
from tests import factories
from tests.architecture.catalogue import execute, query, undone
from tests.roles import database_role

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = timedelta(0)


@pytest.fixture(autouse=True)
def _own_anchor(tmp_path: Path, settings: Settings) -> None:
    settings.AUDIT_ANCHOR_DIR = tmp_path


@pytest.fixture
def tenant() -> Iterator[Property]:
    """A property whose making is in the log, in transactions of their own."""
    with transaction.atomic():
        made = factories.make_property()
        factories.make_person(made)
    yield made


def happen(tenant: Property, subject: str = "") -> None:
    with tenant_context(tenant.pk):
        note(Happening(kind=Kind.IDENTITY_READ, actor="user:1", tenant_id=tenant.pk, subject=subject))


def ids(table: str) -> list[int]:
    with database_role("owner"):
        return [number for (number,) in query(f"SELECT id FROM {table} ORDER BY id")]


def test_a_seal_holds_every_entry_of_both_tables_and_a_second_has_nothing_to_do(tenant: Property) -> None:
    happen(tenant)
    made = seals.seal(settles_after=AT_ONCE)
    assert made is not None
    assert made.entry_ids == ids("auditlog_logentry") != []
    assert made.access_ids == ids("security_accessevent") != []
    assert seals.seal(settles_after=AT_ONCE) is None
    verdict = verify()
    assert (verdict.findings, verdict.seals, verdict.until) == ([], 1, made.made_at)
    assert verdict.entries == len(made.entry_ids) + len(made.access_ids)


def test_what_a_leaf_says_can_be_hashed_by_anybody(tenant: Property) -> None:
    """The text of a row and SHA-256 are enough to reach the signed root."""
    happen(tenant)
    made = seals.seal(settles_after=AT_ONCE)
    assert made is not None
    with database_role("owner"):
        execute("SET timezone = 'UTC'")
        [(said,)] = query(
            "SELECT jsonb_build_object('table', 'security_accessevent', 'row', to_jsonb(one))::text "
            "FROM security_accessevent one"
        )
        execute("RESET timezone")
    leaves = [bytes(made.hashes)[at : at + 32] for at in range(0, len(made.hashes), 32)]
    assert merkle.leaf(said.encode()) == leaves[-1]
    assert merkle.root(leaves).hex() == json.loads(made.body)["root"]


def test_an_entry_whose_transaction_ends_after_a_later_one_is_sealed_too(tenant: Property) -> None:
    """Its id is smaller than that of an entry under the seal before."""
    written, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with tenant_context(tenant.pk):
                note(Happening(kind=Kind.IDENTITY_READ, actor="user:slow", tenant_id=tenant.pk))
                written.set()
                may_end.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(30)
    happen(tenant)
    first = seals.seal(settles_after=AT_ONCE)
    happen(tenant)
    second = seals.seal(settles_after=AT_ONCE)
    may_end.set()
    thread.join()
    third = seals.seal(settles_after=AT_ONCE)
    assert first is not None and second is not None and third is not None
    assert third.access_ids[0] < first.access_ids[0]
    assert sorted([*first.access_ids, *second.access_ids, *third.access_ids]) == ids("security_accessevent")
    assert verify().findings == []


def test_ids_settle_only_when_every_transaction_of_their_time_is_over(tenant: Property) -> None:
    made, until = [], time.monotonic() + 120
    # Another test's transaction in the same server, too, is one that must be over first.
    while not made or not any(made[-1]["settled"].values()):
        assert time.monotonic() < until, "Nothing settles."
        happen(tenant)
        one = seals.seal(settles_after=AT_ONCE)
        assert one is not None
        made.append(json.loads(one.body))
    assert made[-1]["settled"] in [before["seen"] for before in made[:-1]]
    happen(tenant)
    last = seals.seal()  # the others are younger than it asks for
    assert last is not None
    assert json.loads(last.body)["settled"] == made[-1]["settled"]


def test_rows_beyond_the_most_of_one_seal_come_under_the_next(
    tenant: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        happen(tenant)
    monkeypatch.setattr(seals, "MOST", 2)
    made = []
    while one := seals.seal(settles_after=AT_ONCE):
        made.append(one)
    assert [number for one in made for number in one.access_ids] == ids("security_accessevent")
    assert [number for one in made for number in one.entry_ids] == ids("auditlog_logentry")
    assert verify().findings == []


@pytest.mark.parametrize("table", ["auditlog_logentry", "security_accessevent", "security_auditseal"])
@pytest.mark.parametrize("role", ["web", "recognition", "owner"])
def test_nobody_changes_or_deletes_what_is_in_the_audit(table: str, role: str, tenant: Property) -> None:
    happen(tenant)
    seals.seal(settles_after=AT_ONCE)
    key = "number" if table == "security_auditseal" else "id"
    for sql in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with database_role(role), undone():
            execute("SET LOCAL consentry.test_rewrites = 'off'")
            with pytest.raises((ProgrammingError, IntegrityError)) as refused:
                execute(sql)
            if role == "owner":
                assert isinstance(refused.value, IntegrityError)


def test_the_anchor_tells_of_seals_that_were_cut_off(tenant: Property) -> None:
    happen(tenant)
    seals.seal(settles_after=AT_ONCE)
    happen(tenant)
    last = seals.seal(settles_after=AT_ONCE)
    assert last is not None
    assert [line.number for line in anchor.read()] == [1, 2]
    with database_role("owner"):
        execute("DELETE FROM security_auditseal WHERE number = 2")
        execute("DELETE FROM security_accessevent WHERE id = ANY (%s)", last.access_ids)
    first = verify().first
    assert first is not None
    assert (first.table, first.id, first.fault) == ("security_auditseal", 2, Fault.SEAL_MISSING)


def test_a_seal_that_never_reached_the_anchor_gets_there_with_the_next(
    tenant: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as stopped:
        stopped.setattr(seals, "bring_to_anchor", lambda: None)
        seals.seal(settles_after=AT_ONCE)
    assert anchor.read() == []
    happen(tenant)
    seals.seal(settles_after=AT_ONCE)
    assert [line.number for line in anchor.read()] == [1, 2]


def test_an_entry_that_is_dated_back_is_found(tenant: Property) -> None:
    happen(tenant)
    seals.seal(settles_after=AT_ONCE)
    with tenant_context(tenant.pk):
        long_ago = timezone.now() - timedelta(days=30)
        note(Happening(kind=Kind.IDENTITY_READ, actor="user:1", tenant_id=tenant.pk, at=long_ago))
    forged = ids("security_accessevent")[-1]
    assert [(found.id, found.fault) for found in verify().findings] == [(forged, Fault.UNSEALED)]
    seals.seal(settles_after=AT_ONCE)
    assert [(found.id, found.fault) for found in verify().findings] == [(forged, Fault.LATE)]


def test_the_command_names_the_first_broken_entry_and_fails(tenant: Property) -> None:
    happen(tenant, "person:1")
    seals.seal(settles_after=AT_ONCE)
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "are as they were sealed" in out.getvalue()
    with database_role("owner"):
        execute("UPDATE security_accessevent SET subject = 'person:2'")
    [changed] = ids("security_accessevent")
    with pytest.raises(CommandError, match=f"The first: security_accessevent {changed}, "):
        call_command("verify_audit", stderr=StringIO())


def test_a_signature_by_a_stranger_is_no_seal(tenant: Property, settings: Settings) -> None:
    seals.seal(settles_after=AT_ONCE)
    settings.EVIDENCE_PUBLIC_KEYS = ""
    assert [found.fault for found in verify().findings] == [Fault.SIGNATURE]


def test_old_entries_go_whole_seals_at_a_time_and_the_rest_still_proves(tenant: Property) -> None:
    happen(tenant)
    seals.seal(settles_after=AT_ONCE)
    happen(tenant)
    seals.seal(settles_after=AT_ONCE)
    later = timezone.now() + timedelta(days=31 * 36 + 1)
    with database_role("owner"):
        assert expire(delete=False, now=timezone.now()).entries == 0
        counted = expire(delete=False, now=later)
        dropped = expire(delete=True, now=later)
    assert counted == dropped
    assert dropped.seals == 2
    assert ids("security_accessevent") == ids("auditlog_logentry") == []
    assert verify(now=later).findings == []
    # Today they are too young to be gone.
    assert {found.fault for found in verify().findings} == {Fault.REMOVED}


def test_the_database_drops_nothing_young_whoever_asks(tenant: Property) -> None:
    happen(tenant)
    seals.seal(settles_after=AT_ONCE)
    with database_role("owner"), undone():
        execute("SET LOCAL consentry.test_rewrites = 'off'")
        with pytest.raises(IntegrityError, match="nobody deletes it"):
            expire(delete=True, now=timezone.now() + timedelta(days=31 * 36 + 1))


def test_nothing_goes_while_a_hold_keeps_evidence(tenant: Property) -> None:
    with tenant_context(tenant.pk):
        asks, approves = factories.make_member(tenant, Role.OWNER), factories.make_member(tenant, Role.OWNER)
        ends_on = timezone.localdate() + timedelta(days=30)
        about = {"kind": HoldKind.EVIDENCE, "reason": "法院来函", "article": "民诉 67", "ends_on": ends_on}
        asked = holds.ask(tenant=tenant, actor=asks, **about)
        holds.approve(tenant=tenant, hold=asked, actor=approves)
    with database_role("owner"), pytest.raises(ValidationError) as kept:
        expire(delete=True)
    assert kept.value.code == "held"


def test_who_reads_the_log_of_one_property_reads_that_of_no_other(tenant: Property) -> None:
    happen(tenant)
    with tenant_context(tenant.pk):
        assert AccessEvent.objects.count() == 1
    assert AccessEvent.objects.count() == 0
    assert AuditSeal.objects.count() == 0
