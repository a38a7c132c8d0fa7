"""What the portal has not heard yet: receipts of orders, and events of the door. It survives every stop."""

import json
import uuid
from datetime import datetime
from typing import Any

from recognition.edge.agent.answers import Order
from recognition.edge.agent.store import Store

EVENTS_AT_ONCE = 500


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
    """A face that did not match has no person here, and nothing else about it exists (device-protocol.md, 5)."""
    event: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "at": at.isoformat(),
        "method": method,
        "mode": mode,
        "person": str(person) if person else None,
        "allowed": allowed,
        "rule": rule,
    }
    store.write("INSERT INTO events VALUES (?, ?)", event["id"], json.dumps(event))
    return str(event["id"])


def events(store: Store) -> list[dict[str, Any]]:
    """The oldest undelivered events, at most as many as go into one request."""
    found = store.rows("SELECT body FROM events ORDER BY rowid LIMIT ?", EVENTS_AT_ONCE)
    return [json.loads(body) for (body,) in found]


def drop_events(store: Store, ids: list[str]) -> None:
    with store.transaction():
        for one in ids:
            store.write("DELETE FROM events WHERE id = ?", one)
