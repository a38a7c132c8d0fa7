"""Why a terminal's request is not taken (docs/device-protocol.md, 2), and which of it is recorded as an alarm."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from recognition.edge.kinds import AlarmKind


class Refusal(models.TextChoices):
    UNSIGNED = "unsigned", _("The request is not signed as the device protocol says.")
    BAD_SIGNATURE = "bad_signature", _("The signature does not verify.")
    BAD_DIGEST = "bad_digest", _("The content is not what was signed.")
    UNKNOWN_KEY = "unknown_key", _("This key is not known. Pair the terminal.")
    REVOKED_KEY = "revoked_key", _("This key was replaced.")
    CLOCK = "clock", _("The terminal's clock is wrong. Correct it by “server_time” and repeat.")
    REPLAYED = "replayed", _("This request was sent before.")
    KEY_COPIED = "key_copied", _("Two machines use this key. It has stopped; pair the terminal again.")


# What an unsigned request says of a property, anybody may say: it is refused and not recorded.
ALARMS = {
    Refusal.BAD_SIGNATURE: AlarmKind.BAD_SIGNATURE,
    Refusal.BAD_DIGEST: AlarmKind.BAD_SIGNATURE,
    Refusal.UNKNOWN_KEY: AlarmKind.UNKNOWN_KEY,
    Refusal.REVOKED_KEY: AlarmKind.REVOKED_KEY,
    Refusal.CLOCK: AlarmKind.CLOCK,
    Refusal.REPLAYED: AlarmKind.REPLAYED,
    Refusal.KEY_COPIED: AlarmKind.KEY_COPIED,
}

# What anybody can send who has no key: only these are throttled, for the others a key must have signed.
UNPROVED = frozenset({Refusal.BAD_SIGNATURE, Refusal.BAD_DIGEST, Refusal.UNKNOWN_KEY})


class Refused(Exception):
    """The request is not taken. Not a ValidationError: nothing in it is to be mended field by field."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(code.value)
        self.code = code
