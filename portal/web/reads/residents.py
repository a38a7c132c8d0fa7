"""What a resident is told of their own face: whether it is used here, and which question comes next."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tenants.people.kinds import AgeBand, ConsentPurpose, ConsentStatus, FaceState
from tenants.rights.retention_rules import UNUSED_DAYS

HELD = frozenset({FaceState.ENROLLED, FaceState.SUSPENDED})


class Situation(StrEnum):
    """The answers to "is my face used here?"."""

    IN_USE = "in_use"
    STORED_UNUSED = "stored_unused"
    CHANGED = "changed"
    EXPIRED = "expired"
    NOW_14 = "now_14"
    OVER = "over"
    CHECKING = "checking"
    PHOTO_MISSING = "photo_missing"
    AT_THE_DOOR = "at_the_door"
    UNANSWERED = "unanswered"
    HALF_ANSWERED = "half_answered"
    DECLINED = "declined"
    STOPPED = "stopped"
    DELETED = "deleted"
    ERASING = "erasing"
    UNDER_14 = "under_14"
    GUARDIAN_ANSWERS = "guardian_answers"
    BIRTHDAY_MISSING = "birthday_missing"
    RESTRICTED = "restricted"
    NO_NOTICE = "no_notice"


def situation_of(
    *,
    face_state: str,
    age_band: str,
    statuses: dict[ConsentPurpose, ConsentStatus],
    ends_on: date | None,
    today: date,
    has_notice: bool,
    is_on_device: bool,
    doors: int,
    is_restricted: bool = False,
    allows_children: bool = False,
    is_guardians_page: bool = False,
    is_birthday_known: bool = True,
) -> Situation:
    """Answer from the facts, the strongest no first. Pure."""
    answers = set(statuses.values())
    if face_state == FaceState.ERASING:
        return Situation.ERASING
    if age_band not in {AgeBand.TEEN, AgeBand.ADULT} and not (allows_children and is_guardians_page):
        return Situation.GUARDIAN_ANSWERS if allows_children else Situation.UNDER_14
    if not has_notice:
        return Situation.NO_NOTICE
    if ConsentStatus.DECLINED in answers:
        return Situation.DECLINED
    if ConsentStatus.WITHDRAWN in answers:
        return Situation.STOPPED
    if is_restricted:
        return Situation.RESTRICTED
    if ends_on is not None and ends_on < today:
        return Situation.OVER
    if face_state == FaceState.ERASED and answers == {ConsentStatus.UNANSWERED}:
        return Situation.DELETED
    if answers != {ConsentStatus.AGREED}:
        may_go_on = is_birthday_known or not is_guardians_page
        return _unfinished(face_state, statuses) if may_go_on else Situation.BIRTHDAY_MISSING
    if face_state in HELD:
        return Situation.IN_USE if doors else Situation.STORED_UNUSED
    return _agreed(face_state, is_on_device=is_on_device)


def _agreed(face_state: str, *, is_on_device: bool) -> Situation:
    if is_on_device and face_state in {FaceState.CONSENTED, FaceState.CAPTURED}:
        return Situation.AT_THE_DOOR
    if face_state == FaceState.CAPTURED:
        return Situation.CHECKING
    if face_state == FaceState.CONSENTED:
        return Situation.PHOTO_MISSING
    return Situation.DELETED


def _unfinished(face_state: str, statuses: dict[ConsentPurpose, ConsentStatus]) -> Situation:
    answers = set(statuses.values())
    if ConsentStatus.NEEDS_PERSON in answers:
        return Situation.NOW_14
    if ConsentStatus.EXPIRED in answers:
        return Situation.EXPIRED
    if face_state in HELD or ConsentStatus.STALE in answers:
        return Situation.CHANGED
    if statuses[ConsentPurpose.RECOGNITION] == ConsentStatus.AGREED:
        return Situation.HALF_ANSWERED
    return Situation.UNANSWERED


@dataclass(frozen=True)
class FaceEnd:
    """The last Beijing day on which a face is used, and which clock ends it: stay, consent, retention or unused."""

    on: date
    why: str


def face_end(
    *,
    stay_ends_on: date | None,
    consent_ends_on: date | None,
    enrolled_on: date | None,
    face_days: int,
    last_used_on: date | None,
) -> FaceEnd | None:
    """Return the earliest of the four ends, or None when none has a day yet. Pure.

    `last_used_on` is given for a face in use only: one that is suspended cannot open a door.
    """
    ends = {
        "stay": stay_ends_on,
        "consent": consent_ends_on,
        "retention": enrolled_on and enrolled_on + timedelta(days=face_days),
        "unused": last_used_on and last_used_on + timedelta(days=UNUSED_DAYS),
    }
    known = [FaceEnd(on, why) for why, on in ends.items() if on]
    return min(known, key=lambda end: end.on, default=None)


def next_question(statuses: dict[ConsentPurpose, ConsentStatus]) -> ConsentPurpose | None:
    """Return the first question without a yes that holds today, or None."""
    return next((purpose for purpose, status in statuses.items() if status != ConsentStatus.AGREED), None)
