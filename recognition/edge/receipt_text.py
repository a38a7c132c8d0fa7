"""Read a terminal's receipt: the text that it signed, compared with the order that it is about."""

import json
import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recognition.edge.order_rules import Outcome

VERSION = 1
MOST = 4000  # characters
_FIELDS = {"v": int, "device": str, "order": int, "kind": str, "outcome": str, "reason": str, "handle": str,
           "model": str, "at": str}  # fmt: skip
_LONGEST = {"reason": 60, "handle": 80, "model": 120}
_CODE = re.compile(r"[a-z0-9_]*")
# What JSON can write and no database keeps: NUL, and half a character.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


class Unreadable(Exception):
    """The text is no receipt, or one of another order."""


@dataclass(frozen=True)
class Receipt:
    outcome: Outcome
    reason: str
    handle: str
    model: str
    at: datetime


def read(text: str, *, device_id: uuid.UUID, number: int, kind: str, person_id: uuid.UUID | None) -> Receipt:
    """Return what a receipt says of this order (docs/device-protocol.md, 3).

    Every field must be there once, and no other: what is kept for years as evidence has one meaning. Raises Unreadable.
    """
    if len(text) > MOST:
        raise Unreadable("It is too long.")
    try:
        said = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Unreadable("It is not the JSON of a receipt.") from error
    if not isinstance(said, dict) or said.keys() != _FIELDS.keys() | {"person"}:
        raise Unreadable("It has other fields than a receipt.")
    for name, form in _FIELDS.items():
        if type(said[name]) is not form:
            raise Unreadable(f"“{name}” has another form.")
    about = {"v": VERSION, "device": str(device_id), "order": number, "kind": kind}
    about["person"] = str(person_id) if person_id else None
    if any(said[name] != value for name, value in about.items()):
        raise Unreadable("It is about another order.")
    if any(len(said[name]) > most or _NO_TEXT.search(said[name]) for name, most in _LONGEST.items()):
        raise Unreadable("A text in it is too long, or cannot be kept.")
    if not _CODE.fullmatch(said["reason"]):
        raise Unreadable("A reason is a code.")
    return Receipt(_outcome(said["outcome"]), said["reason"], said["handle"], said["model"], _moment(said["at"]))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A field is there twice.")
    return found


def _outcome(text: str) -> Outcome:
    try:
        return Outcome(text)
    except ValueError as error:
        raise Unreadable("This outcome does not exist.") from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unreadable("“at” is no time.") from error
    if moment.tzinfo is None:
        raise Unreadable("“at” has no zone.")
    return moment
