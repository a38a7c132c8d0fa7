"""A property's log: who may read it, what the filters find, and files that prove themselves."""

import base64
import csv
import hashlib
import io
import json
import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from pytest_django import Settings

from portal.security.audit import seals, standing
from portal.security.models import AccessEvent
from portal.security.tokens import issue
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission, Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.trail import Happening, Kind, note
from tests import factories
from tests.architecture.catalogue import execute
from tests.roles import database_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_anchor(tmp_path: Path, settings: Settings) -> None:
    settings.AUDIT_ANCHOR_DIR = tmp_path


@pytest.fixture
def reader(owner: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(owner)
    return client


def url(name: str, tenant: Property, query: str = "") -> str:
    return reverse(name, args=[tenant.slug]) + query


def read(tenant: Property, kind: Kind, user: User, subject: str = "") -> None:
    enter_tenant(tenant.pk)
    note(Happening(kind=kind, actor=f"user:{user.pk}", tenant_id=tenant.pk, subject=subject))


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.OWNER, 200), (Role.PRIVACY_OFFICER, 200), (Role.AUDITOR, 200), (Role.MANAGER, 403), (Role.FRONT_DESK, 403)],
)
def test_only_owner_privacy_officer_and_auditor_read_the_log(tenant: Property, role: Role, status: int) -> None:
    client = Client()
    client.force_login(factories.make_member(tenant, role))
    for name in ("audit", "audit_reads", "audit_export", "audit_reads_export"):
        assert client.get(url(name, tenant)).status_code == status


def test_the_filters_find_by_what_who_and_id(reader: Client, tenant: Property, owner: User) -> None:
    other = factories.make_member(tenant)
    read(tenant, Kind.IDENTITY_READ, owner, "person:aaaa")
    read(tenant, Kind.MINOR_READ, other, "person:bbbb")

    def found(query: str) -> set[str]:
        return {str(line.object) for line in reader.get(url("audit_reads", tenant, query)).context["lines"]}

    assert found("") == {"person aaaa", "person bbbb"}
    assert found(f"?kind={Kind.MINOR_READ}") == {"person bbbb"}
    assert found(f"?who={owner.pk}") == {"person aaaa"}
    assert found("?q=bbbb") == {"person bbbb"}
    assert found("?since=2020-01-01") == {"person aaaa", "person bbbb"}
    assert found("?until=2020-01-01") == set()


def test_changes_are_found_by_member_and_object(reader: Client, tenant: Property, owner: User) -> None:
    reader.post(
        reverse("person_add", args=[tenant.slug]), {"name": "赵敏", "kind": "owner", "age_band": "adult", "room": "1"}
    )
    mine = reader.get(url("audit", tenant, f"?who={owner.pk}")).context["lines"]
    assert mine and {line.who.words for line in mine} == {owner.email}
    pk = mine[0].object.code
    assert {line.object.code for line in reader.get(url("audit", tenant, f"?q={pk}")).context["lines"]} == {pk}


def test_a_page_says_codes_in_words_and_sets_ids_apart(reader: Client, tenant: Property, owner: User) -> None:
    enter_tenant(tenant.pk)
    facts = {"reason": "stranger", "right": "view_home", "count": 1200, "address": "f0" * 16}
    note(Happening(Kind.REFUSED, f"user:{owner.pk}", tenant.pk, "person:aaaa", facts))
    issue(tenant=tenant, actor=owner, name="报表", scopes=[Permission.VIEW_HOME])
    said = " ".join(reader.get(url("audit_reads", tenant)).content.decode().split())
    assert "How many: 1,200; Right: See today&#x27;s work; Reason: no member there; Network address:" in said
    assert f'<code class="break">{"f0" * 16}</code>' in said and '<code class="break">aaaa</code>' in said
    assert not re.search(r"stranger|view_home|user:|person:", said.partition("<tbody>")[2].partition("</tbody>")[0])
    assert "Rights: See today&#x27;s work" in reader.get(url("audit", tenant)).content.decode()


def test_a_page_asks_no_more_for_more_entries(reader: Client, tenant: Property, owner: User) -> None:
    counts = []
    for _ in range(2):
        for name in ("audit", "audit_reads"):
            for _more in range(5):
                read(tenant, Kind.IDENTITY_READ, factories.make_member(tenant), "person:aaaa")
                factories.make_person(tenant)
            reader.get(url(name, tenant))
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert reader.get(url(name, tenant)).status_code == 200
            counts.append(len(asked))
    assert counts[:2] == counts[2:]


def test_nothing_of_another_property_is_shown_or_exported(reader: Client, tenant: Property, owner: User) -> None:
    foreign = factories.make_property()
    stranger = factories.make_member(foreign, Role.OWNER)
    read(foreign, Kind.IDENTITY_READ, stranger, "person:cccc")
    factories.make_person(foreign)
    for name in ("audit", "audit_reads", "audit_export", "audit_reads_export"):
        for query in ("", "?format=json"):
            said = reader.get(url(name, tenant, query)).content.decode()
            assert "cccc" not in said and str(foreign.pk) not in said and stranger.email not in said


def test_a_table_of_the_log_runs_no_formula_and_is_itself_in_the_log(
    reader: Client, tenant: Property, owner: User
) -> None:
    read(tenant, Kind.IDENTITY_READ, owner, "=cmd()")
    answer = reader.get(url("audit_reads_export", tenant))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][4].startswith("'=")
    last = AccessEvent.objects.order_by("-pk").first()
    assert last is not None
    assert (last.kind, last.facts) == (Kind.EXPORTED, {"what": "audit-reads", "count": 1})


@pytest.mark.parametrize("name", ["audit_export", "audit_reads_export"])
def test_a_file_with_proof_is_checked_with_hashes_and_a_public_key_alone(
    name: str, reader: Client, tenant: Property, owner: User
) -> None:
    for turn in range(3):
        read(tenant, Kind.IDENTITY_READ, owner, f"person:{turn}")
        factories.make_person(tenant)
    seals.seal()
    read(tenant, Kind.IDENTITY_READ, owner, "person:late")
    factories.make_person(tenant)
    file = json.loads(reader.get(url(name, tenant, "?format=json")).content)
    proved = {entry["leaf"]: proves(file, entry) for entry in file["entries"]}
    assert sum(proved.values()) >= 3
    assert [entry["seal"] for entry in file["entries"] if not proved[entry["leaf"]]] != []
    assert {entry["seal"] for entry in file["entries"] if not proved[entry["leaf"]]} == {None}
    forged = next(entry for entry in file["entries"] if entry["seal"]) | {"leaf": '{"table":"none"}'}
    assert not proves(file, forged)


def proves(file: dict, entry: dict) -> bool:
    """As docs/evidence.md says it, with nothing of ours."""
    if entry["seal"] is None:
        return False
    [seal] = [seal for seal in file["seals"] if json.loads(seal["body"])["number"] == entry["seal"]]
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(file["public_keys"][seal["key_id"]]))
    key.verify(base64.b64decode(seal["signature"]), seal["body"].encode())
    at = hashlib.sha256(b"\x00" + entry["leaf"].encode()).digest()
    for step in entry["steps"]:
        beside = bytes.fromhex(step["hash"])
        at = hashlib.sha256(b"\x01" + (beside + at if step["is_left"] else at + beside)).digest()
    return at.hex() == json.loads(seal["body"])["root"]


def test_the_page_says_until_when_the_log_was_verified(reader: Client, tenant: Property, owner: User) -> None:
    assert "has not been verified" in reader.get(url("audit", tenant)).content.decode()
    read(tenant, Kind.IDENTITY_READ, owner, "person:1")
    seals.seal()
    standing.check()
    assert "Verified until" in reader.get(url("audit", tenant)).content.decode()
    with database_role("owner"):
        execute("UPDATE security_accessevent SET subject = 'person:2' WHERE subject = 'person:1'")
    broken = standing.check()
    page = reader.get(url("audit", tenant)).content.decode()
    assert escape(f"The first: security_accessevent {broken.id}, changed.") in page
