"""The seeds of second factors and of recovery codes: in the database only under a key that is not in it."""

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PREFIX = "sealed:"  # seeds of before are read as they are


def seal(seed: str) -> str:
    return _PREFIX + _key().encrypt(seed.encode()).decode()


def open_seal(kept: str) -> str:
    """Return the seed. Raises cryptography's InvalidToken when PASS_KEY is another one than it was sealed under."""
    if not kept.startswith(_PREFIX):
        return kept
    return _key().decrypt(kept.removeprefix(_PREFIX)).decode()


def _key() -> Fernet:
    """From PASS_KEY, which outlives a new SECRET_KEY: nobody's second factor is lost by replacing that one."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"consentry second factors")
    return Fernet(base64.urlsafe_b64encode(derived.derive(str(settings.PASS_KEY).encode())))
