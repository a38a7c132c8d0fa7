"""What happened that the log of changes does not know: who read what, who was refused, who tried.

Whoever does such a thing says so here in one line; `portal.security` listens, keeps it and looks for patterns. A room
below never needs to know who listens.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations import actors


class Kind(models.TextChoices):
    """What can happen, and is kept in the log. Reads and refusals; changes are in the log of changes already."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
    SIGN_IN_RESET = "sign_in_reset", _("Sign-in begun anew after a lost second factor")
    REFUSED = "refused", _("Refused: no such place for them")
    THROTTLED = "throttled", _("Refused: too often")
    CODE_WRONG = "code_wrong", _("Wrong one-time code")
    IDENTITIES_LISTED = "identities_listed", _("Looked at the list of people")
    IDENTITY_READ = "identity_read", _("Looked at a person")
    MINOR_READ = "minor_read", _("Looked at a minor's record")
    EVIDENCE_READ = "evidence_read", _("Looked at evidence")
    EXPORTED = "exported", _("Took data out")
    PACKAGE_OPENED = "package_opened", _("Opened a package")
    EMERGENCY_READ = "emergency_read", _("Opened a page under emergency access")
    ADMIN_READ = "admin_read", _("Looked at the platform admin")
    DEVICE_PAIRED = "device_paired", _("A terminal was paired")
    DEVICE_ALARM = "device_alarm", _("A terminal raised an alarm")


# These belong to an account or to the platform, never to one property: a property's log does not offer them.
OF_NO_PROPERTY = frozenset({Kind.SIGNED_IN, Kind.SIGN_IN_FAILED, Kind.SIGN_IN_RESET, Kind.ADMIN_READ})


class Sign(StrEnum):
    """What only the rules of detection look at: too common for a log, or found by a job that looks for it."""

    HEARTBEAT = "heartbeat"
    CODE_SENT = "code_sent"
    KEY_USED = "key_used"
    ROLE_GRANTED = "role_granted"
    STATEMENT_REFUSED = "statement_refused"
    CHAIN_BROKEN = "chain_broken"
    ROWS_DIFFER = "rows_differ"
    FOREIGN_READER = "foreign_reader"
    CLOCK_JUMPED = "clock_jumped"


@dataclass(frozen=True)
class Happening:
    """One thing that happened.

    `actor` and `subject` name by kind and id ("user:<id>", "device:<id>", "worker:<role>", "command:<name>",
    "token:<id>", "address:<keyed hash>"; "person:<id>"). `facts` are codes and counts: never a name, a contact, a
    secret or face data.
    """

    kind: Kind | Sign
    actor: str
    tenant_id: uuid.UUID | None = None
    subject: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)
    at: datetime = field(default_factory=timezone.now)


Keeper = Callable[[Happening], None]
Watcher = Callable[[Happening, bool], None]
_keepers: list[Keeper] = []
_watchers: list[Watcher] = []


def listen(keeper: Keeper) -> None:
    """Hear of what is kept, in its transaction: the record stands or falls with it."""
    _keepers.append(keeper)


def watch(watcher: Watcher) -> None:
    """Hear of everything that happens, and whether a record of it is kept already.

    A watcher raises nothing and asks no database.
    """
    _watchers.append(watcher)


def note(happening: Happening) -> None:
    """Keep this and tell who watches. What a keeper raises is raised: nothing is read without its trace.

    What a member does by a token is named after the token, with the member as the fact `user`: no caller can forget.
    """
    happening = _by_token(happening)
    for keeper in _keepers:
        keeper(happening)
    tell(happening, is_kept=True)


def tell(happening: Happening, *, is_kept: bool = False) -> None:
    """Tell who watches, of what may end in an error: a record of it would be rolled back with the transaction.

    Unless it is kept already, they keep what is a `Kind` afterwards, in a transaction of their own.
    """
    happening = _by_token(happening)
    for watcher in _watchers:
        watcher(happening, is_kept)


def _by_token(happening: Happening) -> Happening:
    token, (kind, _colon, user) = actors.current(), happening.actor.partition(":")
    if kind != "user" or not token.startswith("token:"):
        return happening
    return replace(happening, actor=token, facts={**happening.facts, "user": user})
