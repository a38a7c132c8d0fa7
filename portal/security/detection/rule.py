"""What a rule is."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.utils.functional import Promise

from portal.security.detection.keys import Key

Severity = Literal["low", "medium", "high"]

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# Intrusion detection itself is asked for here.
DETECTION = "Measures Art 14"


@dataclass(frozen=True)
class Rule:
    """`threshold` sightings of `key` within `window` ring.

    With `after`, sightings count only where that was seen under the same key within the window. With `is_decoy`, only
    where the key is a decoy. Without a `key` a place of its own judges: portal/security/detection/places.py. `advice`
    says what happened and what to do.
    """

    code: str
    title: Promise | str
    advice: Promise | str
    article: str
    severity: Severity
    threshold: int
    window: timedelta
    key: Key | None
    after: Key | None = None
    is_decoy: bool = False
