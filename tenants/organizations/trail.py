"""What happened that the log of changes does not know: who read what, who was refused, who tried.

Whoever does such a thing says so here in one line; `portal.security` listens, keeps it and looks for patterns. A room
below never needs to know who listens.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What can happen. Reads and refusals; changes are in the audit log already."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
    REFUSED = "refused", _("Refused: no such place for them")
    THROTTLED = "throttled", _("Refused: too often")
    CODE_WRONG = "code_wrong", _("Wrong one-time code")
    IDENTITIES_LISTED = "identities_listed", _("Looked at the list of people")
    IDENTITY_READ = "identity_read", _("Looked at a person")
    MINOR_READ = "minor_read", _("Looked at a minor's record")
    EVIDENCE_READ = "evidence_read", _("Looked at evidence")
    EXPORTED = "exported", _("Took data out")
    PACKAGE_OPENED = "package_opened", _("Opened a package")
    ADMIN_READ = "admin_read", _("Looked at the platform admin")
    ROLE_GRANTED = "role_granted", _("Gave a role")
    DEVICE_ALARM = "device_alarm", _("A terminal raised an alarm")


@dataclass(frozen=True)
class Happening:
    """One thing that happened.

    `actor` and `subject` name by kind and id ("user:<id>", "device:<id>", "worker:<role>", "command:<name>",
    "token:<id>", "address:<keyed hash>"; "person:<id>"). `facts` are codes and counts: never a name, a contact, a
    secret or face data.
    """

    kind: Kind
    actor: str
    tenant_id: uuid.UUID | None = None
    subject: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)
    at: datetime = field(default_factory=timezone.now)


Listener = Callable[[Happening], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Hear of everything that happens, in its transaction: the record stands or falls with it."""
    _listeners.append(listener)


def note(happening: Happening) -> None:
    """Tell all who listen. What one of them raises is raised: nothing is read without its trace."""
    for listener in _listeners:
        listener(happening)
