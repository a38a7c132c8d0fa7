"""Pure rules of the terminals' keys: what a key is, how far a clock may be off, which boot speaks out of turn."""

import base64
import binascii
from datetime import datetime, timedelta

KEY_BYTES = 32
CLOCK_TOLERANCE = timedelta(seconds=60)
# Longer than any request stays fresh, on both sides of the clock.
NONCE_LIFETIME = timedelta(minutes=5)
BOOT_LIFETIME = timedelta(days=400)
# Without a newer heartbeat a terminal stops using faces after this time.
LEASE = timedelta(hours=24)

# Points of small order, without the sign bit: a “signature” by one of them proves nothing, so no receipt rests on it.
_SMALL_ORDER = frozenset(
    bytes.fromhex(point)
    for point in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)
# The Montgomery coordinates of small order, to which nothing can be sealed.
_SMALL_ORDER_X = frozenset(
    bytes.fromhex(point)
    for point in (
        "00" * 32,
        "01" + "00" * 31,
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)


def read_key(text: str) -> bytes | None:
    """Return the 32 raw bytes of a public key in standard base64, or None."""
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


def is_signing_key(key: bytes) -> bool:
    return _without_sign(key) not in _SMALL_ORDER


def is_sealing_key(key: bytes) -> bool:
    return _without_sign(key) not in _SMALL_ORDER_X


def is_fresh(*, created: int, now: datetime) -> bool:
    return abs(created - now.timestamp()) <= CLOCK_TOLERANCE.total_seconds()


def speaks_out_of_turn(*, created: int, successor_began: datetime) -> bool:
    """Say whether an earlier boot signed this after the boot that follows it had begun: then two machines use one key.

    A request that was on its way when the terminal started again is older than its successor, and no sign of a copy.
    """
    return created > int(successor_began.timestamp())


def _without_sign(key: bytes) -> bytes:
    return key[:-1] + bytes([key[-1] & 0x7F])
