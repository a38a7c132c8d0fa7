"""The file of a certificate: one line of JSON of which every byte is signed or fixed.

`{"certificate":{…},"key":"…","signature":"…"}`. What is signed are the exact bytes of the inner object, so that nobody
needs to agree on a form of JSON to check it (docs/operations.md).
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tenants.rights import signing
from tenants.rights.signing import Signed

FORMAT = "consentry-erasure-certificate-1"
MOST_BYTES = 1_000_000
_FILE = re.compile(rb'\{"certificate":(\{.+\}),"key":"([0-9a-f]{16})","signature":"([A-Za-z0-9+/]{86}==)"\}', re.DOTALL)


class Verdict(StrEnum):
    VALID = "valid"
    CHANGED = "changed"
    UNKNOWN_KEY = "unknown_key"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Checked:
    """What came of a check. `says` is what the certificate says, only when it is valid."""

    verdict: Verdict
    key_id: str = ""
    says: dict[str, Any] | None = None


def canonical(says: dict[str, Any]) -> bytes:
    """Return the text that is signed: sorted names, no spaces, UTF-8."""
    return json.dumps(says, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def wrap(body: bytes, signed: Signed) -> bytes:
    """Return the file that a person keeps."""
    return b'{"certificate":%b,"key":"%b","signature":"%b"}' % (
        body,
        signed.key_id.encode(),
        signed.signature.encode(),
    )


def check(file: bytes) -> Checked:
    """Say what a file is, by the public keys alone: no account, no database.

    Whatever looks like a certificate and is not byte for byte what was signed is `changed`.
    """
    found = _FILE.fullmatch(file) if len(file) <= MOST_BYTES else None
    if found is None:
        looks_like_one = FORMAT.encode() in file or b'"certificate"' in file
        return Checked(Verdict.CHANGED if looks_like_one else Verdict.UNREADABLE)
    body, key, signature = found[1], found[2].decode(), found[3].decode()
    if key not in signing.public_keys():
        return Checked(Verdict.UNKNOWN_KEY, key)
    if not signing.is_signed(body, signature=signature, key_id=key):
        return Checked(Verdict.CHANGED, key)
    try:
        says = json.loads(body)
    except ValueError:
        return Checked(Verdict.UNREADABLE, key)
    # The same key signs other evidence too, which is no certificate of an erasure.
    if not isinstance(says, dict) or says.get("format") != FORMAT:
        return Checked(Verdict.UNREADABLE, key)
    return Checked(Verdict.VALID, key, says)
