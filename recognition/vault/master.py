"""Where the master key comes from. It is never in the database, nor in a web process."""

import base64
import binascii
from functools import cache
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from recognition.vault.envelope import KEY_BYTES


class MasterKeyProvider(Protocol):
    """Gives the 32-byte master key and its id. A key management service will be another one."""

    def master_key(self) -> bytes: ...


class SettingsKeyProvider:
    """The key from MASTER_KEY_FILE or MASTER_KEY (base64), which only the recognition role is given."""

    def master_key(self) -> bytes:
        """Raises ImproperlyConfigured when this process has no master key, or a damaged one."""
        text = settings.MASTER_KEY
        if not text:
            raise ImproperlyConfigured("This process has no master key. Only the recognition worker may have it.")
        try:
            key = base64.b64decode(text, validate=True)
        except binascii.Error as error:
            raise ImproperlyConfigured("MASTER_KEY is not base64.") from error
        if len(key) != KEY_BYTES:
            raise ImproperlyConfigured("MASTER_KEY must be 32 bytes in base64.")
        return key


@cache
def provider() -> MasterKeyProvider:
    return SettingsKeyProvider()
