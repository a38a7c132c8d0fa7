"""Pure rules of the door: may a face be used now, and whose is it?"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recognition.engine.codes import RejectionCode
from recognition.engine.codes import sentence as of_photo

BEIJING = timezone(timedelta(hours=8))

MATCHED = "matched"
NO_MATCH = "no_match"
NEAR_TIE = "near_tie"
NOT_ENROLLED = "not_enrolled"
NOT_CLEARED = "not_cleared"
DEVICE_NOT_ACTIVE = "device_not_active"
MODE_NOT_DECLARED = "mode_not_declared"
OUTSIDE_HOURS = "outside_hours"
TIMEOUT = "timeout"
PASS_ALLOWED = "pass_allowed"  # noqa: S105 - the name of a rule
UNKNOWN_CARD = "pass_unknown_card"
PIN_UNAVAILABLE = "pass_pin_unavailable"
OUT_OF_ORDER = "pass_out_of_order"

_SENTENCES: dict[str, Promise] = {
    MATCHED: _("The face belongs to the person."),
    NO_MATCH: _("The face matches nobody who agreed to this door."),
    NEAR_TIE: _("Two people look too much alike to be sure."),
    NOT_ENROLLED: _("No face is kept for this person."),
    NOT_CLEARED: _("The law or the person does not say yes now."),
    DEVICE_NOT_ACTIVE: _("This device is not active."),
    MODE_NOT_DECLARED: _("This device is not declared for this mode."),
    OUTSIDE_HOURS: _("Faces do not open this door at this hour (Measures Art 10). Use another way or ask the desk."),
    TIMEOUT: _("Faces cannot be checked right now. Use the card, PIN or desk."),
    PASS_ALLOWED: _("The pass is valid at this door."),
    UNKNOWN_CARD: _("This card is not known here. The desk can register it."),
    PIN_UNAVAILABLE: _("PINs cannot be checked right now. Use a card, the QR pass or the desk."),
    OUT_OF_ORDER: _("This kind of pass is out of order at this door. Use another way or ask the desk."),
}


@dataclass(frozen=True)
class Facts:
    """What the last heartbeat said, and whether the time can be trusted."""

    state: str
    mode: str
    faces_until: datetime
    hours: Sequence[tuple[str, str]]
    is_cut_off: bool
    is_clock_trusted: bool


def refusal(facts: Facts | None, *, mode: str, now: datetime) -> str:
    """Return why no face may be used, before anybody's face is looked at; empty when it may."""
    if stopped := why_stopped(facts, now=now):
        return stopped
    if facts is None or facts.mode != mode:
        return MODE_NOT_DECLARED
    if facts.hours and not any(_covers(opens, closes, now) for opens, closes in facts.hours):
        return OUTSIDE_HOURS
    return ""


def why_stopped(facts: Facts | None, *, now: datetime) -> str:
    """Return why neither a face may be used nor one taken; empty when both may."""
    if facts is None or facts.is_cut_off:
        return DEVICE_NOT_ACTIVE
    if not facts.is_clock_trusted or now >= facts.faces_until:
        return TIMEOUT
    return "" if facts.state == "active" else DEVICE_NOT_ACTIVE


def _covers(opens: str, closes: str, now: datetime) -> bool:
    """Hours past midnight wrap; two equal times mean all day."""
    start, end, at = time.fromisoformat(opens), time.fromisoformat(closes), now.astimezone(BEIJING).time()
    if start < end:
        return start <= at < end
    return at >= start or at < end


def whose(
    similarities: Sequence[tuple[uuid.UUID, float]], *, threshold: float, margin: float
) -> tuple[uuid.UUID | None, str]:
    """Return the one person who is similar enough and clearly first, and the rule. Best first, each person once.

    A near tie is no match: a door must not guess between two people.
    """
    if not similarities or similarities[0][1] < threshold:
        return None, NO_MATCH
    if len(similarities) > 1 and similarities[0][1] - similarities[1][1] < margin:
        return None, NEAR_TIE
    return similarities[0][0], MATCHED


def sentence(rule: str) -> str:
    """Explain a rule in plain words, in the terminal's language. An unknown rule explains itself."""
    if rule in _SENTENCES:
        return str(_SENTENCES[rule])
    return str(of_photo(rule)) if rule in set(RejectionCode) else rule
