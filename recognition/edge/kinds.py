"""The closed lists of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderKind(models.TextChoices):
    """What a terminal can be asked to do (docs/device-protocol.md, 3)."""

    ENROL = "enrol", _("Take the face")
    STORE = "store", _("Keep the template")
    SUSPEND = "suspend", _("Stop using the face")
    RESUME = "resume", _("Use the face again")
    DELETE = "delete", _("Delete the face")
    WIPE = "wipe", _("Delete all faces")
    ROTATE = "rotate", _("Make new keys")


class OrderState(models.TextChoices):
    WAITING = "waiting", _("Waiting for the terminal")
    SENT = "sent", _("Fetched by the terminal")
    DONE = "done", _("Confirmed")
    FAILED = "failed", _("The terminal could not")
    CANCELLED = "cancelled", _("No longer needed")


OPEN_ORDERS = (OrderState.WAITING, OrderState.SENT)


class CopyState(models.TextChoices):
    """Where a person's face is, at one terminal."""

    WANTED = "wanted", _("On its way")
    HELD = "held", _("On the terminal")
    SUSPENDED = "suspended", _("On the terminal, not used")
    DELETING = "deleting", _("Deletion ordered, not confirmed")
    GONE = "gone", _("Deleted, confirmed")
    LOST = "lost", _("On a terminal that was declared lost")


# Where no terminal will ever answer any more, or has answered its last.
AT_AN_END = (CopyState.GONE, CopyState.LOST)


class AlarmKind(models.TextChoices):
    """What speaks for a stolen or copied device key."""

    BAD_SIGNATURE = "bad_signature", _("A request whose signature does not verify")
    UNKNOWN_KEY = "unknown_key", _("A request with a key that is not known here")
    REVOKED_KEY = "revoked_key", _("A request with a key that was replaced")
    CLOCK = "clock", _("A request with a wrong clock")
    REPLAYED = "replayed", _("A request that was sent before")
    KEY_COPIED = "key_copied", _("Two machines use one key")
    FOREIGN_PERSON = "foreign_person", _("A request about somebody who is not of this property")
    FACE_BYTES = "face_bytes", _("A picture or template was sent where none may be")
    COUNT_DIFFERS = "count_differs", _("The terminal holds another number of faces than it should")
