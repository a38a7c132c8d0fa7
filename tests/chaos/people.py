"""What residents do while everything dies around them: they try again until it is done."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import psycopg

from tests.rehearsal.visitors import Browser, Surprise, expect

PATIENCE = 240.0  # seconds for one person's step, all deaths included
PAUSE = 0.3


def persistently(step: Callable[[], Any], *, until: float | None = None) -> Any:
    """Do a step again while the portal cannot be reached; what it answers in earnest is not repeated."""
    until = until or time.monotonic() + PATIENCE
    while True:
        try:
            return step()
        except (httpx.TransportError, psycopg.OperationalError, Surprise) as gone:
            if time.monotonic() > until or (isinstance(gone, Surprise) and not is_outage(gone)):
                raise
            time.sleep(PAUSE)


def is_outage(surprise: Surprise) -> bool:
    """Whether an answer says that a part is down, and not that the step is wrong."""
    return any(f": {status} " in str(surprise) for status in (500, 502, 503, 504))


class Resident:
    """A person at their personal page, and what the property's list says of their face."""

    def __init__(
        self,
        url: str,
        *,
        person: str,
        page: str,
        site: Callable[..., Any],
        name: str = "",
        phone: str = "",
        address: str = "127.0.0.1",
    ) -> None:
        self.person, self.name, self.phone, self.address = person, name, phone, address
        self._url, self._page = url, page
        self._browser = Browser(url)
        self._site = site

    def close(self) -> None:
        self._browser.close()

    def ask(self, method: str, path: str, *statuses: int, **data: str) -> httpx.Response:
        """Call /api/v1/<path> without an account, from the resident's own address."""
        headers = {"X-Forwarded-For": self.address}
        return expect(
            httpx.request(method, f"{self._url}/api/v1/{path}", json=data or None, headers=headers, timeout=30),
            *statuses,
        )

    def state(self) -> str:
        return str(persistently(lambda: self._site("GET", f"people/{self.person}/"))["face_state"])

    def last_attempt(self) -> dict[str, Any]:
        rows = persistently(lambda: self._site("GET", f"enrollments/?person={self.person}"))["results"]
        return next((row for row in rows if row["person"] == self.person), {})

    def agree(self) -> None:
        for purpose in ("recognition", "transmission"):
            asked = self._browser.page(f"{self._page}consent/{purpose}/")
            self._browser.submit(asked, action='value="agree"', decision="agree").raise_for_status()

    def enrol(self, photo: bytes) -> int:
        """Send the photo until the face is enrolled; return how often it had to be sent."""
        until, sent = time.monotonic() + PATIENCE, 0
        while self.state() != "enrolled":
            if time.monotonic() > until:
                raise Surprise(f"Not enrolled in {PATIENCE:.0f} s: {self.last_attempt()}")
            if self.last_attempt().get("state") not in {"queued", "processing"} and self.state() != "enrolled":
                sent += self._send(photo)
            time.sleep(PAUSE)
        return sent

    def _send(self, photo: bytes) -> bool:
        try:
            page = self._browser.page(f"{self._page}photo/")
            answer = self._browser.submit(page, action="multipart", files={"photo": ("me.jpg", photo)})
        except (httpx.TransportError, Surprise):
            return False
        return answer.status_code == 200

    def withdraw(self) -> None:
        """Press "stop" until the portal says that it is done."""
        until = time.monotonic() + PATIENCE
        while self.state() not in {"erasing", "erased"}:
            if time.monotonic() > until:
                raise Surprise(f"Not withdrawn in {PATIENCE:.0f} s.")
            try:
                self._browser.submit(self._browser.page(self._page), action="stop")
            except (httpx.TransportError, Surprise):
                time.sleep(PAUSE)
