"""HTTP message signatures (RFC 9421) with a content digest (RFC 9530), as docs/device-protocol.md, 2 asks for."""

import secrets
from datetime import datetime

import httpx
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver, algorithms

from recognition.edge.agent.identity import Identity

TAG = "consentry-device-1"
LABEL = "consentry"
COVERED = ("@method", "@path", "@query", "content-digest")


class _Message:
    """What the signing library reads of a request, and where it writes."""

    def __init__(self, request: httpx.Request) -> None:
        self.method = request.method
        self.url = str(request.url)
        self.headers = {name: value for name, value in request.headers.items() if name == "content-type"}


def new_boot() -> str:
    """32 hex digits that name one start of this software."""
    return secrets.token_hex(16)


def sign(request: httpx.Request, *, identity: Identity, boot: str, created: datetime) -> None:
    """Add the digest and the signature to a request. Every call draws a new nonce."""
    message = _Message(request)
    covered = (*COVERED, "content-type") if "content-type" in message.headers else COVERED
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={identity.keyid: identity.signing}),
    )
    signer.sign(
        message,
        key_id=identity.keyid,
        created=created,
        nonce=f"{boot}.{secrets.token_urlsafe(18)}",
        tag=TAG,
        label=LABEL,
        covered_component_ids=covered,
        body=request.content,
    )
    for name in ("Content-Digest", "Signature-Input", "Signature"):
        request.headers[name] = message.headers[name]
