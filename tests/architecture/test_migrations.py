"""A portal that was filled before a release comes through its migrations: on a real database, with rows in it."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps
from pytest_django import DjangoDbBlocker

from portal.security import policies, triggers
from tenants.organizations.roles import ROLE_PERMISSIONS, Role
from tests.architecture.catalogue import described

# The last migrations of commit 5c55bca, before the gate had its facts.
BEFORE_THE_GATE = {
    "organizations": "0001_initial",
    "premises": "0001_initial",
    "transparency": "0001_initial",
    "people": "0001_initial",
    "rights": "0001_initial",
    "vault": "0001_initial",
    "enrollment": "0002_initial",
    "matching": "0002_initial",
}
NEWER = {"clearance", "edge"}  # rooms that were built later
LATE = datetime(2026, 1, 31, 16, 30, tzinfo=UTC)  # half an hour into 1 February in Beijing
ALIAS = "before"

pytestmark = pytest.mark.slow


@pytest.fixture
def database(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of an empty database of its own, which the owner may fill."""
    owner, name = os.environ["DATABASE_URL_OWNER"], f"before_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(owner, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        with django_db_blocker.unblock():
            connections.databases[ALIAS] = connections.databases["default"] | {"NAME": name}
            try:
                yield owner.rpartition("/")[0] + f"/{name}"
            finally:
                connections[ALIAS].close()
                del connections.databases[ALIAS], connections[ALIAS]
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def ask(sql: str, *values: object) -> list[tuple]:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def go_back_then() -> tuple[StateApps, set[str]]:
    """Build the database of that time with its walls; return its models, and which of them were changed since."""
    executor = MigrationExecutor(connections[ALIAS])
    latest = executor.loader.graph.leaf_nodes()
    ours = set(BEFORE_THE_GATE.items())
    then = sorted(ours | {node for node in latest if node[0] not in BEFORE_THE_GATE.keys() | NEWER})
    executor.migrate(then)
    models = executor.loader.project_state(then).apps
    # The log's policy of today asks for a column that it had not yet.
    tables = {model._meta.db_table for model in models.get_models()} - {"auditlog_logentry"}
    walls = [sql for sql in policies.statements() if any(f'"{table}"' in sql for table in tables)]
    with connections[ALIAS].cursor() as cursor:
        for sql in [*walls, *(sql for sql in triggers.statements() if "published_notice" in sql)]:
            cursor.execute(sql)
    later = MigrationExecutor(connections[ALIAS]).migration_plan(latest)
    changed = {
        f"{migration.app_label}.{operation.model_name}"
        for migration, _backwards in later
        for operation in migration.operations
        if getattr(operation, "model_name", None)
    }
    return models, {model._meta.label_lower for model in models.get_models()} & changed


def fill(models: StateApps) -> dict[str, Any]:
    """One row at least of every table that was changed since, as that release wrote them."""

    def add(label: str, **fields: object) -> Any:
        return models.get_model(label).objects.using(ALIAS).create(**fields)

    handler = add("organizations.Handler", name="杭州安居物业", credit_code="91330100MA20000001")
    house = add("organizations.Property", handler=handler, slug="palm-bay", name="棕榈湾小区", face_days=100)
    own = {"tenant": house}
    user = add("organizations.User", email="owner@example.com")
    add("organizations.Membership", user=user, role="owner", **own)
    kind = add("contenttypes.ContentType", app_label="organizations", model="property")
    right = add("auth.Permission", content_type=kind, codename="view_home", name="View home")
    add("organizations.PropertyUserPermission", user=user, permission=right, content_object=house)
    zone = add("premises.Zone", name="大堂", kind="lobby", **own)
    door = add("premises.AccessPoint", zone=zone, name="东门", **own)
    for method in ("face", "card"):
        add("premises.AccessMethod", access_point=door, kind=method, **own)
    device = add(
        "premises.Device", access_point=door, name="终端", state_changed_at=LATE, credential_issued_at=LATE, **own
    )
    published = {"state": "published", "published_at": LATE, "content_hash": "f" * 64, "published_by": user}
    notice = add("transparency.Notice", version=1, storage_mode="portal", **published, **own)
    draft = add("transparency.Notice", version=2, storage_mode="portal", **own)
    owner = add("people.Person", kind="resident", **own)
    renter = add("people.Person", kind="resident", stay_ends_on=date(2027, 1, 1), **own)
    for person in (owner, renter):
        add("people.PersonIdentity", person=person, name="李阿姨", **own)
        add("people.PersonalLink", person=person, token_hash=person.pk.hex * 2, expires_at=LATE, **own)
    answer = {"notice": notice, "notice_hash": "f" * 64, "language": "zh-hans", "decided_at": LATE, "person": owner}
    yes = add("people.Consent", purpose="recognition", decision="agree", **answer, **own)
    ended = add("people.Consent", purpose="recognition", decision="agree", withdrawn_at=LATE, **answer, **own)
    no = add("people.Consent", purpose="transmission", decision="decline", **answer, **own)
    asked = {"kind": "access", "name": "李阿姨", "contact": "13800138000", "due_on": date(2026, 3, 2)} | own
    closed = {"state": "answered", "answer": "请下载", "closed_at": LATE}
    add("rights.RightsRequest", number="R-2601-001", code_hash="1" * 64, **asked)
    answered = add("rights.RightsRequest", number="R-2601-002", code_hash="2" * 64, person=owner, **asked | closed)
    refused = add(
        "rights.RightsRequest", number="R-2601-003", code_hash="3" * 64, **asked | closed | {"state": "refused"}
    )
    erasure = add("rights.Erasure", person=owner, reason="withdrawn", ordered_at=LATE, request=answered, **own)
    add("rights.ErasureReceipt", erasure=erasure, store="identity", erased=1, remaining=0, at=LATE, **own)
    wrapping = add("vault.HandlerKey", handler=house.handler, wrapped=b"w")
    for person, wrapped, destroyed in ((owner, b"w", None), (renter, None, LATE)):
        add("vault.PersonKey", person=person, wrapped=wrapped, destroyed_at=destroyed, **own)
    add("enrollment.Enrollment", person=owner, state="done", model_version="dlib", **own)
    add("matching.DoorEvent", device=device, mode="verify", is_allowed=False, rule="no_match", at=LATE, **own)
    return {"notice": notice.pk, "draft": draft.pk, "owner": owner.pk, "renter": renter.pk,
            "yes": yes.pk, "ended": ended.pk, "no": no.pk, "wrapping": wrapping.pk,
            "answered": answered.pk, "refused": refused.pk}  # fmt: skip


def test_a_portal_filled_before_the_gate_comes_through_with_every_row(database: str, django_db_setup: None) -> None:
    models, changed = go_back_then()
    rows = fill(models)
    counted = {label: models.get_model(label).objects.using(ALIAS).count() for label in changed}
    assert [label for label, count in counted.items() if not count] == [], "tables changed since, without a row here"
    connections[ALIAS].close()

    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    environment = os.environ | {"DATABASE_URL_OWNER": database}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]

    first_days = ask("SELECT id, effective_on FROM transparency_notice")
    assert dict(first_days) == {rows["notice"]: date(2026, 2, 1), rows["draft"]: None}
    assert ask("SELECT handler_key_id FROM vault_personkey") == [(rows["wrapping"],)] * 2
    periods = dict(ask("SELECT id, ends_on FROM people_consent"))
    assert periods == {rows["yes"]: date(2026, 5, 12), rows["ended"]: date(2026, 5, 12), rows["no"]: None}
    took_back = dict(ask("SELECT id, withdrawn_by FROM people_consent"))
    assert took_back == {rows["yes"]: "", rows["ended"]: "person", rows["no"]: ""}
    # Until then the desk said who asks, and a refusal had its reason in its text.
    proved = dict(ask("SELECT id, identity_by FROM rights_rightsrequest WHERE identity_by <> ''"))
    assert proved == {rows["answered"]: "in_person"}
    reasons = ask("SELECT id, refusal_code, refusal_article FROM rights_rightsrequest WHERE refusal_code <> ''")
    assert reasons == [(rows["refused"], "other", "PIPL 50")]
    assert ask("SELECT DISTINCT allows_under_14 FROM transparency_notice") == [(False,)]
    assert dict(ask("SELECT id, kind FROM people_person")) == {rows["owner"]: "owner", rows["renter"]: "renter"}
    held = ask(
        "SELECT codename FROM organizations_propertyuserpermission g JOIN auth_permission p ON p.id = g.permission_id"
    )
    assert {codename for (codename,) in held} == {right.value for right in ROLE_PERMISSIONS[Role.OWNER]}
    with pytest.raises(Exception, match="never changes"):
        ask("UPDATE transparency_notice SET effective_on = NULL RETURNING 1")
    later = {label: ask(f"SELECT count(*) FROM {label.replace('.', '_')}")[0][0] for label in changed}  # noqa: S608 - our own tables
    assert later == counted
    # What this run's tests run on, mostly copied (portal/stack/schema.py), is what all the steps lead to.
    fresh = f"{database.rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    assert described(database, "--schema-only") == described(fresh, "--schema-only")
