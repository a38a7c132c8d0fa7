"""A door terminal as the device protocol describes it, written anew for the tests: it pairs, signs and asks.

Nothing of the reference terminal or of the signing library is used here, so that two implementations test each other.
The signature base is put together by hand, after RFC 9421, section 2.5.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

BASE = "/api/v1/device/"
BOUNDARY = "a1b2c3d4e5"
# method, path with query, headers, body → whatever the client answers with
Send = Callable[[str, str, dict[str, str], bytes], Any]


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def form(fields: dict[str, Any]) -> bytes:
    """A multipart body: texts, and files as bytes."""
    lines = b""
    for name, value in fields.items():
        is_file = isinstance(value, bytes)
        lines += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'.encode()
        lines += b'; filename="door.jpg"\r\nContent-Type: image/jpeg' if is_file else b""
        lines += b"\r\n\r\n" + (value if is_file else str(value).encode()) + b"\r\n"
    return lines + f"--{BOUNDARY}--\r\n".encode()


@dataclass
class Terminal:
    """One machine with its keys. `ahead` moves its clock, in seconds; a copy of it is another machine with its keys."""

    send: Send
    tenant: str = ""
    device: str = ""
    signing: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    sealing: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    boot: str = field(default_factory=lambda: secrets.token_hex(16))
    ahead: float = 0.0

    @property
    def public(self) -> dict[str, str]:
        return {
            "signing_key": b64(self.signing.public_key().public_bytes_raw()),
            "sealing_key": b64(self.sealing.public_key().public_bytes_raw()),
        }

    @property
    def keyid(self) -> str:
        thumbprint = hashlib.sha256(self.signing.public_key().public_bytes_raw()).hexdigest()[:32]
        return f"{self.tenant}.{self.device}.{thumbprint}"

    def restart(self) -> None:
        self.boot = secrets.token_hex(16)

    def pair(self, code: str, **report: Any) -> Any:
        _prefix, self.tenant, self.device, _secret = code.split("_")
        return self.post("pair/", {"code": code, **self.public} | ({"report": report} if report else {}))

    def heartbeat(self, **report: Any) -> Any:
        return self.post("heartbeat/", {"report": report} if report else {})

    def rotate(self, new: Terminal) -> Any:
        """Give the keys of `new` in place of its own."""
        text = f"consentry-rotate-1|{self.keyid}|{new.public['signing_key']}|{new.public['sealing_key']}"
        return self.post("keys/", new.public | {"proof": b64(new.signing.sign(text.encode()))})

    def post(self, path: str, data: Any = None) -> Any:
        return self.ask("POST", path, json.dumps(data if data is not None else {}).encode(), "application/json")

    def get(self, path: str) -> Any:
        return self.ask("GET", path)

    def post_form(self, path: str, fields: dict[str, Any]) -> Any:
        return self.ask("POST", path, form(fields), f"multipart/form-data; boundary={BOUNDARY}")

    def ask(self, method: str, path: str, body: bytes = b"", content_type: str = "") -> Any:
        return self.send(method, BASE + path, self.signed(method, BASE + path, body, content_type), body)

    def signed(
        self, method: str, path: str, body: bytes = b"", content_type: str = "", *, digest: str = "", **instead: Any
    ) -> dict[str, str]:
        """The headers of a signed request. `instead` replaces a parameter of the signature; None leaves it out."""
        bare, _mark, query = path.partition("?")
        digest = digest or f"sha-256=:{b64(hashlib.sha256(body).digest())}:"
        covered = {"@method": method, "@path": bare, "@query": "?" + query, "content-digest": digest}
        if content_type:
            covered["content-type"] = content_type
        values: dict[str, Any] = {
            "created": int(time.time() + self.ahead),
            "nonce": f"{self.boot}.{secrets.token_urlsafe(18)}",
            "keyid": self.keyid,
            "alg": "ed25519",
            "tag": "consentry-device-1",
        } | instead
        written = [f"{name}={json.dumps(value)}" for name, value in values.items() if value is not None]
        parameters = ";".join(["(" + " ".join(f'"{name}"' for name in covered) + ")", *written])
        lines = [f'"{name}": {value}' for name, value in covered.items()]
        text = "\n".join([*lines, f'"@signature-params": {parameters}'])
        headers = {"Content-Type": content_type} if content_type else {}
        return headers | {
            "Content-Digest": digest,
            "Signature-Input": f"t1={parameters}",
            "Signature": f"t1=:{b64(self.signing.sign(text.encode()))}:",
            "Accept-Language": "en",
        }


def by_client(client: Any) -> Send:
    """Send by Django's test client."""

    def send(method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
        content_type = headers.get("Content-Type", "")
        others = {name: value for name, value in headers.items() if name != "Content-Type"}
        return client.generic(method, path, body, content_type=content_type, headers=others)

    return send


def paired(code: str, client: Any) -> Terminal:
    """A terminal that has paired by Django's test client."""
    terminal = Terminal(by_client(client))
    answer = terminal.pair(code)
    assert answer.status_code == 201, answer.content
    return terminal
