"""HTTP message signatures (RFC 9421) over a content digest (RFC 9530), as docs/device-protocol.md, 2 says.

Pure: no database, no clock. Whether a key is known, a time is near and a nonce is new is asked elsewhere.
"""

import hashlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import http_sf
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageVerifier, InvalidSignature, MappingKeyResolver, algorithms
from http_message_signatures.digests import ContentDigest

from recognition.edge.refusals import Refusal, Refused

TAG = "consentry-device-1"
COVERED = frozenset({"@method", "@path", "@query", "content-digest"})
CONTENT_TYPE = "content-type"
PARAMETERS = frozenset({"created", "nonce", "keyid", "alg", "tag"})
KEY_ID = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{32})\.([0-9a-f]{32})")
NONCE = re.compile(r"([0-9a-f]{32})\.[A-Za-z0-9_-]{22,80}")
MAX_HEADER = 4096  # characters; a signature of ours needs 400


class KeyId(NamedTuple):
    """`<tenant>.<device>.<thumbprint>`: it says where to look, and proves nothing."""

    tenant_id: uuid.UUID
    device_id: uuid.UUID
    thumbprint: str

    def __str__(self) -> str:
        return f"{self.tenant_id.hex}.{self.device_id.hex}.{self.thumbprint}"


@dataclass(frozen=True)
class Message:
    """A request as it came. `url` is absolute, `headers` have lower-case names, `body` is read once, as a whole."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


class Claim(NamedTuple):
    """What a signature says of itself, before anything of it is proved."""

    key: KeyId
    created: int  # Unix seconds by the terminal's clock
    nonce: str
    boot: str


class _Verifier(HTTPMessageVerifier):
    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Leave the time alone: the clock is judged apart, with an answer of its own."""


def thumbprint(signing_key: bytes) -> str:
    """Return the first 32 hex digits of SHA-256 over the 32 raw bytes of a public signing key."""
    return hashlib.sha256(signing_key).hexdigest()[:32]


def read(message: Message) -> Claim:
    """Return what the one signature of a request claims. Raises Refused, code `unsigned`."""
    label, covered, parameters = _only_signature(message.headers.get("signature-input", ""))
    key, nonce = KEY_ID.fullmatch(_text(parameters, "keyid")), NONCE.fullmatch(_text(parameters, "nonce"))
    created = parameters.get("created")
    wanted = COVERED | {CONTENT_TYPE} if message.body and CONTENT_TYPE in message.headers else COVERED
    is_ours = (
        set(parameters) == PARAMETERS
        and (parameters["tag"], parameters["alg"]) == (TAG, "ed25519")
        and type(created) is int
        and len(covered) == len(set(covered))
        and wanted <= set(covered) <= COVERED | {CONTENT_TYPE}
    )
    if not is_ours or key is None or nonce is None or type(created) is not int or not label:
        raise Refused(Refusal.UNSIGNED)
    tenant_id, device_id, print_of_key = key.groups()
    return Claim(KeyId(uuid.UUID(tenant_id), uuid.UUID(device_id), print_of_key), created, nonce[0], nonce[1])


def verify(message: Message, *, claim: Claim, signing_key: bytes) -> None:
    """Prove the signature by a public key of 32 bytes, then the digest of the body.

    Raises Refused, code `bad_signature` or `bad_digest`.
    """
    try:
        key = Ed25519PublicKey.from_public_bytes(signing_key)
        resolver = MappingKeyResolver(public_keys={str(claim.key): key}, private_keys={})
        verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=resolver)
        verifier.verify(message, max_age=None, expect_tag=TAG, require_components=tuple(sorted(COVERED)))
    except Exception as error:
        raise Refused(Refusal.BAD_SIGNATURE) from error
    try:
        ContentDigest.verify(message.headers.get("content-digest", ""), message.body)
    except InvalidSignature as error:
        raise Refused(Refusal.BAD_DIGEST) from error


def _only_signature(header: str) -> tuple[str, list[Any], dict[str, Any]]:
    """Return label, covered components and parameters. Raises Refused unless there is exactly one signature."""
    if not header or len(header) > MAX_HEADER:
        raise Refused(Refusal.UNSIGNED)
    try:
        parsed: Any = http_sf.parse(header.encode("ascii"), tltype="dictionary")
        [(label, (components, parameters))] = parsed.items()
        covered = [name for name, flags in components if isinstance(name, str) and not flags]
    except Exception as error:
        raise Refused(Refusal.UNSIGNED) from error
    if len(covered) != len(components):
        raise Refused(Refusal.UNSIGNED)
    return label, covered, dict(parameters)


def _text(parameters: Mapping[str, Any], name: str) -> str:
    value = parameters.get(name)
    return value if isinstance(value, str) else ""
