"""Pure rules of the terminals' work: what an order makes of a copy, what an answer does, what may be there."""

from datetime import datetime, timedelta
from enum import StrEnum

from recognition.edge.kinds import AT_AN_END, CopyState, OrderKind, OrderState

# How many orders a terminal is given at once.
BATCH = 20
# For how long a terminal waits for somebody who is to have their face taken there.
ENROL_FOR = timedelta(hours=72)
# A terminal that could not delete is asked again, and not every minute.
RETRY_AFTER = timedelta(hours=1)

BRINGS_A_FACE = (OrderKind.STORE, OrderKind.ENROL)
HELD_STATES = (CopyState.HELD, CopyState.SUSPENDED)


class Outcome(StrEnum):
    """What a receipt can say (docs/device-protocol.md, 3)."""

    DONE = "done"
    NOT_HELD = "not_held"
    FAILED = "failed"


_AFTER_DONE = {
    OrderKind.STORE: CopyState.HELD,
    OrderKind.ENROL: CopyState.HELD,
    OrderKind.RESUME: CopyState.HELD,
    OrderKind.SUSPEND: CopyState.SUSPENDED,
    OrderKind.DELETE: CopyState.GONE,
}


def may_be_there(*, state: CopyState, was_sent: bool) -> bool:
    """Say whether a face may lie on a terminal, so that only a receipt can say that it does not.

    `was_sent`: an order that brings a face was fetched since the copy was wanted. What nobody fetched is nowhere.
    """
    return state not in (CopyState.GONE, CopyState.WANTED) or (state == CopyState.WANTED and was_sent)


def after_order(*, kind: OrderKind, state: CopyState, was_sent: bool) -> CopyState:
    """Return what a copy is when an order about it is written down. What may be there is never said to be gone."""
    is_there = may_be_there(state=state, was_sent=was_sent)
    if kind in BRINGS_A_FACE:
        if state == CopyState.DELETING:
            # Overtaken before it was confirmed: what was to be deleted may lie there still.
            return CopyState.HELD
        return CopyState.WANTED if state in (*AT_AN_END, CopyState.WANTED) else state
    if kind in (OrderKind.DELETE, OrderKind.WIPE):
        return CopyState.DELETING if is_there else CopyState.GONE
    if not is_there:
        return CopyState.GONE
    return CopyState.HELD if state == CopyState.WANTED else state


def after_receipt(*, kind: OrderKind, outcome: Outcome, state: CopyState) -> CopyState:
    """Return what a copy is after the terminal's answer about it.

    While a deletion is under way nothing but its own confirmation moves a copy.
    """
    if state == CopyState.DELETING and kind not in (OrderKind.DELETE, OrderKind.WIPE):
        return state
    if outcome == Outcome.DONE:
        return _AFTER_DONE.get(kind, state)
    if outcome == Outcome.NOT_HELD:
        return CopyState.GONE
    if kind in BRINGS_A_FACE and state == CopyState.WANTED:
        return CopyState.GONE
    return state


def final_state(outcome: Outcome) -> OrderState:
    return OrderState.FAILED if outcome == Outcome.FAILED else OrderState.DONE


def may_be_asked_again(*, failed_at: datetime | None, now: datetime) -> bool:
    """Say whether a deletion that the terminal could not do is ordered once more."""
    return failed_at is None or now - failed_at >= RETRY_AFTER
