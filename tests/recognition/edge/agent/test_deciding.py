"""A face or a pass at the door: with the portal, without it, and when the lease is over."""

import socket
import uuid
from datetime import timedelta
from time import monotonic

import httpx
import pytest

from recognition.edge.agent import deciding, passes, rules
from tests.recognition.edge.agent.conftest import LI, Machine, Time
from tests.recognition.edge.agent.double import Double
from tests.recognition.edge.agent.faces import queued, row_of, show

WANG = uuid.uuid4()


def test_the_portal_is_asked_and_its_answer_counts(door: Machine, portal: Double) -> None:
    answer = show(door)
    assert (answer.allowed, answer.rule, answer.alone) == (True, "matched", False)
    portal.allowed = set()
    assert show(door).rule == "not_cleared"
    assert queued(door) == 0, "the portal has written these events itself"


def test_a_stranger_leaves_an_event_without_a_person_and_nothing_else(door: Machine, portal: Double) -> None:
    answer = show(door, "stranger")
    assert (answer.allowed, answer.rule) == (False, "no_match")
    assert "decide/" not in portal.calls
    door.sync()
    (event,) = portal.events.values()
    assert (event["person"], event["allowed"], event["rule"]) == (None, False, "no_match")


def test_a_picture_without_a_face_says_why(door: Machine) -> None:
    assert door.terminal
    answer = deciding.look(door.terminal, photo=bytearray(b"nobody"))
    assert answer.rule == "no_face"
    assert "没有" in answer.sentence


def test_in_an_outage_the_door_opens_by_its_lease_and_tells_it_later(door: Machine, portal: Double, time: Time) -> None:
    portal.is_down = True
    answer = show(door)
    assert (answer.allowed, answer.alone) == (True, True)
    assert door.sync() == "unreachable"
    door.start()
    time.pass_by(hours=2)
    assert show(door).allowed, "after a restart too"
    portal.is_down = False
    door.sync()
    assert [event["person"] for event in portal.events.values()] == [str(LI)] * 2
    assert queued(door) == 0


def test_a_portal_that_is_out_of_order_counts_as_away(door: Machine, portal: Double) -> None:
    assert door.terminal
    door.start(transport=httpx.MockTransport(lambda request: httpx.Response(503, text="busy")))
    assert show(door).alone


def test_a_portal_that_does_not_answer_is_waited_for_two_seconds(door: Machine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        door.start(transport=To(silent.getsockname()[1]))
        since = monotonic()
        assert show(door).alone
        assert 1.5 < monotonic() - since < 4


class To(httpx.BaseTransport):
    """Everything goes to one port of this machine."""

    def __init__(self, port: int) -> None:
        self._port, self._http = port, httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(host="127.0.0.1", port=self._port)
        return self._http.handle_request(request)

    def close(self) -> None:
        self._http.close()


@pytest.mark.parametrize(("status", "code"), [(409, "conflict"), (429, "throttled")])
def test_a_portal_that_is_busy_is_not_away_and_opens_nothing(door: Machine, status: int, code: str) -> None:
    door.start(transport=httpx.MockTransport(lambda request: httpx.Response(status, json={"code": code})))
    answer = show(door)
    assert (answer.allowed, answer.rule, answer.alone) == (False, "timeout", False)


def test_after_the_lease_no_face_opens_and_a_known_card_does(door: Machine, portal: Double, time: Time) -> None:
    portal.cards = {"04A1"}
    assert door.terminal
    assert passes.show_pass(door.terminal, kind="card", card="04A1").allowed
    portal.is_down = True
    time.pass_by(hours=24, seconds=1)
    assert show(door).rule == "timeout"
    answer = passes.show_pass(door.terminal, kind="card", card="04a1 ")
    assert (answer.allowed, answer.rule, answer.alone) == (True, "pass_allowed", True)


def test_a_clock_put_back_does_not_make_the_lease_longer(door: Machine, portal: Double, time: Time) -> None:
    portal.is_down = True
    time.error -= timedelta(hours=12)
    assert show(door).allowed, "while it runs it does not look at the machine's clock"
    door.start()
    assert show(door).allowed, "nor after a restart"
    time.pass_by(hours=24, seconds=1)
    assert show(door).rule == "timeout"
    portal.is_down = False
    door.sync()
    assert show(door).allowed


@pytest.mark.parametrize(
    ("state", "mode", "hours", "rule"),
    [
        ("suspended", "identify", [], "device_not_active"),
        ("active", "verify", [], "mode_not_declared"),
        ("active", "identify", [["06:00", "11:59"], ["13:00", "23:00"]], "outside_hours"),
    ],
)
def test_a_face_is_not_even_looked_at_where_it_may_not_be_used(
    door: Machine, portal: Double, state: str, mode: str, hours: list[list[str]], rule: str
) -> None:
    portal.state, portal.mode, portal.hours = state, mode, hours
    door.sync()
    assert show(door).rule == rule
    assert "decide/" not in portal.calls


def test_hours_past_midnight_are_beijings(door: Machine, portal: Double, time: Time) -> None:
    portal.hours = [["22:00", "06:00"]]
    door.sync()
    assert show(door).rule == "outside_hours"
    time.pass_by(hours=11)  # 23:00 in Beijing
    door.sync()
    assert show(door).allowed


def test_who_says_who_they_are_is_compared_with_that_person_alone(door: Machine, portal: Double) -> None:
    portal.mode = "verify"
    portal.store(WANG, row_of("wang"))
    door.sync()
    assert show(door, "li", LI).allowed
    assert show(door, "wang", LI).rule == "no_match"
    assert show(door, "li", uuid.uuid4()).rule == "not_enrolled"


def test_two_people_who_look_alike_open_nothing(door: Machine, portal: Double) -> None:
    portal.store(WANG, row_of("li"))
    door.sync()
    assert show(door).rule == "near_tie"


def test_of_several_templates_of_one_person_the_best_counts() -> None:
    assert rules.whose([(LI, 0.9), (WANG, 0.2)], threshold=0.5, margin=0.05) == (LI, "matched")


def test_a_key_that_was_stopped_opens_no_face_any_more(door: Machine, portal: Double) -> None:
    portal.key.is_revoked = True
    assert show(door).rule == "device_not_active"
    portal.is_down = True
    assert show(door).rule == "device_not_active", "neither when the portal is away then"
    door.start()
    assert show(door).rule == "device_not_active"


class Vanishing:
    """A portal that is away, and while it is waited for the face is deleted."""

    def __init__(self, door: Machine) -> None:
        self.door = door

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert self.door.terminal
        self.door.terminal.faces.drop(LI)
        raise httpx.ConnectTimeout("away", request=request)


def test_a_face_deleted_while_the_portal_was_waited_for_does_not_open(door: Machine) -> None:
    door.start(transport=httpx.MockTransport(Vanishing(door)))
    assert show(door).rule == "not_cleared"


class Broken:
    """An engine whose model is missing."""

    model_version, dimension, threshold, margin = "fake-1", 128, 0.5, 0.05

    def represent(self, photo: bytes, *, limits: object = None) -> object:
        raise RuntimeError("The model is missing.")

    def warm_up(self) -> None:
        raise RuntimeError("The model is missing.")


def test_without_its_model_the_face_is_out_of_order_and_a_card_is_not(door: Machine, portal: Double) -> None:
    assert door.terminal
    portal.cards = {"04A1"}
    door.terminal.engine = Broken()  # type: ignore[assignment]  # it never returns
    assert show(door).rule == "timeout"
    assert passes.show_pass(door.terminal, kind="card", card="04A1").allowed
