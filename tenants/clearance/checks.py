"""The form of the gate's answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_LAWS = {
    "Art": _("Measures Art %(number)s"),
    "PIPL": _("PIPL Art %(number)s"),
    "NDSMR": _("Network Data Regulations Art %(number)s"),
    "Civil Code": _("Civil Code Art %(number)s"),
    "Order": _("Order No. %(number)s"),
    "Cybersecurity Law": _("Cybersecurity Law Art %(number)s"),
    "Minors": _("Minors Network Protection Regulations Art %(number)s"),
}


def article_name(article: str) -> str:
    """Write an article out in the reader's language; a standard's name stays as it is."""
    law, _space, number = article.rpartition(" ")
    return str(_LAWS[law]) % {"number": number} if law in _LAWS else article


class Mend(StrEnum):
    """Which page mends a blocker. The doors translate it to an address."""

    ZONE = "zone"
    DOOR = "door"
    DEVICE = "device"
    SIGN = "sign"
    NOTICE = "notice"
    ASSESSMENT = "assessment"
    SETTINGS = "settings"
    PLATFORM = "platform"
    PERSON = "person"
    LINK = "link"
    REQUESTS = "requests"
    COMPLAINTS = "complaints"
    ERASURES = "erasures"
    MEMBERS = "members"
    NOTHING = ""


class Severity(StrEnum):
    """What a broken rule does: stop the face, or ask for something without stopping it."""

    BLOCKS = "blocks"
    DUE = "due"


@dataclass(frozen=True)
class Check:
    """One rule's answer: holds or not, in words, with the article it stands on and since when it is law."""

    code: str
    holds: bool
    title: str | Promise
    detail: str | Promise
    article: str
    since: date
    severity: Severity = Severity.BLOCKS
    mend: Mend = Mend.NOTHING
    # False while there is nothing yet that the rule can speak of: it holds, and is not called met.
    applies: bool = True


def blockers(checks: Iterable[Check]) -> list[Check]:
    """Return what stops the face."""
    return [check for check in checks if not check.holds and check.severity == Severity.BLOCKS]


def dues(checks: Iterable[Check]) -> list[Check]:
    """Return what should be mended and stops nothing."""
    return [check for check in checks if not check.holds and check.severity == Severity.DUE]
