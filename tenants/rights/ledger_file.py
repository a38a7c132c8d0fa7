"""The ledger of erasures as a file: a line for each order, chained by hash, written under a lock and made durable.

It lies outside the database, so that a restored backup cannot forget who was to be erased. It holds ids and dates, no
name and no face. Nothing here knows Django: the stack reads it before any process of the application runs.
"""

import fcntl
import hashlib
import json
import os
import threading
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from tenants.rights.ledger_index import Index, short

NAME = "erasures.jsonl"
FIRST = "0" * 64
_HASH = ',"hash":"'
_END = len(_HASH) + 64 + len('"}')
MARK_EVERY = 1000  # lines between two places that a reader may begin at
MOST_FAULTS = 100


@dataclass(frozen=True)
class Order:
    """What the ledger keeps of an erasure: enough to order it again, and nothing that says who it is."""

    erasure: uuid.UUID
    tenant: uuid.UUID
    person: uuid.UUID
    scope: str
    reason: str
    ordered_at: datetime


@dataclass(frozen=True)
class Entry:
    """An order with its number. Numbers grow; one may be left out, and none is given twice."""

    number: int
    order: Order


@dataclass(frozen=True)
class Fault:
    """A line, counted from 1, that is not what was written: `unreadable`, `chain` or `number`. 0: the whole file."""

    line: int
    code: str


class _Read:
    """What was read so far: where it ends, who is named, and what is wrong with it."""

    def __init__(self) -> None:
        self.inode = self.seen = self.mtime = -1
        self.offset = self.lines = self.number = 0
        self.last = FIRST
        self.index = Index()
        self.marks: list[tuple[int, int]] = [(0, 0)]  # (number, offset): whatever has a greater number comes after
        self.faults: list[Fault] = []

    def is_of(self, stat: os.stat_result) -> bool:
        return (self.inode, self.seen, self.mtime) == (stat.st_ino, stat.st_size, stat.st_mtime_ns)

    def take(self, line: bytes) -> None:
        self.lines += 1
        entry, end = _parsed(line)
        if entry is None:
            self._fault("unreadable")
        else:
            if end != _hash(self.last, line[:-_END]):
                self._fault("chain")
            if entry.number <= self.number:
                self._fault("number")
            self.number, self.last = max(entry.number, self.number), end
            self.index.add(short(entry.order.person), short(entry.order.erasure))
        self.offset += len(line) + 1
        if self.lines % MARK_EVERY == 0:
            self.marks.append((self.number, self.offset))

    def _fault(self, code: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(self.lines, code))


class FileLedger:
    """The ledger in one folder. Several processes and threads may use it at once; it is only ever added to."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._held = _Read()
        self._lock = threading.Lock()

    # -- Reading -------------------------------------------------------------------------------------
    def erasures_of(self, person: uuid.UUID) -> Sequence[int]:
        """Return the `short` ids of all erasures of a person. Costs a look at the file's date. Raises OSError."""
        return self._read().index.of(short(person))

    def last_number(self) -> int:
        """Return the highest number, 0 for an empty ledger. Raises OSError."""
        return self._read().number

    def faults(self) -> list[Fault]:
        """Return what was changed, removed or damaged, as far as a chain can tell. Raises OSError."""
        return list(self._read().faults)

    def entries(self, *, after: int = 0) -> Iterator[Entry]:
        """Give the entries with a greater number, as they were written. An unreadable line is left out."""
        start = max(offset for number, offset in self._read().marks if number <= after)
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(start)
            for line in file:
                entry, _end = _parsed(line.rstrip(b"\n"))
                if line.endswith(b"\n") and entry is not None and entry.number > after:
                    yield entry

    def _read(self) -> _Read:
        """Return what the file says now; only what was added is read, unless the file is another one."""
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            return self._held  # a ledger that is gone still shuts out whom it named
        if self._held.is_of(stat):
            return self._held
        with self._lock:
            held = self._held
            if held.is_of(stat):
                return held
            is_grown = held.inode == stat.st_ino and stat.st_size > held.seen
            fresh = held if is_grown else _Read()
            with self.path.open("rb") as file:
                file.seek(fresh.offset)
                for line in file:
                    if line.endswith(b"\n"):  # the last one may still be on its way
                        fresh.take(line[:-1])
            fresh.inode, fresh.seen, fresh.mtime = stat.st_ino, stat.st_size, stat.st_mtime_ns
            self._held = fresh
            return fresh

    # -- Writing -------------------------------------------------------------------------------------
    def append(self, orders: Sequence[Order], *, above: int = 0) -> dict[uuid.UUID, int]:
        """Write the orders that are not in it yet and return the number of each; on return they are on the disk.

        The numbers are greater than `above`. A line that a dying process left half written is taken away first: its
        order has no number yet and is written again by whoever sweeps. Raises OSError.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_new = not self.path.exists()
        with open(self.path, "a+b", opener=_private) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            _mend(file)
            read = self._read()
            named = [one for one in orders if short(one.erasure) in read.index.of(short(one.person))]
            numbers = self._numbers(named)
            number, last, lines = max(read.number, above), read.last, []
            for order in orders:
                if order.erasure not in numbers:
                    number += 1
                    line, last = _written(Entry(number, order), last)
                    numbers[order.erasure] = number
                    lines.append(line)
            file.write(b"".join(lines))
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            _make_durable(self.path.parent)
        return numbers

    def _numbers(self, orders: Sequence[Order]) -> dict[uuid.UUID, int]:
        wanted = {order.erasure for order in orders}
        if not wanted:
            return {}
        return {entry.order.erasure: entry.number for entry in self.entries() if entry.order.erasure in wanted}


def _written(entry: Entry, last: str) -> tuple[bytes, str]:
    order = entry.order
    fields = {
        "number": entry.number,
        "erasure": str(order.erasure),
        "tenant": str(order.tenant),
        "person": str(order.person),
        "scope": str(order.scope),
        "reason": str(order.reason),
        "ordered_at": order.ordered_at.isoformat(),
    }
    body = json.dumps(fields, separators=(",", ":"))[:-1].encode()
    end = _hash(last, body)
    return body + f'{_HASH}{end}"}}\n'.encode(), end


def _hash(last: str, body: bytes) -> str:
    return hashlib.sha256(last.encode() + body).hexdigest()


def _parsed(line: bytes) -> tuple[Entry | None, str]:
    """Return the entry of a line and the hash it ends with; None for a line that is none."""
    try:
        said = json.loads(line)
        erasure, tenant, person = (uuid.UUID(said[name]) for name in ("erasure", "tenant", "person"))
        ordered_at = datetime.fromisoformat(said["ordered_at"])
        order = Order(erasure, tenant, person, str(said["scope"]), str(said["reason"]), ordered_at)
        return Entry(int(said["number"]), order), str(said["hash"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None, ""


def _mend(file: IO[bytes]) -> None:
    """Take away what a dying process left of a line; a whole one that only lacks its end gets it."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - 4096)
    file.seek(start)
    tail = file.read()
    if not tail or tail.endswith(b"\n"):
        return
    torn = tail.rpartition(b"\n")[2]
    if _parsed(torn)[0] is not None:
        file.write(b"\n")
    else:
        file.truncate(size - len(torn))
        file.seek(0, os.SEEK_END)
    file.flush()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _make_durable(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
