"""The states of a copy, as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from recognition.edge import order_rules as rules
from recognition.edge.kinds import CopyState as C
from recognition.edge.kinds import OrderKind as K
from recognition.edge.kinds import OrderState
from recognition.edge.order_rules import Outcome as O
from recognition.edge.order_rules import after_order, after_receipt, may_be_there

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "was_sent", "is_there"),
    [
        (C.GONE, False, False),
        (C.GONE, True, False),
        (C.WANTED, False, False),
        (C.WANTED, True, True),
        (C.HELD, False, True),
        (C.SUSPENDED, False, True),
        (C.DELETING, False, True),
    ],
)
def test_what_may_lie_on_a_terminal(state: C, was_sent: bool, is_there: bool) -> None:
    assert may_be_there(state=state, was_sent=was_sent) is is_there


@pytest.mark.parametrize(
    ("kind", "state", "was_sent", "becomes"),
    [
        (K.STORE, C.GONE, False, C.WANTED),
        (K.STORE, C.WANTED, True, C.WANTED),
        (K.STORE, C.HELD, False, C.HELD),
        (K.STORE, C.SUSPENDED, False, C.SUSPENDED),
        (K.STORE, C.DELETING, False, C.HELD),  # a deletion that was overtaken may not have happened
        (K.ENROL, C.GONE, False, C.WANTED),
        (K.DELETE, C.WANTED, False, C.GONE),  # nobody fetched it: it is nowhere
        (K.DELETE, C.WANTED, True, C.DELETING),
        (K.DELETE, C.HELD, False, C.DELETING),
        (K.DELETE, C.SUSPENDED, False, C.DELETING),
        (K.DELETE, C.DELETING, False, C.DELETING),
        (K.WIPE, C.WANTED, False, C.GONE),
        (K.WIPE, C.HELD, False, C.DELETING),
        (K.SUSPEND, C.WANTED, False, C.GONE),
        (K.SUSPEND, C.WANTED, True, C.HELD),
        (K.SUSPEND, C.HELD, False, C.HELD),  # not before the receipt
        (K.SUSPEND, C.DELETING, False, C.DELETING),
        (K.RESUME, C.SUSPENDED, False, C.SUSPENDED),
    ],
)
def test_what_an_order_makes_of_a_copy(kind: K, state: C, was_sent: bool, becomes: C) -> None:
    assert after_order(kind=kind, state=state, was_sent=was_sent) == becomes


@pytest.mark.parametrize(
    ("kind", "outcome", "state", "becomes"),
    [
        (K.STORE, O.DONE, C.WANTED, C.HELD),
        (K.STORE, O.DONE, C.DELETING, C.DELETING),
        (K.STORE, O.FAILED, C.WANTED, C.GONE),
        (K.STORE, O.FAILED, C.HELD, C.HELD),
        (K.ENROL, O.DONE, C.WANTED, C.HELD),
        (K.ENROL, O.FAILED, C.WANTED, C.GONE),
        (K.ENROL, O.DONE, C.DELETING, C.DELETING),
        (K.SUSPEND, O.DONE, C.HELD, C.SUSPENDED),
        (K.SUSPEND, O.NOT_HELD, C.HELD, C.GONE),
        (K.SUSPEND, O.FAILED, C.HELD, C.HELD),
        (K.RESUME, O.DONE, C.SUSPENDED, C.HELD),
        (K.RESUME, O.NOT_HELD, C.SUSPENDED, C.GONE),
        (K.DELETE, O.DONE, C.DELETING, C.GONE),
        (K.DELETE, O.NOT_HELD, C.DELETING, C.GONE),
        (K.DELETE, O.FAILED, C.DELETING, C.DELETING),
        (K.SUSPEND, O.NOT_HELD, C.DELETING, C.DELETING),
    ],
)
def test_what_an_answer_makes_of_a_copy(kind: K, outcome: O, state: C, becomes: C) -> None:
    assert after_receipt(kind=kind, outcome=outcome, state=state) == becomes


def test_every_outcome_ends_an_order() -> None:
    assert {rules.final_state(outcome) for outcome in O} == {OrderState.DONE, OrderState.FAILED}


@pytest.mark.parametrize(("minutes", "again"), [(None, True), (5, False), (60, True)])
def test_a_failed_deletion_is_asked_for_again_after_an_hour(minutes: int | None, again: bool) -> None:
    failed_at = None if minutes is None else NOW - timedelta(minutes=minutes)
    assert rules.may_be_asked_again(failed_at=failed_at, now=NOW) is again
