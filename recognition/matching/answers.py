"""The answer to a door: allowed or not, and by which rule. Never a score, a name or a face."""

from dataclasses import asdict, dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recognition.engine import codes

MATCHED = "matched"
NO_MATCH = "no_match"
NEAR_TIE = "near_tie"
NOT_ENROLLED = "not_enrolled"
NOT_CLEARED = "not_cleared"
DEVICE_NOT_ACTIVE = "device_not_active"
MODE_NOT_DECLARED = "mode_not_declared"
TIMEOUT = "timeout"

_SENTENCES: dict[str, Promise] = {
    MATCHED: _("The face belongs to the person."),
    NO_MATCH: _("The face matches nobody who agreed to this door."),
    NEAR_TIE: _("Two people look too much alike to be sure."),
    NOT_ENROLLED: _("No face is kept for this person."),
    NOT_CLEARED: _("The law or the person does not say yes now."),
    DEVICE_NOT_ACTIVE: _("This device is not active."),
    MODE_NOT_DECLARED: _("This device is not declared for this mode."),
    TIMEOUT: _("Faces cannot be checked right now. Use the card, PIN or desk."),
}


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
