"""One call: sent, tried again where that is safe, and answered by JSON or by a Problem."""

import time
import uuid
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

# 409 with this code: the first request with the same key is still at work.
IN_PROGRESS = "idempotency_in_progress"
BUSY = frozenset({429, 502, 503, 504})
# What may be sent twice without harm. A POST may because it carries an idempotency key.
REPEATABLE = frozenset({"GET", "PUT", "POST"})
FIRST_PAUSE = 0.5


class Unreachable(Exception):
    """The portal did not answer, or too late, as often as it was tried. Of a write nobody knows whether it was done."""


class Problem(Exception):
    """A refusal (RFC 9457). `code` is for programs and the same in every language, `detail` is for people.

    `errors` names fields, each with its codes and sentences; it is empty where no field is meant.
    """

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(body.get("code") or f"http_{status}")
        self.title = str(body.get("title") or "")
        self.detail = str(body.get("detail") or "")
        self.errors: dict[str, list[dict[str, str]]] = dict(body.get("errors") or {})
        self.body = dict(body)
        super().__init__(f"{status} {self.code}: {self.detail}")

    def codes(self) -> set[str]:
        """Every code in it, those of fields too."""
        return {self.code, *(entry["code"] for entries in self.errors.values() for entry in entries)}


@dataclass
class Calls:
    """Sends requests below one address. `attempts` of a call together never wait longer than `patience` seconds."""

    base: str
    headers: Mapping[str, str]
    timeout: float = 30.0
    attempts: int = 4
    patience: float = 60.0
    transport: httpx.BaseTransport | None = None
    sleep: Callable[[float], None] = time.sleep
    http: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(
            base_url=self.base, headers=dict(self.headers), timeout=self.timeout, transport=self.transport
        )

    def send(
        self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None, key: str = ""
    ) -> Any:
        """Return the JSON of the answer, None for none. Raises Problem and Unreachable.

        `key` is the idempotency key of a POST; without one each call gets its own, the same for all its attempts.
        """
        request = self.http.build_request(method, path, params=query, json=body)
        if method == "POST":
            request.headers["Idempotency-Key"] = key or str(uuid.uuid4())
        answer = self._tried(request)
        if "Deprecation" in answer.headers:
            _warn(request, answer)
        if answer.is_success:
            return answer.json() if answer.content else None
        raise Problem(answer.status_code, _json_of(answer))

    def _tried(self, request: httpx.Request) -> httpx.Response:
        waited = 0.0
        for attempt in range(1, self.attempts + 1):
            pause = FIRST_PAUSE * 2 ** (attempt - 1)
            is_last = attempt == self.attempts or request.method not in REPEATABLE
            try:
                answer = self.http.send(request)
            except httpx.TransportError as error:
                if is_last or waited + pause > self.patience:
                    raise Unreachable(f"{request.method} {request.url.path}: {error}") from error
            else:
                pause = _asked_pause(answer) or pause
                if is_last or not _is_for_now(answer) or waited + pause > self.patience:
                    return answer
            self.sleep(pause)
            waited += pause
        raise AssertionError("A call is tried at least once.")


def _warn(request: httpx.Request, answer: httpx.Response) -> None:
    """Say to whoever wrote the program what will go, from when on, and what stays (docs/api.md, Versions)."""
    gone, instead = answer.headers.get("Sunset", ""), answer.links.get("successor-version", {}).get("url", "")
    text = f"{request.method} {request.url.path}: something of it goes on {gone}. Instead: {instead}"
    warnings.warn(text, DeprecationWarning, stacklevel=4)


def _is_for_now(answer: httpx.Response) -> bool:
    """Whether the same request may be answered otherwise in a moment."""
    return answer.status_code in BUSY or (answer.status_code == 409 and _json_of(answer).get("code") == IN_PROGRESS)


def _asked_pause(answer: httpx.Response) -> float:
    """The seconds of Retry-After, 0 for none."""
    told = answer.headers.get("Retry-After", "")
    return float(told) if told.isdecimal() else 0.0


def _json_of(answer: httpx.Response) -> dict[str, Any]:
    """The body of a refusal; something between may have answered in HTML."""
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
