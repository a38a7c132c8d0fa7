"""Taking a face at the terminal: only on order, never sent, and never against a later word."""

import uuid
from datetime import timedelta

import httpx
import pytest

from recognition.edge.agent import enrolments, work
from recognition.edge.agent.answers import Order
from recognition.edge.agent.terminal import Terminal
from recognition.edge.contents import find_face_bytes
from recognition.engine.codes import FaceRejected
from tests.recognition.edge.agent.conftest import Machine, Time
from tests.recognition.edge.agent.double import Double
from tests.recognition.edge.agent.faces import held, photo_of, row_of, shows, take

LI, WANG = uuid.uuid4(), uuid.uuid4()


def test_a_face_is_taken_here_and_nothing_of_it_is_sent(machine: Machine, portal: Double) -> None:
    portal.allowed = {str(LI)}
    order = portal.order("enrol", LI, until=None)
    later = portal.order("delete", WANG)
    machine.sync()
    assert portal.outcome(later)["outcome"] == "not_held", "an enrolment waits, and the queue does not"
    assert order["number"] not in portal.receipts
    machine.start()
    take(machine, LI, "li")
    machine.sync()
    done = portal.outcome(order)
    assert done["outcome"] == "done" and done["handle"] and done["model"] == "fake-1"
    assert shows(machine, "li", person=None) == "matched"


def test_nothing_that_is_sent_looks_like_a_face(machine: Machine, portal: Double) -> None:
    portal.order("enrol", LI, until=None)
    portal.store(WANG, row_of("wang"))
    portal.order("rotate")
    machine.sync()
    take(machine, LI, "li")
    portal.is_down = True
    portal.allowed = {str(LI)}
    for _event in range(60):
        shows(machine, "li")
        shows(machine, "stranger")
    portal.is_down = False
    machine.sync()
    assert "events/" in portal.calls and "keys/" in portal.calls
    for body in portal.bodies:
        assert find_face_bytes(body, content_type="application/json") == "", body


def test_the_photo_is_overwritten_whatever_comes(machine: Machine, portal: Double) -> None:
    photo = photo_of("li")
    assert machine.terminal
    with pytest.raises(enrolments.NotOrdered):
        enrolments.take(machine.terminal, person=LI, photo=photo)
    assert not any(photo)
    portal.order("enrol", LI, until=None)
    machine.sync()
    photo = photo_of("li")
    enrolments.take(machine.terminal, person=LI, photo=photo)
    assert not any(photo)


def test_without_an_order_no_face_is_taken(machine: Machine) -> None:
    with pytest.raises(enrolments.NotOrdered):
        take(machine, LI, "li")
    assert held(machine) == {}


def test_a_deletion_takes_the_place_of_an_enrolment(machine: Machine, portal: Double) -> None:
    portal.order("enrol", LI, until=None)
    portal.order("delete", LI)
    machine.sync()
    with pytest.raises(enrolments.NotOrdered):
        take(machine, LI, "li")


def test_a_suspension_ends_an_enrolment(machine: Machine, portal: Double) -> None:
    enrol, suspend = portal.order("enrol", LI, until=None), portal.order("suspend", LI)
    machine.sync()
    machine.sync()
    assert portal.outcome(enrol)["reason"] == "suspended"
    assert portal.outcome(suspend)["outcome"] == "not_held"
    with pytest.raises(enrolments.NotOrdered):
        take(machine, LI, "li")


@pytest.mark.parametrize("kind", ["store", "enrol"])
def test_a_face_whose_receipt_nobody_waits_for_any_more_does_not_stay(
    machine: Machine, portal: Double, kind: str
) -> None:
    order = portal.store(LI, row_of("li")) if kind == "store" else portal.order("enrol", LI, until=None)

    def cancelled(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("receipt/"):
            portal.orders.remove(order)
            return httpx.Response(409, json={"code": "order_cancelled"})
        return portal.transport().handle_request(request)

    machine.start(transport=httpx.MockTransport(cancelled))
    machine.sync()
    if kind == "enrol":
        take(machine, LI, "li")
        machine.sync()
    assert order not in portal.orders
    assert held(machine) == {}
    assert machine.terminal
    assert not machine.terminal.faces.may_use(LI)


def test_nobody_came_in_time(machine: Machine, portal: Double, time: Time) -> None:
    order = portal.order("enrol", LI, until=(time.at + timedelta(hours=2)).isoformat())
    machine.sync()
    time.pass_by(hours=3)
    with pytest.raises(enrolments.NotOrdered):
        take(machine, LI, "li")
    machine.sync()
    assert portal.outcome(order)["reason"] == "expired"


def test_a_photo_without_a_face_may_be_tried_again_a_few_times(machine: Machine, portal: Double) -> None:
    order = portal.order("enrol", LI, until=None)
    machine.sync()
    assert machine.terminal
    for _attempt in range(enrolments.ATTEMPTS):
        with pytest.raises(FaceRejected):
            enrolments.take(machine.terminal, person=LI, photo=bytearray(b"nobody"))
    machine.sync()
    assert portal.outcome(order)["reason"] == "no_face"
    with pytest.raises(enrolments.NotOrdered):
        take(machine, LI, "li")


class Overtaken:
    """An engine that takes so long that a deletion is carried out meanwhile."""

    model_version, dimension, threshold, margin = "fake-1", 128, 0.5, 0.05

    def __init__(self, terminal: Terminal) -> None:
        self.terminal, self.slow = terminal, terminal.engine

    def represent(self, photo: bytes, *, limits: object = None) -> object:
        result = self.slow.represent(photo)
        work.carry_out(self.terminal, Order(50, "delete", LI))
        return result

    def warm_up(self) -> None:
        """There is nothing to load."""


def test_a_face_looked_at_while_its_deletion_came_is_not_kept(machine: Machine, portal: Double) -> None:
    portal.order("enrol", LI, until=None)
    machine.sync()
    assert machine.terminal
    machine.terminal.engine = Overtaken(machine.terminal)
    with pytest.raises(enrolments.NotOrdered):
        take(machine, LI, "li")
    assert held(machine) == {}
    assert not machine.terminal.faces.may_use(LI)


@pytest.mark.parametrize("state", ["suspended", "registered"])
def test_a_terminal_that_is_stopped_takes_no_face_and_the_order_waits(
    machine: Machine, portal: Double, state: str
) -> None:
    order = portal.order("enrol", LI, until=None)
    portal.state = state
    machine.sync()
    photo = photo_of("li")
    assert machine.terminal
    with pytest.raises(enrolments.NotNow, match="device_not_active"):
        enrolments.take(machine.terminal, person=LI, photo=photo)
    assert not any(photo) and held(machine) == {}
    assert order["number"] not in portal.receipts
    portal.state = "active"
    machine.sync()
    take(machine, LI, "li")
    machine.sync()
    assert portal.outcome(order)["outcome"] == "done"


def test_without_the_portals_word_of_the_last_day_no_face_is_taken(
    machine: Machine, portal: Double, time: Time
) -> None:
    portal.order("enrol", LI, until=None)
    machine.sync()
    time.pass_by(hours=25)
    with pytest.raises(enrolments.NotNow, match="timeout"):
        take(machine, LI, "li")


def test_a_terminal_that_stops_while_it_looks_at_the_photo_keeps_nothing(machine: Machine, portal: Double) -> None:
    portal.order("enrol", LI, until=None)
    machine.sync()
    assert machine.terminal
    looks = machine.terminal.engine

    class Slow:
        def __getattr__(self, name: str) -> object:
            return getattr(looks, name)

        def represent(self, photo: bytearray) -> object:
            portal.state = "suspended"
            machine.sync()
            return looks.represent(photo)

    machine.terminal.engine = Slow()
    with pytest.raises(enrolments.NotNow):
        take(machine, LI, "li")
    assert held(machine) == {}
