"""Orders: carried out one after the other, each with its receipt, and neither lost nor done twice."""

import json
import uuid

import httpx
import numpy as np
import pytest

from recognition.edge.agent import enrolments, work
from recognition.edge.agent.answers import Order
from tests.recognition.edge.agent.conftest import Machine, Time
from tests.recognition.edge.agent.double import Double
from tests.recognition.edge.agent.faces import held, row_of, shows, take

LI, WANG = uuid.uuid4(), uuid.uuid4()


def test_a_sealed_template_is_kept_confirmed_and_opens(machine: Machine, portal: Double) -> None:
    order = portal.store(LI, row_of("li"))
    portal.allowed = {str(LI)}
    assert machine.sync() == ""
    assert held(machine) == {LI: False}
    assert portal.outcome(order)["outcome"] == "done"
    assert shows(machine, "li") == "matched"


def test_a_template_sealed_for_somebody_else_is_not_kept(machine: Machine, portal: Double) -> None:
    order = portal.store(LI, row_of("li"))
    sealed = portal._sealed(order) | {"person": str(WANG)}
    assert machine.terminal
    work.carry_out(machine.terminal, Order.read(sealed))
    assert held(machine) == {}
    assert receipt(machine)["reason"] == "unreadable"


def test_a_template_of_another_model_is_refused(machine: Machine, portal: Double) -> None:
    order = portal.store(LI, row_of("li"), model="other-2")
    machine.sync()
    assert held(machine) == {}
    assert portal.outcome(order)["reason"] == "other_model"


@pytest.mark.parametrize("row", [np.full((1, 128), 0.5), np.full((1, 128), np.nan)])
def test_rows_that_are_no_templates_are_refused(machine: Machine, portal: Double, row: np.ndarray) -> None:
    order = portal.store(LI, row.astype(np.float32))
    machine.sync()
    assert portal.outcome(order)["reason"] == "unreadable"


def test_a_suspended_face_opens_nothing_until_it_is_resumed(machine: Machine, portal: Double) -> None:
    portal.allowed = {str(LI)}
    portal.store(LI, row_of("li"))
    portal.order("suspend", LI)
    machine.sync()
    assert held(machine) == {LI: True}
    assert shows(machine, "li") == "no_match"
    machine.start()
    assert shows(machine, "li") == "no_match", "after a restart too"
    portal.order("resume", LI)
    machine.sync()
    assert shows(machine, "li") == "matched"


def test_a_newer_template_of_a_suspended_person_is_used(machine: Machine, portal: Double) -> None:
    portal.store(LI, row_of("li"))
    portal.order("suspend", LI)
    portal.store(LI, row_of("li newer"))
    portal.allowed = {str(LI)}
    machine.sync()
    assert shows(machine, "li newer") == "matched"
    assert shows(machine, "li") == "no_match"


def test_a_deleted_face_is_gone_from_memory_and_disk(machine: Machine, portal: Double) -> None:
    portal.allowed = {str(LI)}
    portal.store(LI, row_of("li"))
    machine.sync()
    order = portal.order("delete", LI)
    machine.sync()
    assert portal.outcome(order)["outcome"] == "done"
    assert shows(machine, "li") == "no_match"
    machine.start()
    assert held(machine) == {}


def test_a_wipe_takes_everybody_and_every_enrolment(machine: Machine, portal: Double) -> None:
    portal.store(LI, row_of("li"))
    portal.order("enrol", WANG, until=None)
    wipe = portal.order("wipe")
    machine.sync()
    assert held(machine) == {}
    assert portal.outcome(wipe)["outcome"] == "done"
    with pytest.raises(enrolments.NotOrdered):
        take(machine, WANG, "wang")


def test_what_is_not_held_is_said_so(machine: Machine, portal: Double) -> None:
    orders = [portal.order(kind, LI) for kind in ("suspend", "resume", "delete")]
    machine.sync()
    assert [portal.outcome(order)["outcome"] for order in orders] == ["not_held"] * 3


def test_an_unknown_order_fails_and_holds_up_nothing(machine: Machine, portal: Double) -> None:
    odd, delete = portal.order("dance", LI), portal.order("delete", LI)
    machine.sync()
    assert portal.outcome(odd)["reason"] == "unknown_kind"
    assert portal.outcome(delete)["outcome"] == "not_held"


def test_more_orders_than_a_page_holds_are_all_carried_out(machine: Machine, portal: Double) -> None:
    people = [uuid.uuid4() for _ in range(45)]
    for person in people:
        portal.store(person, row_of(str(person)))
    machine.sync()
    assert set(held(machine)) == set(people)
    assert portal.calls.count("orders/") == 4, "one that is empty, on pairing, and three pages"


# -- receipts --


def receipt(machine: Machine) -> dict:
    assert machine.terminal
    ((_number, text),) = machine.terminal.store.rows("SELECT number, text FROM receipts")
    return dict(json.loads(text))


def test_a_deletion_that_was_not_confirmed_is_confirmed_after_a_restart(
    machine: Machine, portal: Double, time: Time
) -> None:
    portal.store(LI, row_of("li"))
    machine.sync()
    order = portal.order("delete", LI)
    assert machine.terminal
    work.carry_out(machine.terminal, Order(order["number"], "delete", LI))
    before = receipt(machine)
    time.pass_by(hours=1)
    machine.start()
    machine.sync()
    assert portal.outcome(order) == before
    assert "orders/" in portal.calls


def test_a_receipt_whose_answer_was_lost_is_sent_again_unchanged(machine: Machine, portal: Double, time: Time) -> None:
    first, second = portal.order("delete", LI), portal.order("delete", WANG)
    path = f"orders/{first['number']}/receipt/"
    portal.loses = lambda name: name == path
    assert machine.sync() == "unreachable"
    kept = portal.receipts[first["number"]]
    assert second["number"] not in portal.receipts, "nothing is done before the first is confirmed"
    portal.loses = lambda name: False
    time.pass_by(minutes=5)
    assert machine.sync() == ""
    assert portal.receipts[first["number"]] == kept
    assert portal.calls.count(path) == 2
    assert second["number"] in portal.receipts


def test_a_receipt_that_nobody_waits_for_holds_up_nothing(machine: Machine, portal: Double) -> None:
    assert machine.terminal
    work.carry_out(machine.terminal, Order(1, "delete", LI))
    machine.sync()
    assert machine.terminal.store.rows("SELECT number FROM receipts") == [], "the portal knows no such order"
    order = portal.order("delete", WANG)
    order["number"] = 3
    machine.sync()
    assert portal.outcome(order)["outcome"] == "not_held"


@pytest.mark.parametrize(
    ("status", "code", "is_kept", "goes_on"),
    [
        (400, "bad_signature", True, True),
        (409, "already_confirmed", False, True),
        (409, "conflict", True, False),
        (429, "throttled", True, False),
    ],
)
def test_a_refused_receipt_is_never_lost_unless_it_is_settled(
    machine: Machine, portal: Double, status: int, code: str, is_kept: bool, goes_on: bool
) -> None:
    first, second = portal.order("delete", LI), portal.order("delete", WANG)

    def refuse(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(f"orders/{first['number']}/receipt/"):
            return httpx.Response(status, json={"code": code})
        return portal.transport().handle_request(request)

    machine.start(transport=httpx.MockTransport(refuse))
    assert machine.sync() == ("" if goes_on else code)
    assert machine.terminal
    kept = [number for (number,) in machine.terminal.store.rows("SELECT number FROM receipts")]
    assert (kept == [first["number"]]) == is_kept
    assert (second["number"] in portal.receipts) == goes_on


def test_an_order_and_its_receipt_reach_the_disk_together(machine: Machine, portal: Double) -> None:
    portal.store(LI, row_of("li"))
    machine.sync()
    assert machine.terminal
    terminal = machine.terminal
    terminal.store.write("CREATE TRIGGER full BEFORE INSERT ON receipts BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(Exception, match="full"):
        work.carry_out(terminal, Order(99, "delete", LI))
    assert held(machine) == {LI: False}
    assert terminal.store.last_order == 1
