"""Pure rules about persons, their consents and the life of a face."""

from dataclasses import dataclass
from datetime import date, timedelta

from tenants.organizations.kinds import StorageMode
from tenants.people.kinds import ConsentDecision, ConsentPurpose, ConsentStatus, FaceState

# The life of a face. A person who was erased, or who withdrew, may begin a new life by agreeing again.
TRANSITIONS: dict[FaceState, frozenset[FaceState]] = {
    FaceState.INVITED: frozenset({FaceState.CONSENTED, FaceState.ERASING}),
    FaceState.CONSENTED: frozenset({FaceState.CAPTURED, FaceState.ENROLLED, FaceState.ERASING}),
    FaceState.CAPTURED: frozenset({FaceState.ENROLLED, FaceState.CONSENTED, FaceState.ERASING}),
    FaceState.ENROLLED: frozenset({FaceState.SUSPENDED, FaceState.ERASING}),
    FaceState.SUSPENDED: frozenset({FaceState.ENROLLED, FaceState.ERASING}),
    FaceState.ERASING: frozenset({FaceState.ERASED}),
    FaceState.ERASED: frozenset({FaceState.CONSENTED, FaceState.ERASING}),
}


@dataclass(frozen=True)
class Answer:
    """The latest answer to one purpose, as far as rules need it."""

    decision: str
    notice_version: int
    is_withdrawn: bool
    is_over: bool = False  # given in an earlier life of the face


def required_purposes(storage_mode: str) -> tuple[ConsentPurpose, ...]:
    """Return the consents that this storage needs. Storing in the portal needs a second one (Art 8)."""
    if storage_mode == StorageMode.ON_DEVICE:
        return (ConsentPurpose.RECOGNITION,)
    return (ConsentPurpose.RECOGNITION, ConsentPurpose.TRANSMISSION)


def consent_status(answer: Answer | None, *, oldest_valid_version: int | None) -> ConsentStatus:
    """Judge the latest answer against the notice in force.

    `oldest_valid_version` is the version from which consents still hold (None: nothing is published,
    so nothing holds). Fails closed.
    """
    if answer is None:
        return ConsentStatus.UNANSWERED
    if answer.is_withdrawn:
        return ConsentStatus.WITHDRAWN
    if answer.decision != ConsentDecision.AGREE:
        return ConsentStatus.DECLINED
    if answer.is_over:
        return ConsentStatus.UNANSWERED
    if oldest_valid_version is None or answer.notice_version < oldest_valid_version:
        return ConsentStatus.STALE
    return ConsentStatus.AGREED


def face_ends_on(*, enrolled_on: date | None, face_days: int, stay_ends_on: date | None) -> date | None:
    """Return the last Beijing day on which the face may be kept: the earliest of retention and stay."""
    ends = [stay_ends_on] if stay_ends_on else []
    if enrolled_on:
        ends.append(enrolled_on + timedelta(days=face_days))
    return min(ends) if ends else None
