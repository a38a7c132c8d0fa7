"""Who this terminal is: the keys that it made itself, and the key of its store. One file, readable by it alone."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import uuid
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from recognition.edge.agent.damage import Damaged

FILE = "identity.json"


class BadCode(ValueError):
    """Not a pairing code of the form cpc_<tenant>_<device>_<secret>."""


@dataclass(frozen=True)
class Identity:
    """One pair of keys at one device of one property. What is secret stays out of `repr`."""

    tenant: uuid.UUID
    device: uuid.UUID
    code: str  # SHA-256 of the pairing code, so that the same code given twice is not used twice
    store: str  # name of the store; a new pairing begins with an empty one
    store_key: bytes = field(repr=False)
    signing: Ed25519PrivateKey = field(repr=False)
    sealing: X25519PrivateKey = field(repr=False)

    @property
    def public(self) -> dict[str, str]:
        """Both public keys, in base64."""
        keys = {
            "signing_key": self.signing.public_key().public_bytes_raw(),
            "sealing_key": self.sealing.public_key().public_bytes_raw(),
        }
        return {name: base64.b64encode(key).decode() for name, key in keys.items()}

    @property
    def keyid(self) -> str:
        thumbprint = hashlib.sha256(self.signing.public_key().public_bytes_raw()).hexdigest()[:32]
        return f"{self.tenant.hex}.{self.device.hex}.{thumbprint}"

    def sign(self, text: str) -> str:
        return base64.b64encode(self.signing.sign(text.encode())).decode()


def fingerprint(code: str) -> str:
    return hashlib.sha256(code.strip().encode()).hexdigest()


def paired_by(code: str) -> Identity:
    """A new identity for the device that a pairing code names. Raises BadCode."""
    try:
        prefix, tenant, device, _secret = code.strip().split("_", 3)
        if prefix != "cpc":
            raise BadCode("A pairing code begins with cpc_.")
        names = uuid.UUID(hex=tenant), uuid.UUID(hex=device)
    except ValueError as error:
        raise BadCode("This is not a pairing code: cpc_…") from error
    return Identity(
        tenant=names[0],
        device=names[1],
        code=fingerprint(code),
        store=secrets.token_hex(8),
        store_key=secrets.token_bytes(32),
        signing=Ed25519PrivateKey.generate(),
        sealing=X25519PrivateKey.generate(),
    )


def with_new_keys(identity: Identity) -> Identity:
    """The same terminal and store with other keys, for a rotation."""
    return replace(identity, signing=Ed25519PrivateKey.generate(), sealing=X25519PrivateKey.generate())


@dataclass
class Keeper:
    """The file. `next` holds keys whose acceptance was not heard yet: they must not be lost either."""

    home: Path
    current: Identity | None = None
    next: Identity | None = None

    @classmethod
    def open(cls, home: Path) -> Keeper:
        """Raises Damaged."""
        try:
            content = (home / FILE).read_bytes()
        except FileNotFoundError:
            return cls(home)
        try:
            held = json.loads(content)
            return cls(home, *(_read(held[name]) for name in ("current", "next")))
        except (ValueError, TypeError, KeyError):
            # Without the cause: it would quote what stands in the file.
            raise Damaged(f"{home / FILE} is damaged. Move it away; the terminal must be paired again.") from None

    def propose(self, identity: Identity) -> Identity:
        self.next = identity
        self._write()
        return identity

    def promote(self) -> Identity:
        """The portal knows the next keys: from here on they are the only ones."""
        if self.next is None:
            raise RuntimeError("There are no next keys.")
        self.current, self.next = self.next, None
        self._write()
        return self.current

    def discard(self) -> None:
        self.next = None
        self._write()

    def _write(self) -> None:
        """Replace the file as a whole: after a loss of power the old one or the new one is there."""
        content = json.dumps({"current": _written(self.current), "next": _written(self.next)}).encode()
        place = self.home / FILE
        draft = place.with_suffix(".new")
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, place)
        folder = os.open(self.home, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _written(identity: Identity | None) -> dict[str, str] | None:
    if identity is None:
        return None
    secret = {
        "store_key": identity.store_key,
        "signing": identity.signing.private_bytes_raw(),
        "sealing": identity.sealing.private_bytes_raw(),
    }
    return {
        "tenant": str(identity.tenant),
        "device": str(identity.device),
        "code": identity.code,
        "store": identity.store,
    } | {name: base64.b64encode(key).decode() for name, key in secret.items()}


def _read(held: dict[str, str] | None) -> Identity | None:
    if held is None:
        return None
    secret = {name: base64.b64decode(held[name]) for name in ("store_key", "signing", "sealing")}
    return Identity(
        tenant=uuid.UUID(held["tenant"]),
        device=uuid.UUID(held["device"]),
        code=held["code"],
        store=held["store"],
        store_key=secret["store_key"],
        signing=Ed25519PrivateKey.from_private_bytes(secret["signing"]),
        sealing=X25519PrivateKey.from_private_bytes(secret["sealing"]),
    )
