"""Seal a person's templates so that one terminal alone can open them (HPKE, RFC 9180; docs/device-protocol.md, 3)."""

import uuid

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def info(*, tenant_id: uuid.UUID, device_id: uuid.UUID, person_id: uuid.UUID, model_version: str) -> bytes:
    """What a sealed template is bound to: for another terminal, person or model it does not open."""
    return f"consentry-template-1|{tenant_id}|{device_id}|{person_id}|{model_version}".encode()


def seal(rows: bytes, *, sealing_key: bytes, info: bytes) -> bytes:
    """Encrypt float32 rows to a terminal's X25519 key (32 raw bytes): encapsulated key, then ciphertext."""
    return _SUITE.encrypt(rows, X25519PublicKey.from_public_bytes(sealing_key), info)
