"""Seal a photo so that only the recognition worker can open it (HPKE, RFC 9180).

The web process holds the public key alone: it cannot read back what it has queued.
"""

import base64
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class CaptureUnreadable(Exception):
    """The capture was sealed for another worker key or another row."""


def _info(tenant_id: uuid.UUID, capture_id: uuid.UUID) -> bytes:
    return f"consentry-capture-1|{tenant_id}|{capture_id}".encode()


def seal_photo(photo: bytes, *, tenant_id: uuid.UUID, capture_id: uuid.UUID) -> bytes:
    """Encrypt to the recognition worker's public key, bound to one row. Raises ImproperlyConfigured without a key."""
    if not settings.CAPTURE_PUBLIC_KEY:
        raise ImproperlyConfigured("CAPTURE_PUBLIC_KEY is not set; photos cannot be sent to the recognition worker.")
    key = X25519PublicKey.from_public_bytes(base64.b64decode(settings.CAPTURE_PUBLIC_KEY))
    return _SUITE.encrypt(photo, key, _info(tenant_id, capture_id))


def open_photo(sealed: bytes, *, tenant_id: uuid.UUID, capture_id: uuid.UUID) -> bytes:
    """Decrypt in the recognition worker. Raises CaptureUnreadable, or ImproperlyConfigured elsewhere."""
    if not settings.CAPTURE_KEY:
        raise ImproperlyConfigured("This process cannot open photos. Only the recognition worker can.")
    key = X25519PrivateKey.from_private_bytes(base64.b64decode(settings.CAPTURE_KEY))
    try:
        return _SUITE.decrypt(sealed, key, _info(tenant_id, capture_id))
    except InvalidTag as error:
        raise CaptureUnreadable("The capture does not open with this worker's key.") from error
