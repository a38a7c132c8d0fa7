"""Verification: what in the audit is not as it was sealed, the first such entry first.

Finds a row that was changed, removed, or put among sealed ones; a seal that was changed or taken away; an anchor that
says something else. It cannot find a row that was forged before its first seal, which is a minute at most.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.security.audit import anchor, merkle
from portal.security.audit.expiry import kept_since
from portal.security.audit.seals import Row, digest, ids_digest, rows_of
from portal.security.audit.walls import SEALS, SOURCES
from portal.security.models import AuditSeal
from tenants.rights import signing

AT_ONCE = 200  # seals whose rows are fetched together
# No transaction here lasts an hour: what is older than the seal before its own was dated back.
LATE = timedelta(hours=1)


class Fault(models.TextChoices):
    """What can be wrong."""

    CHANGED = "changed", _("changed")
    REMOVED = "removed", _("removed")
    INSERTED = "inserted", _("inserted")
    LATE = "late", _("dated before the seal that would hold it")
    UNSEALED = "unsealed", _("not sealed for more than an hour")
    SEAL_CHANGED = "seal_changed", _("the seal was changed")
    SIGNATURE = "signature", _("the seal's signature is wrong")
    CHAIN = "chain", _("the seal does not follow the one before")
    SEAL_MISSING = "seal_missing", _("the seal is missing")
    ANCHOR = "anchor", _("the anchor says something else")


class Finding(NamedTuple):
    """One broken entry: its table, its id (the number of a seal, the line of the anchor), and what is wrong."""

    place: tuple[int, int, int]
    table: str
    id: int
    fault: Fault


@dataclass(frozen=True)
class Verdict:
    """`findings` in the order of the log. Everything up to `until` is as it was sealed when there are none."""

    findings: list[Finding]
    seals: int
    entries: int
    until: datetime | None

    @property
    def first(self) -> Finding | None:
        return self.findings[0] if self.findings else None


@dataclass
class _Sealed:
    """A seal that was read: what it says, and its leaves by table and id."""

    number: int
    made_at: datetime
    body: str
    said: dict[str, Any]
    leaves: dict[str, dict[int, bytes]]
    after: datetime | None = None  # when the seal before was made, unless that one left rows for this one


def verify(*, now: datetime | None = None) -> Verdict:
    """Compare every row with its seal, every seal with its signature, its follower and the anchor."""
    now = now or timezone.now()
    findings: list[Finding] = []
    entries, last = 0, None
    reached: dict[str, list[tuple[int, int]]] = {}
    reading = _seals(findings)
    while some := list(islice(reading, AT_ONCE)):
        findings += _rows(some, now)
        for sealed in some:
            last = sealed
            entries += sum(len(rows) for rows in sealed.leaves.values())
            for table, seen in sealed.said.get("seen", {}).items():
                reached.setdefault(table, []).append((seen, sealed.number))
    findings += _unsealed(last.said if last else {}, reached, now)
    findings += _anchor(now)
    return Verdict(sorted(findings), AuditSeal.objects.count(), entries, last.made_at if last else None)


def _seals(findings: list[Finding]) -> Iterator[_Sealed]:
    """Read the seals in their order, and note what is wrong with each by itself and after the one before."""
    before: _Sealed | None = None
    for seal in AuditSeal.objects.order_by("number").iterator(chunk_size=AT_ONCE):
        sealed, fault = _read(seal)
        if fault is None and sealed.said["previous"] != (digest(before.body) if before else ""):
            fault = Fault.CHAIN
        if fault is None and sealed.number != (before.number if before else 0) + 1:
            findings.append(Finding((sealed.number - 1, 0, 0), SEALS, sealed.number - 1, Fault.SEAL_MISSING))
        if fault is not None:
            findings.append(Finding((seal.number, 0, 0), SEALS, seal.number, fault))
        if before and not before.said.get("is_more", True):
            sealed.after = before.made_at
        before = sealed
        yield sealed


def _read(seal: AuditSeal) -> tuple[_Sealed, Fault | None]:
    hashes = bytes(seal.hashes)
    leaves = [hashes[at : at + merkle.HASH_BYTES] for at in range(0, len(hashes), merkle.HASH_BYTES)]
    ids = [list(getattr(seal, column)) for _at, column in SOURCES.values()]
    places = iter(leaves)
    by_id = {
        table: {number: next(places, b"") for number in numbers} for table, numbers in zip(SOURCES, ids, strict=True)
    }
    said: dict[str, Any] = {}
    fault = None
    if not signing.is_signed(seal.body.encode(), signature=seal.signature, key_id=seal.key_id):
        fault = Fault.SIGNATURE
    else:
        said = json.loads(seal.body)
        agrees = said["number"] == seal.number and datetime.fromisoformat(said["made_at"]) == seal.made_at
        if not agrees or said["ids"] != ids_digest(ids) or said["root"] != merkle.root(leaves).hex():
            fault = Fault.SEAL_CHANGED
    return _Sealed(seal.number, seal.made_at, seal.body, said, by_id), fault


def _rows(some: Sequence[_Sealed], now: datetime) -> Iterator[Finding]:
    """Compare the rows of some seals with their leaves."""
    may_be_gone = kept_since(now)
    for order, table in enumerate(SOURCES):
        wanted = [number for sealed in some for number in sealed.leaves[table]]
        there = {row.id: row for row in rows_of(f"SELECT * FROM consentry_leaves_{table}(%s)", wanted)}  # noqa: S608 - our own table names
        for sealed in some:
            leaves = sealed.leaves[table]
            if sealed.made_at < may_be_gone and not any(number in there for number in leaves):
                continue  # dropped whole, at its time
            for number, hashed in leaves.items():
                fault = _fault(there.get(number), hashed, sealed)
                if fault is not None:
                    yield Finding((sealed.number, 1 + order, number), table, number, fault)


def _fault(row: Row | None, hashed: bytes, sealed: _Sealed) -> Fault | None:
    if row is None:
        return Fault.REMOVED
    if row.leaf != hashed:
        return Fault.CHANGED
    if sealed.after and row.at < sealed.after - LATE:
        return Fault.LATE
    return None


def _unsealed(said: dict[str, Any], reached: dict[str, list[tuple[int, int]]], now: datetime) -> Iterator[Finding]:
    """Find rows in no seal: below what is settled somebody put them there; above, they wait, but not for long."""
    for order, table in enumerate(SOURCES):
        settled = said.get("settled", {}).get(table, 0)
        for row in rows_of(f"SELECT * FROM consentry_unsealed_{table}(%s, %s, %s)", -(2**62), 0, 2**31):  # noqa: S608 - our own table names
            number = next((number for seen, number in reached.get(table, []) if seen >= row.id), 2**31)
            if row.id <= settled:
                yield Finding((number, 1 + order, row.id), table, row.id, Fault.INSERTED)
            elif row.at < now - LATE:
                yield Finding((number, 1 + order, row.id), table, row.id, Fault.UNSEALED)


def _anchor(now: datetime) -> Iterator[Finding]:
    try:
        anchored = anchor.read()
    except anchor.Unreadable as broken:
        yield Finding((2**31, 9, broken.line), anchor.NAME, broken.line, Fault.ANCHOR)
        return
    known = {row[0]: row for row in AuditSeal.objects.values_list("number", "body", "signature", "key_id", "made_at")}
    for line in anchored:
        seal = known.get(line.number)
        if seal is None:
            yield Finding((line.number, 0, 0), SEALS, line.number, Fault.SEAL_MISSING)
        elif seal[1:4] != (line.body, line.signature, line.key_id):
            yield Finding((line.number, 9, 0), anchor.NAME, line.number, Fault.ANCHOR)
    for number in sorted(known.keys() - {line.number for line in anchored}):
        if known[number][4] < now - LATE:
            yield Finding((number, 9, 0), anchor.NAME, number, Fault.ANCHOR)
