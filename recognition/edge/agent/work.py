"""Carry out what the portal orders, one after the other, and confirm each before the next (device-protocol.md, 3)."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from recognition.edge.agent import enrolments, outbox
from recognition.edge.agent.answers import Order
from recognition.edge.agent.delivery import deliver, of_order
from recognition.edge.agent.opening import Unusable, open_templates
from recognition.edge.agent.rotation import rotate
from recognition.edge.agent.terminal import Terminal

logger = logging.getLogger(__name__)

OTHER_MODEL = "other_model"
UNREADABLE = "unreadable"
SUSPENDED = "suspended"
UNKNOWN_KIND = "unknown_kind"


@dataclass(frozen=True)
class Outcome:
    outcome: str
    reason: str = ""
    handle: str = ""
    model: str = ""


DONE = Outcome("done")
NOT_HELD = Outcome("not_held")


def carry_out_all(terminal: Terminal) -> None:
    """Fetch and carry out until nothing is left. Raises Unreachable or Refused; what was done stays done."""
    deliver(terminal)
    while True:
        orders, has_more = terminal.portal.orders(terminal.identity, after=terminal.store.last_order)
        for order in orders:
            if order.number <= terminal.store.last_order:
                continue
            carry_out(terminal, order)
            deliver(terminal)
            if order.kind == "rotate":
                has_more = True  # what follows was sealed to the old key: ask for it anew
                break
        if not orders or not has_more:
            return


def carry_out(terminal: Terminal, order: Order) -> None:
    """Do one order. Its effect, its number and its receipt reach the disk together, or none of them."""
    if order.kind == "rotate":
        rotate(terminal)
    store = terminal.store
    with store.transaction():
        store.put("last_order", order.number)
        if order.kind == "enrol" and order.person is not None:
            enrolments.set_aside(store, order)
            return
        outcome = _EFFECTS.get(order.kind, _unknown)(terminal, order)
        _confirm(terminal, order, outcome)
    # Only now: a new template is used from memory when it is on the disk, never before.
    if order.kind == "store" and order.person is not None and outcome == DONE:
        remember(terminal, order.person)


def _confirm(terminal: Terminal, order: Order, outcome: Outcome) -> None:
    outbox.write_receipt(
        terminal.store,
        order,
        device=terminal.identity.device,
        at=terminal.clock.now(),
        outcome=outcome.outcome,
        reason=outcome.reason,
        handle=outcome.handle,
        model=outcome.model,
    )


def remember(terminal: Terminal, person: uuid.UUID) -> None:
    """Take one person's templates from the disk into memory, if they are still there."""
    with terminal.store.lock:
        for held in terminal.templates.load(model=terminal.engine.model_version, person=person):
            terminal.faces.put(person, held.rows, is_suspended=held.is_suspended)


def _store(terminal: Terminal, order: Order) -> Outcome:
    if order.person is None or order.model != terminal.engine.model_version:
        return Outcome("failed", OTHER_MODEL)
    if order.dimension != terminal.engine.dimension:
        return Outcome("failed", OTHER_MODEL)
    try:
        rows = open_templates(
            order.sealed,
            identity=terminal.identity,
            person=order.person,
            model=order.model,
            count=order.count,
            dimension=order.dimension,
        )
    except Unusable as error:
        logger.warning("Order %d: %s", order.number, error)
        return Outcome("failed", UNREADABLE)
    handle = of_order(order.number)
    terminal.templates.put(person=order.person, model=order.model, rows=rows, handle=handle)
    rows.fill(0)
    return DONE


def _suspend(terminal: Terminal, order: Order) -> Outcome:
    if order.person is not None:
        enrolments.end(terminal, order.person, reason=SUSPENDED)
    return _set_suspended(terminal, order, to=True)


def _resume(terminal: Terminal, order: Order) -> Outcome:
    return _set_suspended(terminal, order, to=False)


def _set_suspended(terminal: Terminal, order: Order, *, to: bool) -> Outcome:
    if order.person is None or not terminal.templates.suspend(order.person, to=to):
        return NOT_HELD
    terminal.faces.suspend(order.person, to=to)
    return DONE


def _delete(terminal: Terminal, order: Order) -> Outcome:
    if order.person is None:
        return NOT_HELD
    # From memory first: whatever happens to the disk, this face opens nothing any more.
    terminal.faces.drop(order.person)
    enrolments.drop(terminal.store, order.person)
    return DONE if terminal.templates.delete(order.person) else NOT_HELD


def _wipe(terminal: Terminal, order: Order) -> Outcome:
    terminal.faces.clear()
    enrolments.drop_all(terminal.store)
    return DONE if terminal.templates.wipe() else NOT_HELD


def _rotated(terminal: Terminal, order: Order) -> Outcome:
    return DONE


def _unknown(terminal: Terminal, order: Order) -> Outcome:
    return Outcome("failed", UNKNOWN_KIND)


_EFFECTS: dict[str, Callable[[Terminal, Order], Outcome]] = {
    "store": _store,
    "suspend": _suspend,
    "resume": _resume,
    "delete": _delete,
    "wipe": _wipe,
    "rotate": _rotated,
}
