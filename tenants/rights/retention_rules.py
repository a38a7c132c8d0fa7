"""Pure rules of the clocks: how long each kind may be kept, and what a notice told of it (Measures Arts 5, 8)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# A face that opened no door for so long is not needed any more (PIPL 47(1)).
UNUSED_DAYS = 180
# What was begun and never agreed to, or no longer is, goes after so long.
UNCONFIRMED = timedelta(hours=72)


class Kind(StrEnum):
    """What a clock runs for. Each has its own; none stands in for another."""

    FACE = "face_days"
    EVENT = "event_days"
    REQUEST = "request_days"
    ALARM = "alarm_days"


# From and to, in days, both included: the law's bounds and ours (docs/decisions/0017).
BOUNDS: dict[Kind, tuple[int, int]] = {
    Kind.FACE: (1, 365),
    Kind.EVENT: (30, 180),
    Kind.REQUEST: (30, 1095),
    Kind.ALARM: (184, 365),
}
# Alarms are logs against attacks and name nobody: no notice tells their period.
TOLD = (Kind.FACE, Kind.EVENT)

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_PERIOD = re.compile(
    r"(\d{1,4}|[零〇一二两三四五六七八九十百千]{1,9})\s*-?\s*(个月|天|日|年|days?\b|months?\b|years?\b)", re.I
)
_SENTENCES = re.compile(r"[。；;\n]|\.\s|\.$")
_PER_UNIT = {"个月": 31, "年": 366, "month": 31, "year": 366}
_EVENTS = re.compile(
    r"开门记录|门禁记录|通行记录|进出记录|出入记录|door (?:record|event|log)|access (?:record|event|log)", re.I
)


def told_days(texts: Mapping[str, str]) -> dict[Kind, int]:
    """Return the longest period that a notice's texts on retention name for faces and for door events, in days.

    A sentence that speaks of door records is about those; every other one is about the face. A kind of which no
    period is named is left out. Chinese numerals count as well.
    """
    found: dict[Kind, int] = {}
    for field in ("retention_zh", "retention_en"):
        for sentence in _SENTENCES.split(texts.get(field, "")):
            kind = Kind.EVENT if _EVENTS.search(sentence) else Kind.FACE
            for number, unit in _PERIOD.findall(sentence):
                days = _number(number) * _PER_UNIT.get(unit.lower().rstrip("s"), 1)
                found[kind] = max(found.get(kind, 0), days)
    return found


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    total = digit = 0
    for sign in text:
        if sign in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[sign], 0
        else:
            digit = _DIGITS[sign]
    return total + digit


@dataclass(frozen=True)
class TooLong:
    """A clock that is to run longer than the notice told people. `told` is None when it names no period."""

    kind: Kind
    days: int
    told: int | None


def beyond_notice(*, now: Mapping[Kind, int], wanted: Mapping[Kind, int], told: Mapping[Kind, int]) -> list[TooLong]:
    """Return the clocks that would be lengthened beyond what people were told; shortening is always allowed.

    A notice that names no period for a kind told people nothing that would allow a longer one.
    """
    return [
        TooLong(kind, wanted[kind], told.get(kind))
        for kind in TOLD
        if wanted[kind] > now[kind] and wanted[kind] > told.get(kind, now[kind])
    ]


def out_of_bounds(wanted: Mapping[Kind, int]) -> list[Kind]:
    return [kind for kind, days in wanted.items() if not BOUNDS[kind][0] <= days <= BOUNDS[kind][1]]


def week_of(day: date, *, today: date) -> int:
    """Return in which week from today a day lies: 0 for the next seven days, also for what is late."""
    return max(0, (day - today).days // 7)
