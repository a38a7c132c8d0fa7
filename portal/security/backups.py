"""A backup of the database, sealed on its way to the disk (age, age-encryption.org), and its return.

What pg_dump says goes through the seal as it comes: nothing of it is ever written in clear, on either way. Whoever
makes a backup needs the public key only; the private one stays where backups are opened. Keys of the application and
the ledger of erasures are not in it (docs/operations.md).
"""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import pyrage
from psycopg import conninfo
from pyrage import x25519

from portal.stack.postgres import BINARIES

BEGINNING = b"PGDMP"  # of every archive of pg_dump
_RIGHTS = "--enable-row-security"  # as the owner sees the rows; otherwise both programs want a superuser


class BackupError(Exception):
    """One sentence for whoever runs the command."""


def write(database: Mapping[str, Any], *, to: Path, recipients: Sequence[str], needs: int = 0) -> int:
    """Back the database up into the new file `to`, sealed to every recipient (age1…). Returns its size in bytes.

    `database` is an entry of Django's DATABASES, `needs` how many bytes must be free. The file is readable by its owner
    only, and is there whole or not at all. Raises BackupError.
    """
    keys = [_recipient(text) for text in recipients]
    if to.exists() or to.is_symlink():
        raise BackupError(f"{to} is there already. A backup takes the place of nothing; choose another name.")
    try:
        _check_room(to.parent, needs=needs)
        with _draft(to) as draft:
            with draft.open("wb") as sealed:
                with _program("pg_dump", database, "--format=custom", stdout=subprocess.PIPE) as dump:
                    pyrage.encrypt_io(dump.stdout, sealed, keys)
                sealed.flush()
                os.fsync(sealed.fileno())
            os.link(draft, to)  # unlike a renaming it takes the place of nothing that came meanwhile
        _make_durable(to.parent)
    except FileExistsError as error:
        raise BackupError(f"{to} was made by somebody else meanwhile.") from error
    except (OSError, pyrage.EncryptError) as error:
        raise BackupError(f"{to} could not be written: {error}.") from error
    return to.stat().st_size


def read_back(database: Mapping[str, Any], *, file: Path, identity: Path) -> None:
    """Put a backup into an empty database, all or nothing, as its owner. Raises BackupError.

    The whole file is opened once before the database is touched: a wrong key, a missing end or a changed byte is found
    first.
    """
    identities = _identities(identity)
    try:
        sealed = file.open("rb")
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror}.") from error
    with sealed:
        proof = _Sink()
        _open(sealed, proof, identities, file=file)
        if proof.beginning != BEGINNING:
            raise BackupError(f"{file} is sealed to this key, but it holds no backup of a database.")
        sealed.seek(0)
        arguments = ("--exit-on-error", "--single-transaction")
        with _program("pg_restore", database, *arguments, stdin=subprocess.PIPE) as restore:
            _open(sealed, _Sink(restore.stdin), identities, file=file)


class _Sink:
    """Passes on what is written into it, or forgets it. Knows how it began, and whether the reader has gone away."""

    def __init__(self, pipe: IO[bytes] | None = None) -> None:
        self._pipe = pipe
        self.beginning = b""
        self.is_abandoned = False

    def write(self, part: bytes) -> int:
        self.beginning = (self.beginning + part[: len(BEGINNING)])[: len(BEGINNING)]
        with self._noticing():
            return self._pipe.write(part) if self._pipe else len(part)

    def flush(self) -> None:
        with self._noticing():
            if self._pipe:
                self._pipe.flush()

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            self.is_abandoned = True
            raise


def _open(sealed: IO[bytes], into: _Sink, identities: list[x25519.Identity], *, file: Path) -> None:
    """Write what is sealed into `into`. Each piece is proved before it is written, and the last one to be the last.

    Returns early when nobody reads any more: the reader's own words say why.
    """
    try:
        pyrage.decrypt_io(sealed, into, identities)
    except (pyrage.DecryptError, OSError) as error:
        if into.is_abandoned:
            return
        if isinstance(error, OSError):
            raise BackupError(f"{file} is damaged: a part of it was changed, or its end is missing.") from error
        if "No matching keys" in str(error):
            raise BackupError(f"{file} is sealed to another key than that of the identity file.") from error
        raise BackupError(f"{file} is no sealed backup, or its beginning is damaged.") from error


def _recipient(text: str) -> x25519.Recipient:
    try:
        return x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:  # not quoted: it may be the private one
        raise BackupError("A recipient is no public key of age; it begins with age1.") from None


def _identities(file: Path) -> list[x25519.Identity]:
    """The private keys in a file of age-keygen: one a line, comments begin with #."""
    try:
        lines = [line.strip() for line in file.read_text().splitlines()]
        found = [x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except OSError as error:
        raise BackupError(f"The identity file {file} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, pyrage.IdentityError):  # never quoted: it may be half a key
        raise BackupError(f"The identity file {file} holds something else than keys of age.") from None
    if not found:
        raise BackupError(f"The identity file {file} holds no key.")
    return found


def _check_room(folder: Path, *, needs: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needs:
        raise BackupError(f"{folder} has {free // 2**20} MB free; the backup may need {needs // 2**20} MB.")


@contextmanager
def _draft(to: Path) -> Iterator[Path]:
    """A file beside `to` for its owner's eyes only, gone afterwards."""
    descriptor, name = tempfile.mkstemp(prefix=f".{to.name}.", suffix=".part", dir=to.parent)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _make_durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _program(
    name: str, database: Mapping[str, Any], *arguments: str, stdin: int | None = None, stdout: int | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run pg_dump or pg_restore on the database. Raises BackupError with its first complaint.

    It is killed when the block fails: before it reaches its end, so nothing is committed. The password is not on its
    command line, which every account of the machine can read.
    """
    command = [str(BINARIES / name), _RIGHTS, *arguments, f"--dbname={_address(database)}"]
    env = {
        "LC_ALL": "C", "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "PGPASSWORD": str(database["PASSWORD"]),
        "PGOPTIONS": "-c client_min_messages=error",
    }  # fmt: skip
    with subprocess.Popen(  # noqa: S603 - a program of our own, its words never a stranger's
        command, env=env, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE
    ) as process:
        said: list[bytes] = []
        listener = threading.Thread(target=lambda: said.extend(process.stderr or ()), daemon=True)
        listener.start()
        try:
            yield process
        except BaseException:
            process.kill()
            _close(process.stdin)
            raise
        _close(process.stdin)
        code = process.wait()
        listener.join()
    if code:
        # One line: those after it may quote a row.
        errors = [line.decode(errors="replace").strip() for line in said if b"error:" in line]
        raise BackupError(errors[0] if errors else f"{name} ended with {code}.")


def _close(pipe: IO[bytes] | None) -> None:
    """Let go of what a program reads; whether it wanted more says how it ended."""
    if pipe is not None:
        with suppress(BrokenPipeError):
            pipe.close()


def _address(database: Mapping[str, Any]) -> str:
    """Where the database is, without its password."""
    known = {"host": "HOST", "port": "PORT", "user": "USER", "dbname": "NAME"}
    parts = {name: str(database[key]) for name, key in known.items() if database.get(key)}
    tls = {name: value for name, value in database.get("OPTIONS", {}).items() if name.startswith("ssl")}
    return conninfo.make_conninfo(**parts, **tls)
