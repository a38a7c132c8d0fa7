"""Who reads what matters leaves a trace: at each door, in the same transaction, by ids alone."""

# ruff: noqa: S608 - tables are named by this file

import uuid

import pytest
from auditlog.models import LogEntry
from celery import shared_task
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal.security.audit import acting
from portal.security.models import AccessEvent
from recognition.edge.models import DeviceReport
from tenants.organizations import actors
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant, set_local
from tenants.organizations.trail import Happening, Kind, note
from tenants.people.services import minors
from tests import factories
from tests.architecture.catalogue import query
from tests.architecture.rows import fill
from tests.roles import database_role
from tests.terminals import paired

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def events(tenant: Property) -> list[tuple[str, str, str]]:
    enter_tenant(tenant.pk)
    rows = AccessEvent.objects.filter(tenant=tenant.pk).order_by("pk")
    return list(rows.values_list("kind", "actor", "subject"))


def test_the_list_and_the_page_of_people_leave_a_trace(reader: Client, tenant: Property, owner: User) -> None:
    person = factories.make_person(tenant)
    me, whom = f"user:{owner.pk}", f"person:{person.pk}"
    reader.get(reverse("people", args=[tenant.slug]))
    assert events(tenant) == [(Kind.IDENTITIES_LISTED, me, "")]
    reader.get(reverse("person", args=[tenant.slug, person.pk]))
    assert events(tenant)[1:] == [(Kind.IDENTITY_READ, me, whom)]
    reader.get(reverse("api:people", args=[tenant.slug]))
    reader.get(reverse("api:person", args=[tenant.slug, person.pk]))
    assert events(tenant)[2:] == [(Kind.IDENTITIES_LISTED, me, ""), (Kind.IDENTITY_READ, me, whom)]


def test_evidence_and_files_leave_a_trace(reader: Client, tenant: Property, owner: User) -> None:
    person, _visit = factories.make_consented_person(tenant)
    me, whom = f"user:{owner.pk}", f"person:{person.pk}"
    reader.get(reverse("evidence", args=[tenant.slug]))
    answer = reader.post(reverse("evidence_bundle", args=[tenant.slug, person.pk]))
    assert answer["Content-Type"] == "application/zip"
    reader.get(reverse("audit_export", args=[tenant.slug]))
    assert events(tenant) == [
        (Kind.EVIDENCE_READ, me, ""),
        (Kind.EXPORTED, me, whom),
        (Kind.EXPORTED, me, ""),
    ]


def test_the_record_of_a_minor_leaves_its_own_trace(reader: Client, tenant: Property, owner: User) -> None:
    factories.allow_children(tenant)
    child, second = factories.make_child(tenant), factories.make_member(tenant, Role.OWNER)
    access = minors.ask_for_access(tenant=tenant, person=child, actor=owner, reason="医院来电")
    minors.decide_access(tenant=tenant, access=access, actor=second, is_approved=True)
    reader.get(reverse("person", args=[tenant.slug, child.pk]))
    assert (Kind.MINOR_READ, f"user:{owner.pk}", f"person:{child.pk}") in events(tenant)


def test_the_lists_of_the_platform_leave_a_trace_of_no_property(db: None) -> None:
    staff = User.objects.create_user("staff@example.com", factories.PASSWORD, is_staff=True)
    client = Client()
    client.force_login(staff)
    client.get(reverse("admin:organizations_property_changelist"))
    [event] = AccessEvent.objects.filter(tenant=None)
    assert (event.kind, event.actor) == (Kind.ADMIN_READ, f"user:{staff.pk}")
    assert event.facts == {"what": "organizations.property"}


def test_what_was_refused_leaves_the_refusal_and_no_read(tenant: Property) -> None:
    auditor, person = factories.make_member(tenant, Role.AUDITOR), factories.make_person(tenant)
    client = Client()
    client.force_login(auditor)
    assert client.get(reverse("person", args=[tenant.slug, person.pk])).status_code == 403
    assert events(tenant) == [(Kind.REFUSED, f"user:{auditor.pk}", "")]


def test_a_read_whose_trace_cannot_be_written_does_not_happen(tenant: Property) -> None:
    for facts in ({"name": "李阿姨"}, {"many": "x" * 101}):
        with pytest.raises(ValueError, match="no code and no count"):
            note(Happening(kind=Kind.EXPORTED, actor="user:1", tenant_id=tenant.pk, facts=facts))
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessEvent.objects.create(tenant=tenant.pk, kind=Kind.EXPORTED, actor="x", facts={"much": "x" * 2_000})


def test_nobody_writes_into_the_trail_of_another_property(tenant: Property) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        note(Happening(kind=Kind.EXPORTED, actor="user:1", tenant_id=uuid.uuid4()))


def last_entry(tenant: Property) -> LogEntry:
    enter_tenant(tenant.pk)
    entry = LogEntry.objects.order_by("-id").first()
    assert entry is not None
    return entry


def test_a_change_by_session_names_the_member(reader: Client, tenant: Property, owner: User) -> None:
    reader.post(
        reverse("person_add", args=[tenant.slug]), {"name": "赵敏", "kind": "owner", "age_band": "adult", "room": "1"}
    )
    entry = last_entry(tenant)
    assert entry.actor_id == owner.pk
    assert entry.additional_data == {"tenant": str(tenant.pk)}
    assert entry.actor_email is None


def test_a_change_by_a_terminal_names_the_terminal_and_the_next_request_does_not(
    reader: Client, tenant: Property
) -> None:
    device, code = factories.make_active_device(tenant)
    terminal = paired(code, Client())
    terminal.heartbeat(firmware="1.0")
    assert DeviceReport.objects.filter(device=device).exists()
    assert actors.current() == f"device:{device.pk}"
    factories.make_person(tenant)
    assert last_entry(tenant).additional_data == {"tenant": str(tenant.pk), "actor": f"device:{device.pk}"}
    reader.get(reverse("people", args=[tenant.slug]))
    assert actors.current() == ""


def test_a_change_by_a_worker_names_its_role(tenant: Property, settings: Settings) -> None:
    settings.CONSENTRY_ROLE = "recognition"

    @shared_task(name="tests.add_a_person")
    def add() -> None:
        factories.make_person(tenant)

    add.apply()
    assert last_entry(tenant).additional_data == {"tenant": str(tenant.pk), "actor": "worker:recognition"}
    factories.make_person(tenant)
    assert last_entry(tenant).additional_data == {"tenant": str(tenant.pk)}


def test_a_change_by_a_command_names_it(tenant: Property, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["/srv/manage.py", "expire_evidence", "--delete"])
    token = actors.name("")
    try:
        acting.connect()
        factories.make_person(tenant)
    finally:
        actors.forget(token)
    assert last_entry(tenant).additional_data == {"tenant": str(tenant.pk), "actor": "command:expire_evidence"}


CANARIES = (
    "李阿姨",
    "小宝",
    "13800138000",
    "3-1202",
    "04A2 1F33",
    "04A21F33",
    "staff-name",
    "@example.com",
    "pbkdf2",
    "md5$",
)


PUBLIC = {"content_hash", "notice_hash"}


def audit_rows() -> list[str]:
    with database_role("owner"):
        return [
            row
            for table in ("auditlog_logentry", "security_accessevent", "security_auditseal")
            for (row,) in query(f"SELECT row_to_json(one)::text FROM {table} one")
        ]


def test_no_row_of_the_audit_holds_a_name_a_contact_a_secret_or_a_face(db: None) -> None:
    """After everything that fills every table, and reads at the doors."""
    rows = fill()
    owner = factories.make_member(rows.tenant, Role.OWNER)
    owner.name = "staff-name"
    owner.save()
    client = Client()
    client.force_login(owner)
    for name in ("people", "evidence", "requests", "members"):
        assert client.get(reverse(name, args=[rows.tenant.slug])).status_code == 200
    said = audit_rows()
    assert len(said) > 100
    assert {canary: [row for row in said if canary in row] for canary in CANARIES} == {
        canary: [] for canary in CANARIES
    }
    secrets = secret_values()
    assert len(secrets) > 10
    assert {where for secret, where in secrets.items() if any(secret in row for row in said)} == set()


def secret_values() -> dict[str, str]:
    """Every hash, sealed thing, key and template in the database, as PostgreSQL writes it into JSON: where it is."""
    with database_role("owner"):
        found = query(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND (data_type = 'bytea' OR column_name ~ '(_hash|password|secret|token)$')"
        )
    # Fingerprints of published texts are public; the seals' own hashes are what is searched.
    wanted = [(t, c) for t, c in found if c not in PUBLIC and t not in {"security_auditseal", "django_session"}]
    with database_role("owner"):
        return {
            value.strip('"'): f"{table}.{column}"
            for table, column in wanted
            for (value,) in query(f'SELECT to_json("{column}")::text FROM "{table}" WHERE "{column}" IS NOT NULL')
            if len(value) > 12
        }


def test_a_log_entry_names_a_member_by_id(tenant: Property) -> None:
    member = factories.make_member(tenant)
    member.name, member.is_staff = "staff-name", True
    member.save()
    set_local("consentry.tenant", "")
    entry = LogEntry.objects.filter(object_pk=str(member.pk)).first()
    assert entry is not None
    assert entry.object_repr == f"user {member.pk}"
