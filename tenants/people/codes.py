"""Card numbers, PINs and rotating codes: what of them is stored, and how one is proved.

All three hang on PASS_KEY, which is not in the database: a copy of the database alone opens no door.
Cards are few digits, so a hash without a key could be searched through; the key and the property are
part of it, and the same card has another hash in every property. A PIN is mixed with the key before it
is hashed. The rotating code's secret is never stored at all.
"""

import base64
import hmac
import secrets
import uuid
from datetime import datetime

import pyotp
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.utils.crypto import salted_hmac

from tenants.people.rules.passes import PIN_DIGITS, is_obvious, plain_card

STEP_SECONDS = 30
PREFIX = "CP1"
# Costs the same as a real check, so that an unknown personal number is not told apart by its time.
_NOBODY = uuid.UUID(int=0)


def _keyed(purpose: str, value: str) -> bytes:
    return salted_hmac(f"tenants.people.codes.{purpose}", value, secret=settings.PASS_KEY, algorithm="sha256").digest()


def hash_card(tenant_id: uuid.UUID, number: str) -> str:
    return _keyed("card", f"{tenant_id}:{plain_card(number)}").hex()


def new_digits() -> str:
    """Return six random digits that nobody would try first."""
    while True:
        digits = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"
        if not is_obvious(digits):
            return digits


def hash_pin(pass_id: uuid.UUID, pin: str) -> str:
    return make_password(_peppered(pass_id, pin))


def proves_pin(pass_id: uuid.UUID | None, pin: str, stored_hash: str) -> bool:
    """Compare a PIN. Without a pass it compares as long and says no."""
    if pass_id is None:
        make_password(_peppered(_NOBODY, pin))
        return False
    return check_password(_peppered(pass_id, pin), stored_hash)


def _peppered(pass_id: uuid.UUID, pin: str) -> str:
    return _keyed("pin", f"{pass_id}:{pin}").hex()


def totp(pass_id: uuid.UUID, generation: int) -> pyotp.TOTP:
    """Return the generator of a pass's codes (RFC 6238). A new generation is another secret."""
    secret = _keyed("qr", f"{pass_id}:{generation}")[:20]
    return pyotp.TOTP(base64.b32encode(secret).decode(), digits=PIN_DIGITS, interval=STEP_SECONDS)


def step_of(at: datetime) -> int:
    return int(at.timestamp()) // STEP_SECONDS


def proved_step(pass_id: uuid.UUID, generation: int, code: str, *, at: datetime) -> int | None:
    """Return the step whose code this is, one step early or late allowed, or None."""
    generator, now = totp(pass_id, generation), step_of(at)
    matching = [step for step in (now, now - 1, now + 1) if hmac.compare_digest(generator.generate_otp(step), code)]
    return matching[0] if matching else None


def qr_text(pass_id: uuid.UUID, code: str) -> str:
    """Return what a QR holds: `CP1.<pass id in base32>.<code>`, all of it in a QR's short alphabet."""
    return f"{PREFIX}.{base64.b32encode(pass_id.bytes).decode().rstrip('=')}.{code}"


def read_qr(text: str) -> tuple[uuid.UUID, str] | None:
    """Return the pass id and the code, or None when the text has another form."""
    parts = text.strip().upper().split(".")
    if len(parts) != 3 or parts[0] != PREFIX or len(parts[1]) != 26 or len(parts[2]) != PIN_DIGITS:
        return None
    try:
        found = uuid.UUID(bytes=base64.b32decode(parts[1] + "======"))
    except ValueError:
        return None
    return (found, parts[2]) if parts[2].isascii() and parts[2].isdigit() else None
