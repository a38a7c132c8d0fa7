"""Hand receipts over until the portal has them, and take back what it does not want any more."""

from __future__ import annotations

import json
import logging
import uuid

from recognition.edge.agent import outbox
from recognition.edge.agent.answers import BAD_REQUEST, CONFLICT, Refused
from recognition.edge.agent.terminal import Terminal

logger = logging.getLogger(__name__)

ALREADY_CONFIRMED = "already_confirmed"
NOT_WAITED_FOR = frozenset({404, 409})


def deliver(terminal: Terminal) -> None:
    """Hand over the receipts that the portal has not acknowledged, the oldest first.

    Raises Unreachable, or Refused when this terminal may not speak now. A receipt that is refused for what it says
    stays, and holds up nothing.
    """
    for number, text in outbox.receipts(terminal.store):
        try:
            terminal.portal.confirm(terminal.identity, number=number, receipt=text)
        except Refused as refused:
            is_settled = refused.status in NOT_WAITED_FOR and refused.code != CONFLICT
            if not is_settled and refused.status != BAD_REQUEST:
                raise
            logger.warning("The receipt of order %d was refused: %s", number, refused)
            if not is_settled:
                continue
            if refused.code != ALREADY_CONFIRMED:
                forget_unwanted(terminal, text)
        outbox.drop_receipt(terminal.store, number)


def forget_unwanted(terminal: Terminal, receipt: str) -> None:
    """The portal waits for no such receipt any more, so the face that the order brought may not stay either."""
    held = json.loads(receipt)
    if held["kind"] not in {"store", "enrol"} or held["outcome"] != "done":
        return
    person, handle = uuid.UUID(held["person"]), held["handle"] or of_order(held["order"])
    with terminal.store.transaction():
        if terminal.templates.holds(person, handle=handle):
            terminal.faces.drop(person)
            terminal.templates.delete(person)


def of_order(number: int) -> str:
    """The name of templates that an order brought from the portal."""
    return f"order-{number}"
