"""Pure rules about persons, their consents and the life of a face."""

from dataclasses import dataclass
from datetime import date, timedelta

from tenants.organizations.kinds import StorageMode
from tenants.people.kinds import (
    AgeBand,
    ConsentDecision,
    ConsentPurpose,
    ConsentStatus,
    FaceState,
    GivenBy,
    WithdrawnBy,
)

# The life of a face. A person who was erased, or who withdrew, may begin a new life by agreeing again.
TRANSITIONS: dict[FaceState, frozenset[FaceState]] = {
    FaceState.INVITED: frozenset({FaceState.CONSENTED, FaceState.ERASING}),
    FaceState.CONSENTED: frozenset({FaceState.CAPTURED, FaceState.ENROLLED, FaceState.ERASING}),
    FaceState.CAPTURED: frozenset({FaceState.ENROLLED, FaceState.CONSENTED, FaceState.ERASING}),
    # Back to the consent when the only terminals that held the face were emptied: it may be taken again.
    FaceState.ENROLLED: frozenset({FaceState.SUSPENDED, FaceState.CONSENTED, FaceState.ERASING}),
    FaceState.SUSPENDED: frozenset({FaceState.ENROLLED, FaceState.ERASING}),
    FaceState.ERASING: frozenset({FaceState.ERASED}),
    FaceState.ERASED: frozenset({FaceState.CONSENTED, FaceState.ERASING}),
}


LONGEST_DAYS = 365
# A withdrawal that binds at any age, also of a yes that a guardian gave.
OWN_WITHDRAWALS = frozenset({WithdrawnBy.PERSON, WithdrawnBy.PERSON_SHEET})


@dataclass(frozen=True)
class Answer:
    """The latest answer to one purpose, as far as rules need it."""

    decision: str
    notice_version: int
    is_withdrawn: bool
    is_over: bool = False  # given in an earlier life of the face
    ends_on: date | None = None
    given_by: str = GivenBy.PERSON
    is_guardianship_over: bool = False
    withdrawn_by: str = ""


def required_purposes(storage_mode: str) -> tuple[ConsentPurpose, ...]:
    """Return the consents that this storage needs. Storing in the portal needs a second one (Art 8)."""
    if storage_mode == StorageMode.ON_DEVICE:
        return (ConsentPurpose.RECOGNITION,)
    return (ConsentPurpose.RECOGNITION, ConsentPurpose.TRANSMISSION)


def consent_status(
    answer: Answer | None, *, oldest_valid_version: int | None, today: date, band: str = AgeBand.ADULT
) -> ConsentStatus:
    """Judge the latest answer against the notice in force, its own period, and who had to give it.

    `oldest_valid_version` is the version from which consents still hold (None: nothing is published,
    so nothing holds). `band` is the age on `today`: under 14 only a guardian's yes counts, from 14 on
    only the person's own (PIPL 31). What the person took back by themselves stays so at any age. Fails closed.
    """
    if answer is None:
        return ConsentStatus.UNANSWERED
    if answer.is_withdrawn and answer.withdrawn_by in OWN_WITHDRAWALS:
        # Whoever had said yes: the person's own no is a no, and nobody asks again (PIPL 15; NDSMR 22(5)).
        return ConsentStatus.WITHDRAWN
    if answer.given_by == GivenBy.GUARDIAN and band != AgeBand.UNDER_14:
        # What a guardian said stands in for a child, not for somebody who now decides. A no binds nobody either.
        is_yes = answer.decision == ConsentDecision.AGREE and not answer.is_withdrawn and not answer.is_over
        return ConsentStatus.NEEDS_PERSON if is_yes else ConsentStatus.UNANSWERED
    if answer.is_withdrawn:
        return ConsentStatus.WITHDRAWN
    if answer.decision != ConsentDecision.AGREE:
        return ConsentStatus.DECLINED
    if answer.is_over or answer.is_guardianship_over:
        return ConsentStatus.UNANSWERED
    if (band == AgeBand.UNDER_14) != (answer.given_by == GivenBy.GUARDIAN):
        return ConsentStatus.UNANSWERED
    if oldest_valid_version is None or answer.notice_version < oldest_valid_version:
        return ConsentStatus.STALE
    if answer.ends_on is not None and today > answer.ends_on:
        return ConsentStatus.EXPIRED
    return ConsentStatus.AGREED


def consent_ends_on(*, today: date, face_days: int, band_until: date | None = None) -> date:
    """Return the last Beijing day of a consent given today: the storage period, one year at most.

    `band_until` ends a guardian's consent with the child's 14th birthday, on which the child is still under 14.
    """
    end = today + timedelta(days=min(face_days, LONGEST_DAYS))
    return end if band_until is None else min(end, band_until)


def face_ends_on(
    *, enrolled_on: date | None, face_days: int, stay_ends_on: date | None, consent_ends_on: date | None = None
) -> date | None:
    """Return the last Beijing day on which the face may be kept: the earliest of retention, stay and consent."""
    ends = [end for end in (stay_ends_on, consent_ends_on) if end]
    if enrolled_on:
        ends.append(enrolled_on + timedelta(days=face_days))
    return min(ends) if ends else None
