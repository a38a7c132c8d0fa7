"""A portal written from docs/device-protocol.md alone, in memory: what the terminal's tests talk to.

It checks every signature by hand, so that the terminal's library is not judged by itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import numpy as np
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from numpy.typing import NDArray

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
ROOT = "/api/v1/device/"
INPUT = re.compile(
    r'^\w+=(\("@method" "@path" "@query" "content-digest"( "content-type")?\);created=(\d+);keyid="([0-9a-f.]+)"'
    r';alg="ed25519";nonce="([0-9a-f]{32})\.([\w-]{22,})";tag="consentry-device-1")$'
)
Answer = tuple[int, dict[str, Any]]


class Lost(Exception):
    """The request or its answer did not arrive."""


@dataclass
class Key:
    signing: bytes
    sealing: bytes
    is_revoked: bool = False


@dataclass
class Double:
    tenant: uuid.UUID = field(default_factory=uuid.uuid4)
    device: uuid.UUID = field(default_factory=uuid.uuid4)
    state: str = "active"
    mode: str = "identify"
    storage_mode: str = "portal"
    hours: list[list[str]] = field(default_factory=list)
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    is_down: bool = False
    is_retired: bool = False
    is_busy: bool = False  # “too often”, to everything
    ignores: Callable[[str], bool] = field(default=lambda path: False)  # requests that never arrive, by their path
    loses: Callable[[str], bool] = field(default=lambda path: False)  # answers that never arrive
    allowed: set[str] = field(default_factory=set)
    cards: set[str] = field(default_factory=set)
    keys: dict[str, Key] = field(default_factory=dict)
    orders: list[dict[str, Any]] = field(default_factory=list)
    receipts: dict[int, tuple[str, str]] = field(default_factory=dict)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # of the double itself, behind a real port

    def __post_init__(self) -> None:
        self.code = f"cpc_{self.tenant.hex}_{self.device.hex}_s3cret"
        self._is_code_used = False
        self._nonces: set[str] = set()
        self._lock = threading.RLock()

    # -- what a test orders --

    def order(self, kind: str, person: uuid.UUID | None = None, **more: Any) -> dict[str, Any]:
        """Put an order into the queue. `rows` and `model` of a `store` are sealed when it is fetched."""
        with self._lock:
            number = self.orders[-1]["number"] + 2 if self.orders else 1
            order = {"number": number, "kind": kind, "person": str(person) if person else None, **more}
            self.orders.append(order)
            return order

    def store(self, person: uuid.UUID, rows: NDArray[np.float32], *, model: str = "fake-1") -> dict[str, Any]:
        return self.order("store", person, rows=rows.reshape(-1, rows.shape[-1]), model=model)

    def outcome(self, order: dict[str, Any]) -> dict[str, Any]:
        """The receipt of an order. LookupError when there is none."""
        return dict(json.loads(self.receipts[order["number"]][0]))

    @property
    def key(self) -> Key:
        (living,) = [key for key in self.keys.values() if not key.is_revoked]
        return living

    # -- the protocol --

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """Answer one request. Raises Lost when it or the answer does not arrive."""
        path, _sign, query = target.partition("?")
        assert path.startswith(ROOT) and path.endswith("/"), target
        name = path.removeprefix(ROOT)
        if self.ignores(name):
            raise Lost(name)
        with self._lock:
            self.calls.append(name)
            self.bodies.append(body)
            given = json.loads(body) if body else {}
            refused = self._refuse(method, path, query, headers, body, given)
            refused = (429, {"code": "throttled"}) if self.is_busy else refused
            status, answer = refused or self._carry_out(name, query, given)
        if self.loses(name):
            raise Lost(name)
        return status, answer

    def _refuse(
        self, method: str, path: str, query: str, headers: dict[str, str], body: bytes, given: dict[str, Any]
    ) -> Answer | None:
        headers = {header.lower(): value for header, value in headers.items()}
        digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
        assert headers["content-digest"] == digest
        found = INPUT.match(headers["signature-input"])
        assert found, headers["signature-input"]
        parameters, has_type, created, keyid, boot, nonce = found.groups()
        assert bool(has_type) == ("content-type" in headers)
        lines = [f'"@method": {method}', f'"@path": {path}', f'"@query": ?{query}', f'"content-digest": {digest}']
        lines += [f'"content-type": {headers["content-type"]}'] if has_type else []
        signed = "\n".join([*lines, f'"@signature-params": {parameters}']).encode()
        if path == ROOT + "pair/":
            signing = base64.b64decode(given["signing_key"])
            assert keyid == self.keyid(signing)
        elif keyid not in self.keys:
            return 401, {"code": "unknown_key"}
        elif self.keys[keyid].is_revoked:
            return 401, {"code": "revoked_key"}
        else:
            signing = self.keys[keyid].signing
        try:
            signature = base64.b64decode(headers["signature"].split("=:", 1)[1].rstrip(":"))
            Ed25519PublicKey.from_public_bytes(signing).verify(signature, signed)
        except InvalidSignature:
            return 401, {"code": "bad_signature"}
        if abs(self.now().timestamp() - int(created)) > 60:
            return 401, {"code": "clock", "server_time": self.now().isoformat()}
        if boot + nonce in self._nonces:
            return 401, {"code": "replayed"}
        self._nonces.add(boot + nonce)
        if self.is_retired and not path.startswith(ROOT + "orders/"):
            return 403, {"code": "device_retired"}
        return None

    def keyid(self, signing: bytes) -> str:
        return f"{self.tenant.hex}.{self.device.hex}.{hashlib.sha256(signing).hexdigest()[:32]}"

    def _carry_out(self, name: str, query: str, given: dict[str, Any]) -> Answer:
        if name == "orders/":
            return self._list(int(query.removeprefix("after=")))
        if name.startswith("orders/"):
            return self._confirm(int(name.split("/")[1]), given)
        answer: Answer = getattr(self, "_" + name.rstrip("/"))(given)
        return answer

    def _pair(self, given: dict[str, Any]) -> Answer:
        if given["code"] != self.code or self._is_code_used:
            return 400, {"code": "wrong_code"}
        self._is_code_used = True
        self.reports.append(given["report"])
        keyid = self._take_keys(given)
        return 201, {
            "device": str(self.device),
            "keyid": keyid,
            "name": "东门",
            "access_point": "门",
            "storage_mode": self.storage_mode,
            "server_time": self.now().isoformat(),
        }

    def _take_keys(self, given: dict[str, Any]) -> str:
        for key in self.keys.values():
            key.is_revoked = True
        signing, sealing = (base64.b64decode(given[name]) for name in ("signing_key", "sealing_key"))
        self.keys[self.keyid(signing)] = Key(signing, sealing)
        return self.keyid(signing)

    def _heartbeat(self, given: dict[str, Any]) -> Answer:
        self.reports.append(given["report"])
        return 200, {
            "device": str(self.device),
            "name": "东门",
            "access_point": "门",
            "state": self.state,
            "suspended_for": [],
            "mode": self.mode,
            "storage_mode": self.storage_mode,
            "orders": len([order for order in self.orders if order["number"] not in self.receipts]),
            "faces_until": (self.now() + timedelta(hours=24)).isoformat(),
            "hours": self.hours,
            "server_time": self.now().isoformat(),
        }

    def _list(self, after: int) -> Answer:
        waiting = [o for o in self.orders if o["number"] > after and o["number"] not in self.receipts]
        return 200, {"orders": [self._sealed(order) for order in waiting[:20]], "more": len(waiting) > 20}

    def _sealed(self, order: dict[str, Any]) -> dict[str, Any]:
        if order["kind"] != "store":
            return order
        rows = order["rows"]
        info = f"consentry-template-1|{self.tenant}|{self.device}|{order['person']}|{order['model']}".encode()
        key = X25519PublicKey.from_public_bytes(self.key.sealing)
        sealed = base64.b64encode(SUITE.encrypt(rows.astype("<f4").tobytes(), key, info)).decode()
        shown = {name: value for name, value in order.items() if name != "rows"}
        return shown | {"sealed": sealed, "count": rows.shape[0], "dimension": rows.shape[1]}

    def _confirm(self, number: int, given: dict[str, Any]) -> Answer:
        text, signature = given["receipt"], given["signature"]
        Ed25519PublicKey.from_public_bytes(self.key.signing).verify(base64.b64decode(signature), text.encode())
        (order,) = [order for order in self.orders if order["number"] == number] or [None]
        if order is None:
            return 404, {"code": "not_found"}
        receipt = json.loads(text)
        wanted = {"v": 1, "device": str(self.device), "order": number, "kind": order["kind"], "person": order["person"]}
        assert receipt.items() >= wanted.items()
        assert list(receipt) == ["v", "device", "order", "kind", "person", "outcome", "reason", "handle", "model", "at"]
        if number in self.receipts and self.receipts[number][0] != text:
            return 409, {"code": "already_confirmed"}
        self.receipts[number] = text, signature
        return 200, {"order": number, "state": "done" if receipt["outcome"] != "failed" else "failed"}

    def _keys(self, given: dict[str, Any]) -> Answer:
        old = self.keyid(self.key.signing)
        proof = f"consentry-rotate-1|{old}|{given['signing_key']}|{given['sealing_key']}"
        signing = Ed25519PublicKey.from_public_bytes(base64.b64decode(given["signing_key"]))
        signing.verify(base64.b64decode(given["proof"]), proof.encode())
        return 200, {"keyid": self._take_keys(given)}

    def _decide(self, given: dict[str, Any]) -> Answer:
        assert set(given) == {"person", "mode"}
        allowed = given["person"] in self.allowed
        rule = "matched" if allowed else "not_cleared"
        return 200, {"allowed": allowed, "rule": rule, "sentence": "…", "event": str(uuid.uuid4())}

    def _pass(self, given: dict[str, Any]) -> Answer:
        allowed = given.get("card") in self.cards
        rule = "pass_allowed" if allowed else "pass_unknown_card"
        return 200, {"allowed": allowed, "rule": rule, "sentence": "…", "event": str(uuid.uuid4())}

    def _events(self, given: dict[str, Any]) -> Answer:
        known = [event["id"] for event in given["events"] if event["id"] in self.events]
        for event in given["events"]:
            assert set(event) == {"id", "at", "method", "mode", "person", "allowed", "rule"}
            self.events.setdefault(event["id"], event)
        return 200, {"stored": len(given["events"]) - len(known), "known": len(known), "refused": []}

    # -- how a terminal reaches it without a network --

    def transport(self) -> httpx.MockTransport:
        def handle(request: httpx.Request) -> httpx.Response:
            if self.is_down:
                raise httpx.ConnectError("down", request=request)
            target = request.url.raw_path.decode()
            try:
                status, answer = self.answer(request.method, target, dict(request.headers), request.content)
            except Lost as lost:
                raise httpx.ReadError("lost", request=request) from lost
            return httpx.Response(status, json=answer)

        return httpx.MockTransport(handle)
