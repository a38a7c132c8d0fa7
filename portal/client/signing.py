"""Whether a webhook's message is the portal's: Standard Webhooks, HMAC-SHA256."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping

OLDEST = 300  # seconds


def is_ours(secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> bool:
    """Judge a message by its `headers` (names in any case) and its `body` as the bytes came.

    While a secret is being replaced the portal signs with both, so either is enough.
    """
    said = {name.lower(): value for name, value in headers.items()}
    sent, signatures = said.get("webhook-timestamp", ""), said.get("webhook-signature", "")
    if not sent.isdecimal() or abs((time.time() if now is None else now) - int(sent)) > OLDEST:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.digest(key, f"{said.get('webhook-id', '')}.{sent}.".encode() + body, hashlib.sha256)
    ours = "v1," + base64.b64encode(mac).decode()
    return any(hmac.compare_digest(one, ours) for one in signatures.split(" "))
