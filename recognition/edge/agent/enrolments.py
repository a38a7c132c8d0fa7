"""Faces to be taken at this terminal: orders set aside until somebody comes, or until nobody did."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass

from recognition.edge.agent import outbox
from recognition.edge.agent.answers import Order, moment
from recognition.edge.agent.store import Store
from recognition.edge.agent.terminal import Terminal
from recognition.engine.codes import FaceRejected

ATTEMPTS = 5  # then staff looks at what is wrong, and orders it anew
EXPIRED = "expired"


class NotOrdered(Exception):
    """The portal did not ask for this person's face, or not any more: there may be no consent."""


class NotNow(Exception):
    """This terminal is stopped, or has not heard the portal for a day: it takes no face. The order waits."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(frozen=True)
class Waiting:
    order: Order
    attempts: int
    reason: str  # why the last attempt gave no template


def set_aside(store: Store, order: Order) -> None:
    """Keep an `enrol`; a newer one of the same person takes the place of an earlier one."""
    store.write(
        "INSERT OR REPLACE INTO enrolments VALUES (?, ?, ?, 0, '')",
        *(str(order.person), order.number, order.until.isoformat() if order.until else None),
    )


def drop(store: Store, person: uuid.UUID) -> None:
    store.write("DELETE FROM enrolments WHERE person = ?", str(person))


def drop_all(store: Store) -> None:
    store.write("DELETE FROM enrolments")


def waiting(store: Store, person: uuid.UUID | None = None) -> list[Waiting]:
    """All that wait, or the one of a person."""
    found = store.rows(
        "SELECT person, number, until, attempts, reason FROM enrolments"
        " WHERE ?1 IS NULL OR person = ?1 ORDER BY number",
        str(person) if person else None,
    )
    return [
        Waiting(Order(number, "enrol", uuid.UUID(name), moment(until) if until else None), attempts, reason)
        for name, number, until, attempts, reason in found
    ]


def end(terminal: Terminal, person: uuid.UUID, *, reason: str) -> None:
    """The person's face is not to be taken now; confirm so, if it was ordered."""
    with terminal.store.transaction():
        for one in waiting(terminal.store, person):
            _fail(terminal, one.order, reason)


def expire(terminal: Terminal) -> None:
    """Confirm those for whom nobody came in time."""
    now = terminal.clock.now()
    with terminal.store.transaction():
        for one in waiting(terminal.store):
            if one.order.until is not None and one.order.until <= now:
                _fail(terminal, one.order, one.reason or EXPIRED)


def take(terminal: Terminal, *, person: uuid.UUID, photo: bytearray) -> int:
    """Take the face from a photo, keep its template, and return the order's number.

    The photo is overwritten, whatever comes. Raises NotOrdered; NotNow, before anybody's face is looked at;
    FaceRejected, after which another photo may be tried, ATTEMPTS times in all.
    """
    try:
        asked = _order_for(terminal, person)
        try:
            # Read as bytes are, and unlike bytes overwritten afterwards.
            rows = terminal.engine.represent(photo).embedding.reshape(1, -1)  # type: ignore[arg-type]
        except FaceRejected as rejected:
            _count(terminal, asked.number, person, str(rejected.code))
            raise
    finally:
        photo[:] = bytes(len(photo))
    with terminal.store.transaction():
        # Asked again: while the photo was looked at, a deletion may have been carried out, or this terminal stopped.
        if _order_for(terminal, person).number != asked.number:
            raise NotOrdered(str(person))
        handle, model = secrets.token_hex(8), terminal.engine.model_version
        terminal.templates.put(person=person, model=model, rows=rows, handle=handle)
        drop(terminal.store, person)
        outbox.write_receipt(
            terminal.store,
            asked,
            device=terminal.identity.device,
            at=terminal.clock.now(),
            outcome="done",
            handle=handle,
            model=model,
        )
    with terminal.store.lock:
        if terminal.templates.holds(person, handle=handle):  # not deleted again since
            terminal.faces.put(person, rows, is_suspended=False)
    terminal.wake()
    return asked.number


def _order_for(terminal: Terminal, person: uuid.UUID) -> Order:
    """Raises NotOrdered and NotNow."""
    found = waiting(terminal.store, person)
    if not found or (found[0].order.until is not None and found[0].order.until <= terminal.clock.now()):
        raise NotOrdered(str(person))
    if stopped := terminal.stopped(now=terminal.clock.now()):
        raise NotNow(stopped)
    return found[0].order


def _count(terminal: Terminal, number: int, person: uuid.UUID, reason: str) -> None:
    """Write down a failed attempt; the last one answers the order."""
    with terminal.store.transaction():
        terminal.store.write(
            "UPDATE enrolments SET attempts = attempts + 1, reason = ? WHERE person = ? AND number = ?",
            *(reason, str(person), number),
        )
        for one in waiting(terminal.store, person):
            if one.order.number == number and one.attempts >= ATTEMPTS:
                _fail(terminal, one.order, reason)
    terminal.wake()


def _fail(terminal: Terminal, order: Order, reason: str) -> None:
    if order.person is not None:
        drop(terminal.store, order.person)
    outbox.write_receipt(
        terminal.store, order, device=terminal.identity.device, at=terminal.clock.now(), outcome="failed", reason=reason
    )
