"""The form of the gate's answer."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise


class Mend(StrEnum):
    """Which page mends a blocker. The doors translate it to an address."""

    ZONE = "zone"
    DOOR = "door"
    NOTICE = "notice"
    SETTINGS = "settings"
    PERSON = "person"
    NOTHING = ""


@dataclass(frozen=True)
class Check:
    """One rule's answer: holds or blocks, in words, with the article it stands on."""

    code: str
    holds: bool
    title: str | Promise
    detail: str | Promise
    article: str
    mend: Mend = Mend.NOTHING
