"""What the portal answers, in types, and the two ways in which it does not."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

BAD_REQUEST = 400
TOO_LARGE = 413
TOO_OFTEN = 429
CONFLICT = "conflict"  # somebody changed the same thing at the same moment: repeat


class Unreachable(Exception):
    """No answer, or one that says that the portal is out of order. Try again later."""


class Refused(Exception):
    """The portal answered and says no, with a code."""

    def __init__(self, status: int, code: str, *, server_time: datetime | None = None) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.server_time = server_time

    @property
    def is_about_the_key(self) -> bool:
        """This terminal may not speak any more with this key."""
        return self.status in {401, 403}


@dataclass(frozen=True)
class Lease:
    """The answer to a heartbeat: until when faces may be used here, and how."""

    name: str
    access_point: str
    state: str
    suspended_for: list[str]
    mode: str
    storage_mode: str
    orders: int
    faces_until: datetime
    hours: list[tuple[str, str]]
    server_time: datetime

    @classmethod
    def read(cls, held: dict[str, Any]) -> Lease:
        return cls(
            name=str(held.get("name") or ""),
            access_point=str(held.get("access_point") or ""),
            state=str(held["state"]),
            suspended_for=_texts(held.get("suspended_for")),
            mode=str(held["mode"]),
            storage_mode=str(held["storage_mode"]),
            orders=int(held["orders"]),
            faces_until=moment(held["faces_until"]),
            hours=[(str(opens), str(closes)) for opens, closes in held["hours"]],
            server_time=moment(held["server_time"]),
        )


@dataclass(frozen=True)
class Order:
    number: int
    kind: str
    person: uuid.UUID | None = None
    until: datetime | None = None
    model: str = ""
    dimension: int = 0
    count: int = 0
    sealed: bytes = field(default=b"", repr=False)

    @classmethod
    def read(cls, held: dict[str, Any]) -> Order:
        return cls(
            number=int(held["number"]),
            kind=str(held["kind"]),
            person=uuid.UUID(held["person"]) if held.get("person") else None,
            until=moment(held["until"]) if held.get("until") else None,
            model=str(held.get("model") or ""),
            dimension=int(held.get("dimension") or 0),
            count=int(held.get("count") or 0),
            sealed=base64.b64decode(held.get("sealed") or "", validate=True),
        )


@dataclass(frozen=True)
class Decision:
    allowed: bool
    rule: str
    sentence: str
    event: str | None

    @classmethod
    def read(cls, held: dict[str, Any]) -> Decision:
        return cls(
            allowed=held["allowed"] is True,
            rule=str(held["rule"]),
            sentence=str(held.get("sentence") or ""),
            event=str(held["event"]) if held.get("event") else None,
        )


def moment(text: str) -> datetime:
    """A time with a zone. Raises ValueError."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(f"{text} has no zone.")
    return read


def _texts(held: Any) -> list[str]:
    """A list of texts, or one text, or nothing."""
    if not held:
        return []
    return [str(text) for text in held] if isinstance(held, list) else [str(held)]
