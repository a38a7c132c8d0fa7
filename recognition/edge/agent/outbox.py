"""What the portal has not heard yet: receipts of orders, and events of the door. It survives every stop."""

import json
import uuid
from datetime import datetime
from typing import Any

from recognition.edge.agent.answers import Order
from recognition.edge.agent.store import Store

EVENTS_AT_ONCE = 500
# Of an outage without end: two days of a busy door. Receipts are kept without a bound: each is owed to a person.
EVENTS_KEPT = 20_000
EVENTS_LOST = "events_lost"


def write_receipt(
    store: Store,
    order: Order,
    *,
    device: uuid.UUID,
    at: datetime,
    outcome: str,
    reason: str = "",
    handle: str = "",
    model: str = "",
) -> None:
    """Write what will be signed. The text is made once and sent unchanged as often as it takes."""
    receipt = {
        "v": 1,
        "device": str(device),
        "order": order.number,
        "kind": order.kind,
        "person": str(order.person) if order.person else None,
        "outcome": outcome,
        "reason": reason,
        "handle": handle,
        "model": model,
        "at": at.isoformat(),
    }
    store.write("INSERT OR REPLACE INTO receipts VALUES (?, ?)", order.number, json.dumps(receipt))


def receipts(store: Store) -> list[tuple[int, str]]:
    """Undelivered receipts, by number."""
    return [(number, text) for number, text in store.rows("SELECT number, text FROM receipts ORDER BY number")]


def drop_receipt(store: Store, number: int) -> None:
    store.write("DELETE FROM receipts WHERE number = ?", number)


def write_event(
    store: Store,
    *,
    at: datetime,
    method: str,
    mode: str = "",
    person: uuid.UUID | None = None,
    allowed: bool,
    rule: str,
) -> str:
    """A face that did not match has no person here, and nothing else about it exists (device-protocol.md, 5).

    Of more than EVENTS_KEPT undelivered ones the oldest go; how many went is kept.
    """
    event: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "at": at.isoformat(),
        "method": method,
        "mode": mode,
        "person": str(person) if person else None,
        "allowed": allowed,
        "rule": rule,
    }
    with store.transaction():
        store.write("INSERT INTO events VALUES (?, ?)", event["id"], json.dumps(event))
        # Rows are numbered as they come, and leave from the front.
        gone = store.write("DELETE FROM events WHERE rowid <= (SELECT max(rowid) FROM events) - ?", EVENTS_KEPT)
        if gone:
            store.put(EVENTS_LOST, lost_events(store) + gone)
    return str(event["id"])


def lost_events(store: Store) -> int:
    """How many events of this pairing were never delivered."""
    return int(store.get(EVENTS_LOST, 0))


def events(store: Store) -> list[dict[str, Any]]:
    """The oldest undelivered events, at most as many as go into one request."""
    found = store.rows("SELECT body FROM events ORDER BY rowid LIMIT ?", EVENTS_AT_ONCE)
    return [json.loads(body) for (body,) in found]


def drop_events(store: Store, ids: list[str]) -> None:
    with store.transaction():
        for one in ids:
            store.write("DELETE FROM events WHERE id = ?", one)
