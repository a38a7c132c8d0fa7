"""Pairing codes: `cpc_<tenant>_<device>_<secret>`, shown once, good once and for an hour, stored as a SHA-256 hash.

The tenant in it is a locator, not a proof: it only says in which property to look the device up.
A fast hash is enough for 256 random bits.
"""

import hashlib
import hmac
import secrets
import uuid
from datetime import timedelta
from typing import NamedTuple

PREFIX = "cpc"
LIFETIME = timedelta(hours=1)


class PairingCode(NamedTuple):
    tenant_id: uuid.UUID
    device_id: uuid.UUID
    secret: str

    def __str__(self) -> str:
        return f"{PREFIX}_{self.tenant_id.hex}_{self.device_id.hex}_{self.secret}"

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def proves(self, stored_hash: str) -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(self.hash, stored_hash)


def issue(tenant_id: uuid.UUID, device_id: uuid.UUID) -> PairingCode:
    return PairingCode(tenant_id, device_id, secrets.token_hex(32))


def parse(text: str) -> PairingCode | None:
    """Return the parts of a pairing code, or None when it has another form."""
    parts = text.split("_")
    if len(parts) != 4 or parts[0] != PREFIX:
        return None
    try:
        return PairingCode(uuid.UUID(parts[1]), uuid.UUID(parts[2]), parts[3])
    except ValueError:
        return None
