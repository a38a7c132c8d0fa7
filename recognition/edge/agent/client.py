"""The calls of docs/device-protocol.md, each signed, each with a bound on its time."""

from __future__ import annotations

import ssl
import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import httpx

from recognition.edge.agent import signing
from recognition.edge.agent.answers import CONFLICT, Decision, Lease, Order, Refused, Unreachable, moment
from recognition.edge.agent.clock import Clock
from recognition.edge.agent.identity import Identity

DECIDE_SECONDS = 2.0
WORK_SECONDS = 10.0
KEPT_SECONDS = 1.0  # an idle connection
ATTEMPTS = 3
_BROKEN = 500  # from here on the answer says that the portal is out of order

Answer = TypeVar("Answer")


class Portal:
    """One portal as this start of the terminal sees it. Safe to use from several threads."""

    def __init__(
        self,
        *,
        url: str,
        clock: Clock,
        transport: httpx.BaseTransport | None = None,
        authority: str | None = None,
    ) -> None:
        """`authority` is the file of a certificate authority of the property's own."""
        self.boot = signing.new_boot()
        self._clock = clock
        verify = ssl.create_default_context(cafile=authority) if authority else True
        # No proxy and no password file of whoever started the process: the terminal speaks to its portal alone.
        self._http = httpx.Client(
            base_url=url.rstrip("/") + "/api/v1/device/",
            timeout=WORK_SECONDS,
            transport=transport,
            verify=verify,
            trust_env=False,
            # Dropped before the portal or a proxy drops it: a door must not wait for an answer on a dead line.
            limits=httpx.Limits(keepalive_expiry=KEPT_SECONDS),
        )

    def close(self) -> None:
        self._http.close()

    def pair(self, identity: Identity, *, code: str, report: dict[str, Any]) -> dict[str, Any]:
        answer = self._post(identity, "pair/", {"code": code, **identity.public, "report": report})
        self._clock.learn(moment(answer["server_time"]))
        return answer

    def heartbeat(self, identity: Identity, *, report: dict[str, Any]) -> Lease:
        lease = _understood(Lease.read, self._post(identity, "heartbeat/", {"report": report}))
        self._clock.learn(lease.server_time)
        return lease

    def orders(self, identity: Identity, *, after: int) -> tuple[list[Order], bool]:
        """Orders by number, and whether there are more."""
        answer = self._send(identity, "GET", f"orders/?after={after}")
        return _understood(lambda held: [Order.read(order) for order in held["orders"]], answer), bool(answer["more"])

    def confirm(self, identity: Identity, *, number: int, receipt: str) -> None:
        """Signed now, with the key of now: Ed25519 gives the same text the same signature each time."""
        body = {"receipt": receipt, "signature": identity.sign(receipt)}
        self._post(identity, f"orders/{number}/receipt/", body)

    def rotate(self, identity: Identity, *, to: Identity) -> None:
        public = to.public
        proof = f"consentry-rotate-1|{identity.keyid}|{public['signing_key']}|{public['sealing_key']}"
        answer = self._post(identity, "keys/", {**public, "proof": to.sign(proof)})
        if answer.get("keyid") != to.keyid:
            raise Refused(200, "other_key")

    def decide(self, identity: Identity, *, person: uuid.UUID, mode: str) -> Decision:
        body = {"person": str(person), "mode": mode}
        return _understood(Decision.read, self._post(identity, "decide/", body, seconds=DECIDE_SECONDS))

    def try_pass(self, identity: Identity, shown: dict[str, str]) -> Decision:
        return _understood(Decision.read, self._post(identity, "pass/", shown, seconds=DECIDE_SECONDS))

    def report_events(self, identity: Identity, events: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
        """Deliver events; return those refused singly, as {"id", "code"}."""
        refused: list[dict[str, str]] = self._post(identity, "events/", {"events": list(events)})["refused"]
        return refused

    def _post(
        self, identity: Identity, path: str, body: dict[str, Any], *, seconds: float = WORK_SECONDS
    ) -> dict[str, Any]:
        return self._send(identity, "POST", path, body=body, seconds=seconds)

    def _send(
        self,
        identity: Identity,
        method: str,
        path: str,
        *,
        body: dict[str, Any] | None = None,
        seconds: float = WORK_SECONDS,
    ) -> dict[str, Any]:
        """Send it, and again with the portal's time when the clock was wrong, or when somebody came between.

        Raises Unreachable or Refused.
        """
        for _attempt in range(ATTEMPTS - 1):
            try:
                return self._send_once(identity, method, path, body, seconds)
            except Refused as refused:
                if refused.code == "clock" and refused.server_time is not None:
                    self._clock.learn(refused.server_time)
                elif refused.code != CONFLICT:
                    raise
        return self._send_once(identity, method, path, body, seconds)

    def _send_once(
        self, identity: Identity, method: str, path: str, body: dict[str, Any] | None, seconds: float
    ) -> dict[str, Any]:
        timeout = httpx.Timeout(seconds, connect=seconds / 2)
        request = self._http.build_request(method, path, json=body, timeout=timeout)
        signing.sign(request, identity=identity, boot=self.boot, created=self._clock.now())
        try:
            response = self._http.send(request)
        except httpx.TransportError as error:
            raise Unreachable(f"{method} {path}: {type(error).__name__}") from error
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if response.status_code >= _BROKEN or (response.is_success and not isinstance(answer, dict)):
            raise Unreachable(f"{method} {path}: status {response.status_code}")
        if response.is_success:
            return dict(answer)
        raise _refusal(response.status_code, answer)


def _refusal(status: int, answer: Any) -> Refused:
    told = answer if isinstance(answer, dict) else {}
    try:
        server_time = moment(told["server_time"])
    except (KeyError, TypeError, ValueError):
        server_time = None
    return Refused(status, str(told.get("code") or ""), server_time=server_time)


def _understood(read: Callable[[dict[str, Any]], Answer], answer: dict[str, Any]) -> Answer:
    """An answer that is not of the agreed shape is no answer."""
    try:
        return read(answer)
    except (KeyError, TypeError, ValueError) as error:
        raise Unreachable(f"The portal's answer is not of the agreed shape: {type(error).__name__}.") from error
