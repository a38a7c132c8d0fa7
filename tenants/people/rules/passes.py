"""Pure rules of passes: may this pass open this door now?

The facts hold the door's method and the pass, and nothing about a consent, a refusal, a request, arrears, a
complaint or a face (Measures Art 10; PIPL 16): what is not here cannot be asked.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from tenants.people.kinds import PassState
from tenants.premises.rules import is_open

ALLOWED = "pass_allowed"
NO_METHOD = "pass_no_method"
OUT_OF_ORDER = "pass_out_of_order"
CLOSED = "pass_closed"
DEVICE_RETIRED = "pass_device_retired"
UNKNOWN_CARD = "pass_unknown_card"
WRONG_PIN = "pass_wrong_pin"
TOO_MANY_PINS = "pass_too_many_pins"
PIN_UNAVAILABLE = "pass_pin_unavailable"
WRONG_CODE = "pass_wrong_code"
TOO_MANY_CODES = "pass_too_many_codes"
USED_CODE = "pass_used_code"
STOPPED = "pass_stopped"
NOT_YET = "pass_not_yet"
OVER = "pass_over"
OTHER_DOOR = "pass_other_door"

CARD_LENGTH = range(6, 33)
PIN_DIGITS = 6


@dataclass(frozen=True)
class MethodFacts:
    """A way to pass one door. Hours are times of the Beijing day; none means all day."""

    is_live: bool
    opens_at: time | None = None
    closes_at: time | None = None


@dataclass(frozen=True)
class PassFacts:
    state: str
    valid_from: date | None
    valid_until: date | None
    opens_this_door: bool


def method_refusal(method: MethodFacts | None, *, at: time) -> str:
    """Return why this door cannot be passed in this way now, or an empty string."""
    if method is None:
        return NO_METHOD
    if not method.is_live:
        return OUT_OF_ORDER
    return "" if is_open(at, opens_at=method.opens_at, closes_at=method.closes_at) else CLOSED


def pass_refusal(facts: PassFacts, *, today: date) -> str:
    """Return why this pass does not open this door today, or an empty string."""
    if facts.state != PassState.ACTIVE:
        return STOPPED
    if facts.valid_from is not None and today < facts.valid_from:
        return NOT_YET
    if facts.valid_until is not None and today > facts.valid_until:
        return OVER
    return "" if facts.opens_this_door else OTHER_DOOR


def plain_card(number: str) -> str:
    """Write a card number in one way, however a reader or a hand wrote it: `04:a2-1f` is `04A21F`."""
    return "".join(c for c in unicodedata.normalize("NFKC", number).upper() if c.isascii() and c.isalnum())


def plain_digits(text: str) -> str:
    """Write digits in one way: full width, spaces and dashes do not matter."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isascii() and c.isdigit())


def is_obvious(digits: str) -> bool:
    """Say whether somebody would try these digits first: one digit, a run up or down, a short repetition."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(digits)}
    if steps <= {0} or steps in ({1}, {9}):
        return True
    return any(digits == digits[:n] * (len(digits) // n) for n in (2, 3) if len(digits) % n == 0)
