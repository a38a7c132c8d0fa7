"""What is sealed to a tracking code opens with that code alone (HPKE, RFC 9180).

A request keeps the public key that its code makes, and not the code. So a worker can close a package at any time,
and neither the database, nor a backup, nor the portal can open it until the person types the code.
"""

import secrets
import unicodedata
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
# A code has 80 bits, which nobody counts through; this makes each try cost 16 MiB and some 50 ms besides, and no
# more than that, since the public form pays it too.
_SCRYPT_N, _SCRYPT_R, _SCRYPT_P = 2**14, 8, 1
KEY_BYTES = 32
# Crockford's alphabet: nothing that can be misread on paper.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class WrongCode(Exception):
    """What is sealed does not open: another code, another request, or a changed byte."""


def new_code() -> str:
    """Return a new tracking code of 80 bits, in groups as people read it."""
    code = "".join(secrets.choice(ALPHABET) for _unused in range(16))
    return "-".join(code[i : i + 4] for i in range(0, 16, 4))


def plain_code(code: str) -> str:
    """Return a tracking code as it was made, however it is typed: case, width, spaces and dashes do not matter."""
    typed = unicodedata.normalize("NFKC", code).upper()
    return "".join(c for c in typed if c.isalnum()).replace("O", "0").replace("I", "1").replace("L", "1")


def seal_key(code: str, *, tenant_id: uuid.UUID) -> bytes:
    """Return the public X25519 key (32 bytes) of a tracking code. The same code makes another one elsewhere."""
    return _private(code, tenant_id).public_key().public_bytes_raw()


def seal(data: bytes, key: bytes, *, tenant_id: uuid.UUID, request_id: uuid.UUID) -> bytes:
    """Encrypt to the public key that `seal_key` made, bound to one request. Raises ValueError when it is no key."""
    return _SUITE.encrypt(data, X25519PublicKey.from_public_bytes(key), _info(tenant_id, request_id))


def open_sealed(sealed: bytes, code: str, *, tenant_id: uuid.UUID, request_id: uuid.UUID) -> bytes:
    """Decrypt with the tracking code as the person typed it. Raises WrongCode."""
    try:
        return _SUITE.decrypt(sealed, _private(code, tenant_id), _info(tenant_id, request_id))
    except (InvalidTag, ValueError) as error:
        raise WrongCode("This does not open with that tracking code.") from error


def _private(code: str, tenant_id: uuid.UUID) -> X25519PrivateKey:
    salt = b"consentry-tracking-1|" + tenant_id.bytes
    kdf = Scrypt(salt=salt, length=KEY_BYTES, n=_SCRYPT_N, r=_SCRYPT_R, p=_SCRYPT_P)
    return X25519PrivateKey.from_private_bytes(kdf.derive(plain_code(code).encode()))


def _info(tenant_id: uuid.UUID, request_id: uuid.UUID) -> bytes:
    return f"consentry-package-1|{tenant_id}|{request_id}".encode()
