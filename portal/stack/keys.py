"""The keys of an installation, made once, on the first run.

Each is a file of one line of base64 (32 random bytes, of Django's own 48), readable by its owner only. None is ever
made a second time beside existing data: a new master key would not open the old templates, and
would look as if everything were well (PIPL Art 51: loss of personal information).
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from portal.stack.failure import StackError


@dataclass(frozen=True)
class Keys:
    """Paths of the key files, and the passwords of the embedded database's roles."""

    folder: Path
    database_passwords: dict[str, str]

    @property
    def master(self) -> Path:
        return self.folder / "master.key"

    @property
    def master_next(self) -> Path:
        """The key that a rotation moves to, put there by the operator; absent otherwise."""
        return self.folder / "master.next.key"

    @property
    def capture_private(self) -> Path:
        return self.folder / "capture.key"

    @property
    def capture_public(self) -> Path:
        return self.folder / "capture.pub"

    @property
    def evidence_private(self) -> Path:
        return self.folder / "evidence.key"

    @property
    def evidence_public(self) -> Path:
        """One public key a line: every key that has ever signed evidence here, the present one last."""
        return self.folder / "evidence.pub"

    @property
    def secret(self) -> Path:
        return self.folder / "secret.key"


def ensure_keys(folder: Path, *, roles: tuple[str, ...], has_data: bool) -> Keys:
    """Read the keys in `folder`, or make them when the installation is new.

    Raises StackError when the master key or the database passwords are gone but the data is there.
    """
    passwords = folder / "database.json"
    for file in (folder / "master.key", passwords):
        if has_data and not file.exists():
            raise StackError(
                f"The database has data, but its key file {file} is missing.",
                "Put the file back from your key backup; a new one would not open what is stored.",
            )
    keys = Keys(folder, {})
    for file, size in ((keys.master, 32), (keys.secret, 48)):  # Django asks for fifty characters of its own key
        if not file.exists():
            write_private(file, encode(secrets.token_bytes(size)))
    if not keys.capture_private.exists():
        # Captures live for minutes, so a new pair costs at most one repeated photo.
        pair = X25519PrivateKey.generate()
        write_private(keys.capture_private, encode(pair.private_bytes_raw()))
        write_private(keys.capture_public, encode(pair.public_key().public_bytes_raw()))
    ensure_evidence_key(keys)
    if not passwords.exists():
        write_private(passwords, json.dumps({role: secrets.token_urlsafe(24) for role in roles}))
    return Keys(folder, json.loads(passwords.read_text()))


def ensure_evidence_key(keys: Keys) -> None:
    """Make the key that signs evidence, or, when the operator has put another in its place, list that one too.

    Raises StackError when it is gone but has signed before, and when it is not a key.
    """
    known = keys.evidence_public.read_text().split() if keys.evidence_public.exists() else []
    if not keys.evidence_private.exists():
        if known:
            raise StackError(
                f"The key that signs certificates, {keys.evidence_private}, is missing.",
                "Put the file back from your key backup; docs/operations.md says what to do when it is lost for good.",
            )
        write_private(keys.evidence_private, encode(secrets.token_bytes(32)))
    try:
        seed = base64.b64decode(keys.evidence_private.read_text().strip(), validate=True)
        pair = Ed25519PrivateKey.from_private_bytes(seed)
    except ValueError as error:
        raise StackError(
            f"The file {keys.evidence_private} is not a key.", "It holds 32 bytes in base64, on one line."
        ) from error
    public = encode(pair.public_key().public_bytes_raw())
    if public not in known:
        write_private(keys.evidence_public, "\n".join([*known, public]))


def encode(raw: bytes) -> str:
    """Bytes as one line of base64, the form that an environment variable can hold too."""
    return base64.b64encode(raw).decode()


def write_private(path: Path, text: str) -> None:
    """Write a file that was never readable by anyone else, whole or not at all."""
    draft = path.with_suffix(path.suffix + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
