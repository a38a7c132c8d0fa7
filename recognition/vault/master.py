"""Where the master key comes from. It is never in the database, nor in a web process."""

import base64
import binascii
import hashlib
from functools import cache
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from recognition.vault.envelope import KEY_BYTES


class MasterKeyProvider(Protocol):
    """Gives the 32-byte master key, and during its rotation the one that will follow. A key management
    service will be another one."""

    def master_key(self) -> bytes: ...

    def next_master_key(self) -> bytes | None: ...


class SettingsKeyProvider:
    """The keys from MASTER_KEY and MASTER_KEY_NEXT (base64, or `…_FILE`), which only the recognition role is given."""

    def master_key(self) -> bytes:
        """Raises ImproperlyConfigured when this process has no master key, or a damaged one."""
        text = settings.MASTER_KEY
        if not text:
            raise ImproperlyConfigured("This process has no master key. Only the recognition worker may have it.")
        return _decoded(text, "MASTER_KEY")

    def next_master_key(self) -> bytes | None:
        """Return the key that a rotation moves to, or None. Raises ImproperlyConfigured for a damaged one."""
        text = settings.MASTER_KEY_NEXT
        return _decoded(text, "MASTER_KEY_NEXT") if text else None


def _decoded(text: str, name: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured(f"{name} is not base64.") from error
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name} must be 32 bytes in base64.")
    return key


def fingerprint(key: bytes) -> str:
    """Return the public id of a master key: 16 hexadecimal digits that tell nothing about the key."""
    return hashlib.sha256(b"consentry master key id" + key).hexdigest()[:16]


@cache
def provider() -> MasterKeyProvider:
    return SettingsKeyProvider()
