"""The seals a second time, in a file outside the database: who rewrites the one has to rewrite the other as well.

A line for each seal, as it was signed. Copy the file off the machine now and then: a copy elsewhere proves the most.
"""

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

NAME = "seals.jsonl"


@dataclass(frozen=True)
class Anchored:
    """What a line keeps of a seal."""

    number: int
    body: str
    signature: str
    key_id: str


class Unreadable(Exception):
    """A line of the file is not what was written. `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"{NAME}, line {line}")
        self.line = line


def path() -> Path:
    return Path(settings.AUDIT_ANCHOR_DIR) / NAME


def read() -> list[Anchored]:
    """Return all lines in their order. Raises Unreadable, and OSError when there is no reading the file."""
    try:
        lines = path().read_text().splitlines()
    except FileNotFoundError:
        return []
    found = []
    for place, line in enumerate(lines, 1):
        try:
            found.append(Anchored(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise Unreadable(place) from error
    return found


def last_number() -> int:
    """Return the number of the last line, 0 for none. Raises as `read` does."""
    try:
        with path().open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 4_000))
            last = file.read().splitlines()[-1]
    except (FileNotFoundError, IndexError):
        return 0
    try:
        return Anchored(**json.loads(last)).number
    except (ValueError, TypeError) as error:
        raise Unreadable(0) from error


def append(seals: Iterable[Anchored]) -> None:
    """Add those that are not in it yet, for good. In the order of their numbers."""
    path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path().open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        above = last_number()
        file.writelines(json.dumps(asdict(seal)) + "\n" for seal in seals if seal.number > above)
        file.flush()
        os.fsync(file.fileno())
