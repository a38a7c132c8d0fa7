"""AES-256-GCM with the context as associated data: a ciphertext opens only where it belongs.

Form of a sealed value: 1 byte version, 12 bytes nonce, ciphertext with a 16-byte tag.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12


class Unreadable(Exception):
    """The value cannot be opened: another key, another context, or it was changed."""


class KeyDestroyed(Exception):
    """The person's key was destroyed; what it sealed can never be opened again, by anyone."""


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=8 * KEY_BYTES)


def context(*parts: object) -> bytes:
    """Join the parts that a ciphertext is bound to. No part may contain the separator."""
    text = "|".join(map(str, parts))
    if text.count("|") >= len(parts) > 0:
        raise ValueError("A context part must not contain '|'.")
    return text.encode()


def seal(key: bytes, plaintext: bytes, *, aad: bytes) -> bytes:
    """Encrypt under a 32-byte key, bound to `aad`."""
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plaintext, _VERSION + aad)


def unseal(key: bytes, sealed: bytes, *, aad: bytes) -> bytes:
    """Decrypt what `seal` made. Raises Unreadable."""
    return open_with(AESGCM(key), sealed, aad=aad)


def open_with(cipher: AESGCM, sealed: bytes, *, aad: bytes) -> bytes:
    """Decrypt with a cipher that was made before, for many values under one key. Raises Unreadable."""
    if sealed[:1] != _VERSION:
        raise Unreadable("Unknown version of a sealed value.")
    try:
        return cipher.decrypt(sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :], _VERSION + aad)
    except (InvalidTag, ValueError) as error:
        raise Unreadable("This value does not open with this key in this context.") from error
