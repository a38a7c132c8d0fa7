"""The webhook's secret, its body, and how a body is signed: by Standard Webhooks, which many libraries read.

The secret is never stored: it is derived from the portal's own key and the salt of a property's settings. Whoever reads
the database alone can sign nothing.
"""

import base64
import hashlib
import hmac
import json
import uuid
from datetime import datetime

from django.utils.crypto import salted_hmac

from portal.security.models import Alert, AlertDelivery

PREFIX = "whsec_"


def secret_of(*, tenant_id: uuid.UUID, salt: str) -> str:
    """Return the secret of a property's webhook, as its receiver is shown it once."""
    raw = salted_hmac("portal.security.alerts.hooks", f"{tenant_id}:{salt}", algorithm="sha256").digest()
    return PREFIX + base64.b64encode(raw).decode()


def signed_headers(*, secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the three headers of a message: HMAC-SHA256 over its id, its time in seconds and its body."""
    time = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    mac = hmac.digest(key, f"{message_id}.{time}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": time,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def body_of(delivery: AlertDelivery, *, at: datetime) -> bytes:
    """Return what is sent: ids, codes and counts. Who is meant only the portal tells, to whoever may know."""
    data: dict[str, object] = {"property": str(delivery.tenant)}
    if delivery.alert is not None:
        data |= _data(delivery.alert)
    kind = "alert.rang" if delivery.alert is not None else "alert.test"
    said = {"type": kind, "timestamp": at.isoformat(), "data": data}
    return json.dumps(said, separators=(",", ":")).encode()


def _data(alert: Alert) -> dict[str, object]:
    return {
        "alert": str(alert.pk),
        "rule": alert.rule,
        "severity": alert.severity,
        "subject": alert.subject,
        "state": alert.state,
        "count": alert.count,
        "first_at": alert.first_at.isoformat(),
        "last_at": alert.last_at.isoformat(),
        "facts": alert.facts,
    }
