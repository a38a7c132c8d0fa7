"""When a face that the gate refuses must go for good (PIPL 47), and when there is time to mend it first."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from tenants.people.kinds import ConsentPurpose, ConsentStatus

# Time to sign a new assessment, renew a contract or answer again; the face opens nothing meanwhile.
GRACE = timedelta(days=30)


class Ending(StrEnum):
    """Why a face goes."""

    DIED = "died"
    CONSENT_OVER = "consent_over"
    CONSENT_LOST = "consent_lost"
    NOT_ASSESSED = "not_assessed"
    CONTRACT_ENDED = "contract_ended"
    STORED_ELSEWHERE = "elsewhere"


AT_ONCE = {"died": Ending.DIED} | {
    f"consent_{purpose.value}_{ConsentStatus.EXPIRED.value}": Ending.CONSENT_OVER for purpose in ConsentPurpose
}
AFTER_GRACE = {
    "contract_over": Ending.CONTRACT_ENDED,
    "no_assessment": Ending.NOT_ASSESSED,
    "assessment_stale": Ending.NOT_ASSESSED,
    "face_elsewhere": Ending.STORED_ELSEWHERE,
} | {
    f"consent_{purpose.value}_{status.value}": Ending.CONSENT_LOST
    for purpose in ConsentPurpose
    for status in (ConsentStatus.STALE, ConsentStatus.NEEDS_PERSON, ConsentStatus.UNANSWERED)
}


def threatened(codes: Iterable[str]) -> frozenset[Ending]:
    """Return the ends that these blockers lead to if they stand for the whole grace."""
    return frozenset(AFTER_GRACE[code] for code in codes if code in AFTER_GRACE)


def ending(codes: Iterable[str], *, since: Mapping[Ending, date], today: date) -> Ending | None:
    """Return why a refused face must be erased today, or None while there is still time.

    `codes` are the blockers, `since` the Beijing day from which each threatened end has stood without a break: a
    face that was restricted for a month and then loses its consent has the whole grace before it. A restriction or
    an injunction stops the use and erases nothing.
    """
    found = list(codes)
    for code in found:
        if code in AT_ONCE:
            return AT_ONCE[code]
    due = {end for end in threatened(found) if end in since and today - since[end] >= GRACE}
    return next((end for end in Ending if end in due), None)
