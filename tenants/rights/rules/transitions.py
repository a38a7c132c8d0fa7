"""The one table of a request's states, and what each step needs. Pure: no database, no clock."""

from dataclasses import dataclass
from enum import StrEnum

from tenants.rights.kinds import Requester, RequestKind, RequestState

S = RequestState

TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    # Merged only once it is proved who asks, or a stranger's request would inherit the proof of another.
    S.RECEIVED: frozenset({S.CONFIRMED, S.REFUSED, S.TAKEN_BACK}),
    S.CONFIRMED: frozenset({S.ANSWERED, S.REFUSED, S.MERGED, S.TAKEN_BACK}),
    S.ANSWERED: frozenset(),
    S.REFUSED: frozenset(),
    S.MERGED: frozenset(),
    S.TAKEN_BACK: frozenset(),
}

OPEN_STATES = frozenset({S.RECEIVED, S.CONFIRMED})


class Need(StrEnum):
    """What a step must find on the row. `services.moving` has a sentence for each."""

    IDENTITY = "identity"
    PERSON = "person"
    WORDS = "words"
    REASON = "reason"
    ARTICLE = "article"
    OTHER = "other"


# Every end leaves words on the tracking page; nothing but a proof confirms.
NEEDS: dict[RequestState, frozenset[Need]] = {
    S.CONFIRMED: frozenset({Need.IDENTITY, Need.PERSON}),
    S.ANSWERED: frozenset({Need.IDENTITY, Need.PERSON, Need.WORDS}),
    S.REFUSED: frozenset({Need.WORDS, Need.REASON, Need.ARTICLE}),
    S.MERGED: frozenset({Need.IDENTITY, Need.PERSON, Need.WORDS, Need.OTHER}),
    S.TAKEN_BACK: frozenset({Need.WORDS}),
}


@dataclass(frozen=True)
class Standing:
    """What a request has when it is to move. `words`: a message that the person can read was laid down."""

    state: str
    identity: bool = False
    person: bool = False
    words: bool = False
    reason: bool = False
    article: bool = False
    other: bool = False


def may_become(state: str, target: RequestState) -> bool:
    return state in RequestState.values and target in TRANSITIONS[RequestState(state)]


def missing(standing: Standing, target: RequestState) -> list[Need]:
    """Return what the step still needs, in the order of `Need`."""
    wanted = NEEDS.get(target, frozenset())
    return [need for need in Need if need in wanted and not getattr(standing, need.value)]


# A close relative may ask for what PIPL 49 names, for a reason of their own.
_OF_THE_DEAD = frozenset({RequestKind.ACCESS, RequestKind.COPY, RequestKind.CORRECT, RequestKind.DELETE})


def may_ask(kind: str, asked_by: str) -> bool:
    """Say whether this kind can be asked by somebody of this standing. Unknown words may ask nothing."""
    if kind not in RequestKind.values or asked_by not in Requester.values:
        return False
    return asked_by != Requester.RELATIVE or kind in _OF_THE_DEAD
