"""What an evidence bundle holds of terminals: each receipt word for word, with the key that checks its signature."""

import base64
from collections.abc import Mapping

from django.utils import timezone

from recognition.edge.kinds import OrderKind, OrderState
from recognition.edge.models import DeviceOrder
from tenants.people.models import Person


def receipts(person: Person) -> dict[str, Mapping[str, object]]:
    """Return the receipts by which terminals confirmed that this person's face is gone, by file name. One query."""
    rows = DeviceOrder.objects.filter(person=person, kind=OrderKind.DELETE, state=OrderState.DONE)
    found = rows.exclude(receipt="").exclude(signature=None).select_related("key").defer("sealed")
    return {
        f"receipts/terminal-{order.device_id}-{order.number}.json": {
            "device": str(order.device_id),
            "order": order.number,
            "finished_at": timezone.localtime(order.finished_at).isoformat() if order.finished_at else None,
            # Ed25519 over the UTF-8 of `receipt`, by the key that never left the terminal.
            "receipt": order.receipt,
            "signature": base64.b64encode(bytes(order.signature or b"")).decode(),
            "public_key": base64.b64encode(bytes(order.key.signing_key)).decode() if order.key else None,
            "key": order.key.thumbprint if order.key else None,
        }
        for order in found.order_by("device_id", "number")
    }
