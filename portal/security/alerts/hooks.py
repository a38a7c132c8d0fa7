"""The webhook's secret, its body, and how a body is signed: by Standard Webhooks, which many libraries read.

The secret is never stored: it is derived from the portal's own key and the salt of an endpoint. Whoever reads
the database alone can sign nothing.
"""

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.utils.crypto import salted_hmac

from portal.security.models import AlertDelivery, WebhookEndpoint

PREFIX = "whsec_"


def secret_of(*, tenant_id: uuid.UUID, salt: str) -> str:
    """Return the secret of a property's webhook, as its receiver is shown it once."""
    raw = salted_hmac("portal.security.alerts.hooks", f"{tenant_id}:{salt}", algorithm="sha256").digest()
    return PREFIX + base64.b64encode(raw).decode()


def secrets_of(endpoint: WebhookEndpoint, *, at: datetime) -> list[str]:
    """Return the secrets that sign for an endpoint now: after a change the earlier one too, for a day."""
    salts = [endpoint.secret_salt]
    if endpoint.earlier_until is not None and at < endpoint.earlier_until:
        salts.append(endpoint.earlier_salt)
    return [secret_of(tenant_id=endpoint.tenant_id, salt=salt) for salt in salts]


def signed_headers(*, secrets: Sequence[str], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the three headers of a message: by each secret HMAC-SHA256 over its id, its time in seconds, its body."""
    time = str(int(at.timestamp()))
    signed = f"{message_id}.{time}.".encode() + body
    keys = [base64.b64decode(secret.removeprefix(PREFIX)) for secret in secrets]
    macs = [base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": time,
        "webhook-signature": " ".join(f"v1,{mac}" for mac in macs),
    }


def body_of(delivery: AlertDelivery) -> bytes:
    """Return what is sent, the same at each attempt. Who is meant only the portal tells, to whoever may know."""
    data = {"property": str(delivery.tenant), **delivery.payload}
    said = {"type": delivery.event, "timestamp": delivery.created_at.isoformat(), "data": data}
    return json.dumps(said, separators=(",", ":")).encode()


def readable(delivery: AlertDelivery) -> str:
    """Return what is sent, laid out for people."""
    return json.dumps(json.loads(body_of(delivery)), indent=2, ensure_ascii=False)
