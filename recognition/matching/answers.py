"""The answer to a door: allowed or not, and by which rule. Never a score, a name or a face."""

from dataclasses import asdict, dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recognition.engine import codes
from tenants.people.rules import passes

MATCHED = "matched"
NO_MATCH = "no_match"
NEAR_TIE = "near_tie"
NOT_ENROLLED = "not_enrolled"
NOT_CLEARED = "not_cleared"
DEVICE_NOT_ACTIVE = "device_not_active"
MODE_NOT_DECLARED = "mode_not_declared"
OUTSIDE_HOURS = "outside_hours"
TIMEOUT = "timeout"

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
    passes.ALLOWED: _("The pass is valid at this door."),
    passes.NO_METHOD: _("This door does not take this kind of pass. Use another way or ask the desk."),
    passes.OUT_OF_ORDER: _("This kind of pass is out of order at this door. Use another way or ask the desk."),
    passes.CLOSED: _("This door is closed to passes of this kind at this hour."),
    passes.DEVICE_RETIRED: _("This terminal is no longer in use."),
    passes.UNKNOWN_CARD: _("This card is not known here. The desk can register it."),
    passes.WRONG_PIN: _("The personal number or the PIN is wrong."),
    passes.TOO_MANY_PINS: _("Too many wrong PINs at this door. Wait a quarter of an hour, or use a card or the desk."),
    passes.PIN_UNAVAILABLE: _("PINs cannot be checked right now. Use a card, the QR pass or the desk."),
    passes.WRONG_CODE: _("This code is not valid, or no longer. Show the one that is on the page now."),
    passes.TOO_MANY_CODES: _("Too many wrong codes here. Wait a quarter of an hour, or use another way."),
    passes.USED_CODE: _("This code was used already. Wait for the next one; it comes within half a minute."),
    passes.STOPPED: _("This pass was stopped. The desk can issue a new one."),
    passes.NOT_YET: _("This pass is not valid yet."),
    passes.OVER: _("This pass is no longer valid. The desk can issue a new one."),
    passes.OTHER_DOOR: _("This pass is for other doors."),
}

# What a terminal may report: whatever this portal could have answered itself, and can explain.
RULES = tuple(sorted({*_SENTENCES, *(code.value for code in codes.RejectionCode)}))


@dataclass(frozen=True)
class Answer:
    """What the terminal is told."""

    allowed: bool
    rule: str
    event: str | None = None

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def sentence(rule: str) -> str | Promise:
    """Explain a rule code in plain words."""
    return _SENTENCES[rule] if rule in _SENTENCES else codes.sentence(rule)
