"""The installation's signature under evidence (Ed25519, RFC 8032).

Whoever holds a certificate can check it years later with the public key alone. Only web-role processes
can sign: the worker that looks at faces has no such key, and the database has none at all.
"""

import base64
import binascii
import hashlib
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32


class Signed(NamedTuple):
    """`signature`: 64 bytes in base64. `key_id`: which public key checks it, 16 hexadecimal digits."""

    signature: str
    key_id: str


def sign(body: bytes) -> Signed:
    """Sign these exact bytes. Raises ImproperlyConfigured in a process that has no evidence key."""
    if not settings.EVIDENCE_KEY:
        raise ImproperlyConfigured("This process signs no evidence. Only web and default workers have EVIDENCE_KEY.")
    key = Ed25519PrivateKey.from_private_bytes(_decoded(settings.EVIDENCE_KEY, "EVIDENCE_KEY"))
    signature = base64.b64encode(key.sign(body)).decode()
    return Signed(signature=signature, key_id=key_id(key.public_key().public_bytes_raw()))


def can_sign() -> bool:
    """Whether this process has the evidence key."""
    return bool(settings.EVIDENCE_KEY)


def is_signed(body: bytes, *, signature: str, key_id: str) -> bool:
    """Say whether one of the known keys has signed these exact bytes. Anything unreadable is a no."""
    public = public_keys().get(key_id)
    if public is None:
        return False
    try:
        raw = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    # The same bytes can be written in base64 in several ways; only the usual one is ours.
    if base64.b64encode(raw).decode() != signature:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(raw, body)
    except InvalidSignature:
        return False
    return True


def public_keys() -> dict[str, bytes]:
    """Return every public key that has signed evidence here, by its id; 32 bytes each.

    Raises ImproperlyConfigured when EVIDENCE_PUBLIC_KEYS holds something that is no key.
    """
    texts = (settings.EVIDENCE_PUBLIC_KEYS or "").replace(",", " ").split()
    keys = [_decoded(text, "EVIDENCE_PUBLIC_KEYS") for text in texts]
    return {key_id(key): key for key in keys}


def key_id(public: bytes) -> str:
    """Return the name of a public key: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def _decoded(text: str, name: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImproperlyConfigured(f"{name} is not base64.") from error
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name} must be {KEY_BYTES} bytes in base64.")
    return key
