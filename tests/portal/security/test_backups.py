"""A backup is sealed before it reaches the disk, comes back whole or not at all, and brings back nobody erased."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pyrage
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from pyrage import x25519

from portal.security import backups
from portal.security.detection import readers
from portal.security.models import AccessEvent
from tenants.organizations.scoping import tenant_context
from tenants.organizations.trail import Kind
from tenants.people.models import Person
from tenants.rights import ledger
from tenants.rights.kinds import ErasureReason
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.recognition.steps import enroll

SERVER = os.environ.get("DATABASE_URL_OWNER", "").rpartition("/")[0]
CANARY = "金丝雀·备份"
PIECE = 65_536  # age proves and gives out so many bytes at a time
WRITTEN = backups.BEGINNING + os.urandom(3 * PIECE)


@pytest.fixture
def identity() -> x25519.Identity:
    return x25519.Identity.generate()


@pytest.fixture
def identity_file(identity: x25519.Identity, tmp_path: Path) -> Path:
    """As age-keygen writes it."""
    file = tmp_path / "backup.key"
    file.write_text(f"# created: 2026-01-01\n# public key: {identity.to_public()}\n{identity}\n")
    return file


@pytest.fixture
def empty() -> Iterator[str]:
    """The name of a database without tables."""
    name = f"empty_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name}")
        yield name
        owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


def database(name: str) -> dict[str, object]:
    return connection.settings_dict | {"NAME": name}


def tables(name: str) -> int:
    with psycopg.connect(f"{SERVER}/{name}") as owner:
        row = owner.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert row is not None
    return int(row[0])


def restore(name: str, file: Path, identity: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command itself, as the owner of that database, with the ledger of this test."""
    # Its ledger is "0" below the folder, whichever test process asks (portal/settings/test.py).
    env = os.environ | {
        "DATABASE_URL_OWNER": f"{SERVER}/{name}",
        "LEDGER_DIR": str(folder),
        "PYTEST_XDIST_WORKER": "gw0",
    }
    command = [sys.executable, "manage.py", "restore", "--from", str(file), "--identity", str(identity)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


@pytest.mark.django_db(transaction=True)
def test_who_was_erased_after_the_backup_is_erased_again_before_anything_runs(
    identity: x25519.Identity, identity_file: Path, empty: str, tmp_path: Path, settings: object
) -> None:
    settings.LEDGER_DIR = tmp_path / "0"  # as the settings of the tests name it (portal/settings/test.py)
    settings.LEDGER_DIR.mkdir()
    with transaction.atomic():
        tenant = factories.make_property(name=CANARY)
        factories.make_active_device(tenant)
        erased, _visit = factories.make_consented_person(tenant)
        stays, _visit = factories.make_consented_person(tenant)
        enroll(tenant, erased, "li")
        enroll(tenant, stays, "wang")
        transaction.get_connection().run_on_commit.clear()  # no worker is there to be told
    sealed = tmp_path / "backup.age"
    call_command("backup", to=sealed, recipient=[str(identity.to_public())])
    said = AccessEvent.objects.filter(tenant=None, actor=readers.BACKUP, kind=Kind.EXPORTED)
    assert said.count() == 1, "who watches the templates is told first"

    content = sealed.read_bytes()
    assert content.startswith(b"age-encryption.org/v1\n")
    assert backups.BEGINNING not in content
    assert CANARY.encode() not in content
    plain = pyrage.decrypt(content, [identity])
    assert plain.startswith(backups.BEGINNING)
    assert sealed.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []

    with tenant_context(tenant.pk):
        order_erasure(tenant=tenant, person=Person.objects.get(pk=erased.pk), reason=ErasureReason.REQUESTED)
        transaction.get_connection().run_on_commit.clear()
    assert ledger.record(tenant_id=tenant.pk) == 1

    done = restore(empty, sealed, identity_file, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "1 erasures ordered again, 0 known, 0 of persons who are not in this database, 0 failed." in done.stdout
    with psycopg.connect(f"{SERVER}/{empty}") as owner:
        states = dict(owner.execute("SELECT id, face_state FROM people_person").fetchall())
        destroyed = owner.execute("SELECT person_id FROM vault_personkey WHERE destroyed_at IS NOT NULL").fetchall()
        names = owner.execute("SELECT name FROM organizations_property").fetchall()
        owner.execute("SET ROLE consentry_web")
        seen = owner.execute("SELECT count(*) FROM people_person").fetchone()
    assert states == {erased.pk: "erasing", stays.pk: "enrolled"}
    assert destroyed == [(erased.pk,)]
    assert (CANARY,) in names
    assert seen == (0,), "without a property the walls of row-level security stand again"

    again = restore(empty, sealed, identity_file, tmp_path)
    assert again.returncode == 1
    assert "A backup goes into an empty one only." in again.stderr


class TestWhatIsRefused:
    @pytest.fixture
    def sealed(self, identity: x25519.Identity, tmp_path: Path) -> Path:
        file = tmp_path / "backup.age"
        file.write_bytes(pyrage.encrypt(WRITTEN, [identity.to_public()]))
        return file

    def refusal(self, file: Path, identity: Path, name: str = "nowhere") -> str:
        """Why it is not put back. No database of that name exists, so none was touched."""
        with pytest.raises(backups.BackupError) as refused:
            backups.read_back(database(name), file=file, identity=identity)
        return str(refused.value)

    def test_another_key(self, sealed: Path, tmp_path: Path) -> None:
        other = tmp_path / "other.key"
        other.write_text(str(x25519.Identity.generate()))
        assert "is sealed to another key" in self.refusal(sealed, other)

    @pytest.mark.parametrize("missing", [1, PIECE, 2 * PIECE, 3 * PIECE])
    def test_a_missing_end(self, missing: int, sealed: Path, identity_file: Path) -> None:
        os.truncate(sealed, sealed.stat().st_size - missing)
        assert "its end is missing" in self.refusal(sealed, identity_file)

    def test_pieces_that_are_missing_to_the_byte(self, sealed: Path, identity_file: Path) -> None:
        """Whole pieces are left, each of them genuine; age marks the last one."""
        head = sealed.stat().st_size - (len(WRITTEN) + 4 * 16)
        os.truncate(sealed, head + 2 * (PIECE + 16))
        assert "its end is missing" in self.refusal(sealed, identity_file)

    def test_a_changed_byte(self, sealed: Path, identity_file: Path) -> None:
        content = bytearray(sealed.read_bytes())
        content[-PIECE] ^= 1
        sealed.write_bytes(content)
        assert "a part of it was changed" in self.refusal(sealed, identity_file)

    @pytest.mark.parametrize("content", [b"", b"PGDMP in clear", b"age-encryption.org/v1\n"])
    def test_what_is_not_sealed(self, content: bytes, sealed: Path, identity_file: Path) -> None:
        sealed.write_bytes(content)
        assert "is no sealed backup" in self.refusal(sealed, identity_file)

    def test_something_else_that_is_sealed(self, sealed: Path, identity: x25519.Identity, identity_file: Path) -> None:
        sealed.write_bytes(pyrage.encrypt(b"holiday pictures", [identity.to_public()]))
        assert "holds no backup of a database" in self.refusal(sealed, identity_file)

    @pytest.mark.parametrize("content", ["", "# only a comment\n", "AGE-SECRET-KEY-1SECRETHALF\n"])
    def test_an_identity_file_without_a_key_and_it_is_not_quoted(
        self, content: str, sealed: Path, tmp_path: Path
    ) -> None:
        file = tmp_path / "broken.key"
        file.write_text(content)
        said = self.refusal(sealed, file)
        assert f"The identity file {file} holds" in said
        assert "SECRETHALF" not in said

    def test_a_backup_that_postgresql_cannot_read_leaves_the_database_empty(
        self, sealed: Path, identity_file: Path, empty: str
    ) -> None:
        assert "pg_restore: error:" in self.refusal(sealed, identity_file, empty)
        assert tables(empty) == 0

    def test_a_file_that_is_there(self, sealed: Path, identity: x25519.Identity) -> None:
        before = sealed.read_bytes()
        with pytest.raises(backups.BackupError, match="takes the place of nothing"):
            backups.write(database("nowhere"), to=sealed, recipients=[str(identity.to_public())])
        assert sealed.read_bytes() == before

    def test_a_private_key_in_the_place_of_a_public_one(self, identity: x25519.Identity, tmp_path: Path) -> None:
        with pytest.raises(backups.BackupError, match="no public key") as refused:
            backups.write(database("nowhere"), to=tmp_path / "new.age", recipients=[str(identity)])
        assert str(identity) not in str(refused.value)

    def test_a_disk_without_room(self, identity: x25519.Identity, tmp_path: Path) -> None:
        with pytest.raises(backups.BackupError, match="MB free; the backup may need"):
            backups.write(
                database("nowhere"), to=tmp_path / "new.age", recipients=[str(identity.to_public())], needs=2**60
            )

    def test_a_dump_that_ends_early_leaves_no_file(self, identity: x25519.Identity, tmp_path: Path) -> None:
        """Its end looks like the end of a dump; what tells them apart is how the program ended."""
        with pytest.raises(backups.BackupError, match="pg_dump: error:"):
            backups.write(database("nowhere"), to=tmp_path / "new.age", recipients=[str(identity.to_public())])
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("command", "about"),
        [("backup", {"to": Path("a"), "recipient": ["b"]}), ("restore", {"file": Path("a"), "identity": Path("b")})],
    )
    def test_another_process_than_the_owners(self, command: str, about: dict[str, object], settings: object) -> None:
        settings.CONSENTRY_ROLE = "web"
        with pytest.raises(CommandError, match="Only the owner of the tables can"):
            call_command(command, **about)
