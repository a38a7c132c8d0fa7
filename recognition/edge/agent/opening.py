"""Open templates that were sealed to this terminal alone (HPKE, RFC 9180)."""

import uuid

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from numpy.typing import NDArray

from recognition.edge.agent.identity import Identity

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_LENGTH_TOLERANCE = 1e-3


class Unusable(Exception):
    """Sealed for another terminal, person or model, changed on the way, or not a template."""


def open_templates(
    sealed: bytes, *, identity: Identity, person: uuid.UUID, model: str, count: int, dimension: int
) -> NDArray[np.float32]:
    """Return (count, dimension) float32 rows of length 1. Raises Unusable."""
    info = f"consentry-template-1|{identity.tenant}|{identity.device}|{person}|{model}".encode()
    try:
        plain = _SUITE.decrypt(sealed, identity.sealing, info)
    except (InvalidTag, ValueError) as error:
        raise Unusable("The sealed templates do not open with this terminal's key.") from error
    if count < 1 or dimension < 1 or len(plain) != count * dimension * 4:
        raise Unusable("The sealed templates are not of the announced size.")
    rows = np.frombuffer(plain, dtype="<f4").reshape(count, dimension).astype(np.float32)
    lengths = np.linalg.norm(rows.astype(np.float64), axis=1)
    if not np.isfinite(rows).all() or (abs(lengths - 1) > _LENGTH_TOLERANCE).any():
        raise Unusable("A template is not of length 1.")
    return rows
