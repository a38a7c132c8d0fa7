"""The evidence bundle: complete, honest about what is not known, and of which no byte can be changed."""

import base64
import hashlib
import io
import json
import random
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from portal.web.bundle_files import bundle
from recognition.edge.kinds import OrderKind, OrderState
from recognition.edge.models import DeviceOrder
from recognition.matching.models import DoorEvent
from tenants.clearance import evidence
from tenants.clearance.services import check_person
from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.premises.kinds import DeviceMode, MethodKind
from tenants.premises.models import AccessMethod, Device
from tenants.premises.services import doors
from tenants.rights import bundle_archive, jobs
from tenants.rights.certificate_text import check as check_certificate
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.models import Erasure
from tenants.rights.services import bundles, certificates
from tenants.rights.services.erasures import order_erasure
from tenants.rights.services.withdrawals import withdraw
from tenants.transparency.models import Notice
from tests import factories
from tests.roles import database_role

CANARY = "卡娜丽小姐"


@pytest.fixture
def used(tenant: Property) -> tuple[Person, Device]:
    """Somebody with a name to look for, who agreed and passed a door by face."""
    device, _code = factories.make_active_device(tenant)
    person = factories.make_person(tenant, CANARY)
    visit = factories.make_visit(tenant, person)
    factories.agree(visit)
    evidence.keep(subject=person, checks=check_person(Person.objects.get(pk=person.pk)))
    knock(person, device)
    return Person.objects.select_related("tenant__handler").get(pk=person.pk), device


def knock(person: Person, device: Device, *, method: MethodKind = MethodKind.FACE) -> DoorEvent:
    event = DoorEvent(
        tenant=person.tenant, device=device, person=person, method=method, mode=DeviceMode.VERIFY,
        is_allowed=True, rule="matched", at=timezone.now(),
    )  # fmt: skip
    event.save()
    return event


def erased(person: Person, scope: ErasureScope = ErasureScope.PERSON) -> Erasure:
    erasure = order_erasure(tenant=person.tenant, person=person, reason=ErasureReason.REQUESTED, scope=scope)
    with database_role("recognition"):
        jobs.erase(tenant_id=person.tenant_id, erasure_id=erasure.pk, runs_as="recognition")
    jobs.erase(tenant_id=person.tenant_id, erasure_id=erasure.pk, runs_as="web")
    erasure.refresh_from_db()
    return erasure


def unpacked(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


class TestContents:
    def test_the_chain_from_notice_to_match_is_there(self, tenant: Property, used: tuple[Person, Device]) -> None:
        person, device = used
        says = bundles.contents(person=person)
        notice = Notice.objects.filter(tenant=tenant).current()
        assert [row["sha256"] for row in says["notices"]] == [notice.content_hash]
        assert {row["notice_sha256"] for row in says["consents"]} == {notice.content_hash}
        match = says["matches"][0]
        assert match["is_allowed"] and match["gate_of_person"]["is_allowed"] and match["gate_of_device"]["is_allowed"]
        assert set(match["consents"]) == {row["id"] for row in says["consents"]}
        door = next(row for row in says["doors"] if row["id"] == str(device.access_point_id))
        assert [way["kind"] for way in door["ways"]] == ["card"] and door["ways"][0]["spans"][0]["works"]
        assert door["gaps"] == [] and door["devices"][0]["gate"][-1]["is_allowed"]

    def test_a_notice_file_gives_the_fingerprint_that_the_consent_names(self, used: tuple[Person, Device]) -> None:
        says = bundles.contents(person=used[0])
        files = bundles.files(person=used[0], says=says)
        row = says["notices"][0]
        assert hashlib.sha256(files[row["hashed_text"]]).hexdigest() == says["consents"][0]["notice_sha256"]
        assert "retention_en text" in files[row["readable_text"]].decode()

    def test_passes_are_none_of_its_business(self, used: tuple[Person, Device]) -> None:
        person, device = used
        knock(person, device, method=MethodKind.CARD)
        assert len(bundles.contents(person=person)["matches"]) == 1

    def test_a_way_that_stopped_leaves_a_gap_and_is_not_painted_over(
        self, tenant: Property, used: tuple[Person, Device]
    ) -> None:
        person, device = used
        card = AccessMethod.objects.get(access_point=device.access_point, kind=MethodKind.CARD)
        doors.set_method_live(tenant=tenant, method=card, is_live=False)
        door = next(row for row in bundles.contents(person=person)["doors"] if row["id"] == str(device.access_point_id))
        assert [span["works"] for span in door["ways"][0]["spans"]] == [True, False]
        assert len(door["gaps"]) == 1
        assert not door["devices"][0]["gate"][-1]["is_allowed"]

    def test_the_number_of_queries_does_not_grow(self, tenant: Property, used: tuple[Person, Device]) -> None:
        person, device = used

        def asked() -> int:
            with CaptureQueriesContext(connection) as captured:
                says = bundles.contents(person=person)
                bundles.files(person=person, says=says)
            return len(captured)

        few = asked()
        for _number in range(3):
            factories.make_active_device(tenant)
            knock(person, device)
        erased(person, ErasureScope.FACE)
        erased(person, ErasureScope.FACE)
        # Receipts are fetched with the erasures, once for each of the two passes, when there are any.
        assert asked() <= few + 2 <= 20

    def test_of_somebody_erased_the_evidence_remains_without_name_or_match(self, used: tuple[Person, Device]) -> None:
        person, _device = used
        erasure = erased(person)
        certificate = certificates.issue(erasure_id=erasure.pk)
        person = Person.objects.select_related("tenant__handler").get(pk=person.pk)
        archive = bundle(person)
        says = json.loads(unpacked(archive)["evidence.json"])
        assert says["person"]["identity_erased"] and says["consents"] and says["gate"] and says["matches"] == []
        assert says["erasures"][0]["id"] == str(erasure.pk) and says["erasures"][0]["receipts"]
        receipts = [name for name in unpacked(archive) if name.startswith(f"receipts/{erasure.pk}")]
        assert len(receipts) == len(says["erasures"][0]["receipts"])
        assert check_certificate(unpacked(archive)[f"certificates/{certificate.number}.json"]).verdict == "valid"

    def test_a_withdrawal_is_told(self, tenant: Property) -> None:
        person, visit = factories.make_consented_person(tenant)
        withdraw(visit=visit)
        says = bundles.contents(person=Person.objects.select_related("tenant__handler").get(pk=person.pk))
        assert all(row["withdrawn_at"] and row["withdrawn_by"] == "person" for row in says["consents"])

    def test_who_never_answered_has_an_honest_bundle(self, tenant: Property) -> None:
        person = Person.objects.select_related("tenant__handler").get(pk=factories.make_person(tenant).pk)
        says = bundles.contents(person=person)
        assert says["doors"] == [] and says["period"] == {"since": None, "until": None}
        assert bundle_archive.check(bundle(person)).is_valid


def test_no_name_no_contact_and_no_face_are_in_it(used: tuple[Person, Device]) -> None:
    person, _device = used
    for archive in (bundle(person), (erased(person), bundle(person))[1]):
        for name, content in unpacked(archive).items():
            for word in (CANARY, "13800138000", "3-1202"):
                assert word.encode() not in content, name
                assert json.dumps(word)[1:-1].encode() not in content, name
            assert not {"embedding", "template_bytes", "score"} & set(content.decode(errors="replace").split('"')), name


def test_the_page_reads_offline_in_both_languages(used: tuple[Person, Device]) -> None:
    page = unpacked(bundle(used[0]))["index.html"].decode()
    assert 'lang="zh-hans"' in page and "What was shown" in page and "@media print" in page
    assert not [word for word in ("<script", "<link", "@import", "url(", "src=") if word in page]


class TestChecks:
    def test_the_manifest_and_signature_hold_for_public_tools(
        self, used: tuple[Person, Device], tmp_path: Path
    ) -> None:
        openssl, sums = shutil.which("openssl"), shutil.which("sha256sum")
        if not openssl or not sums:
            pytest.skip("openssl or sha256sum is not installed")
        for name, content in unpacked(bundle(used[0])).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(content)
        verify = [openssl, "pkeyutl", "-verify", "-pubin", "-inkey", "public-key.pem", "-rawin"]
        verify += ["-in", "manifest.sha256", "-sigfile", "manifest.sig"]

        def run(*command: str) -> int:
            return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

        assert (run(sums, "-c", "manifest.sha256"), run(*verify)) == (0, 0)
        with (tmp_path / "evidence.json").open("a") as file:
            file.write(" ")
        assert run(sums, "-c", "manifest.sha256") != 0
        with (tmp_path / "manifest.sha256").open("a") as file:
            file.write(" ")
        assert run(*verify) != 0

    def test_the_command_ends_with_an_error_after_a_change(
        self, used: tuple[Person, Device], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "bundle.zip"
        file.write_bytes(bundle(used[0]))
        call_command("verify_bundle", str(file))
        assert "Valid:" in capsys.readouterr().out
        file.write_bytes(file.read_bytes().replace(b"agree", b"agred", 1))
        with pytest.raises(CommandError, match="CRC"):
            call_command("verify_bundle", str(file), "--json")
        assert json.loads(capsys.readouterr().out)["is_valid"] is False
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("verify_bundle", "nothing.zip")

    def test_somebody_elses_signature_is_refused_and_a_key_that_is_given_counts(
        self, used: tuple[Person, Device], settings: Settings
    ) -> None:
        ours = bundle(used[0])
        pem = unpacked(ours)["public-key.pem"]
        theirs = Ed25519PrivateKey.generate()
        public = theirs.public_key()
        mine = settings.EVIDENCE_PUBLIC_KEYS
        settings.EVIDENCE_KEY = base64.b64encode(theirs.private_bytes_raw()).decode()
        settings.EVIDENCE_PUBLIC_KEYS = base64.b64encode(public.public_bytes_raw()).decode()
        forged = bundle(used[0])
        settings.EVIDENCE_PUBLIC_KEYS = mine
        assert not bundle_archive.check(forged).is_valid
        assert bundle_archive.check(ours, key=pem).is_valid
        other = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        assert not bundle_archive.check(ours, key=other).is_valid
        assert bundle_archive.check(forged, key=other).is_valid
        assert not bundle_archive.check(ours, key=b"no key").is_valid

    def test_500_random_changes_removals_and_insertions_are_all_found(self, used: tuple[Person, Device]) -> None:
        """Of the files inside, in a zip that is made well again, and of the bytes of the zip itself."""
        person, _device = used
        erased(person)
        archive = bundle(Person.objects.select_related("tenant__handler").get(pk=person.pk))
        files = unpacked(archive)
        assert bundle_archive.check(archive).is_valid
        dice = random.Random(5)  # noqa: S311 - the same every time; nothing is kept secret by it
        unnoticed = []
        for number in range(500):
            name = dice.choice(sorted(files))
            changed, what = dict(files), dice.choice(["change", "remove", "insert", "drop", "add", "rename"])
            if what == "drop":
                del changed[name]
            elif what == "add":
                changed[f"{name}.{number}"] = b"x"
            elif what == "rename":
                changed[f"{name}{number}"] = changed.pop(name)
            else:
                changed[name] = spoiled(files[name], what, dice)
            if bundle_archive.check(bundle_archive._zip(changed)).is_valid:
                unnoticed.append((number, what, name))
            raw = spoiled(archive, dice.choice(["change", "remove", "insert"]), dice)
            if bundle_archive.check(raw).is_valid:
                unnoticed.append((number, "zip", ""))
        assert unnoticed == []

    def test_a_zip_with_a_name_twice_or_with_bytes_around_it_is_found(self, used: tuple[Person, Device]) -> None:
        archive = bundle(used[0])
        twice = io.BytesIO(archive)
        with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(twice, "a") as opened:
            opened.writestr("evidence.json", unpacked(archive)["evidence.json"])
        for other in (twice.getvalue(), b"#!/bin/sh\n" + archive, archive + b"more", b"", b"PK\x05\x06" + bytes(18)):
            assert not bundle_archive.check(other).is_valid


def spoiled(content: bytes, what: str, dice: random.Random) -> bytes:
    at = dice.randrange(len(content))
    if what == "remove":
        return content[:at] + content[at + 1 :]
    if what == "insert":
        return content[:at] + bytes([dice.randrange(256)]) + content[at:]
    return content[:at] + bytes([content[at] ^ dice.randrange(1, 256)]) + content[at + 1 :]


def test_a_terminals_receipt_is_there_word_for_word(used: tuple[Person, Device]) -> None:
    person, device = used
    order = DeviceOrder(
        tenant=person.tenant, device=device, number=7, kind=OrderKind.DELETE, person=person, state=OrderState.DONE,
        created_at=timezone.now(), finished_at=timezone.now(), receipt='{"gone":true}', signature=b"s" * 64,
    )  # fmt: skip
    order.save()
    body = json.loads(unpacked(bundle(person))[f"receipts/terminal-{device.pk}-7.json"])
    assert body["receipt"] == '{"gone":true}' and base64.b64decode(body["signature"]) == b"s" * 64
