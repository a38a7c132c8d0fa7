"""Cards, PINs and codes at a terminal, and events on their way to the portal."""

from pathlib import Path

import httpx
import pytest

from recognition.edge.agent import passes
from recognition.edge.agent.syncing import send_events
from tests.recognition.edge.agent.conftest import Machine, Time
from tests.recognition.edge.agent.double import Double
from tests.recognition.edge.agent.faces import queued, show


def test_a_card_is_remembered_only_as_a_keyed_hash_and_forgotten_when_refused(
    door: Machine, portal: Double, tmp_path: Path
) -> None:
    assert door.terminal
    portal.cards = {"0004567890AB"}
    passes.show_pass(door.terminal, kind="card", card="0004567890AB")
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or b"0004567890AB" not in path.read_bytes()
    portal.cards = set()
    passes.show_pass(door.terminal, kind="card", card="0004567890AB")
    portal.is_down = True
    assert not passes.show_pass(door.terminal, kind="card", card="0004567890AB").allowed


def test_a_card_that_was_not_accepted_lately_is_forgotten(door: Machine, portal: Double, time: Time) -> None:
    assert door.terminal
    portal.cards = {"04A1"}
    passes.show_pass(door.terminal, kind="card", card="04A1")
    time.pass_by(hours=25)
    door.sync()
    portal.is_down = True
    assert passes.show_pass(door.terminal, kind="card", card="04A1").rule == "pass_unknown_card"


@pytest.mark.parametrize(
    ("kind", "shown", "rule"),
    [
        ("pin", {"number": "318402", "pin": "1234"}, "pass_pin_unavailable"),
        ("qr", {"qr": "CP1.x.483920"}, "pass_out_of_order"),
    ],
)
def test_a_pin_and_a_code_need_the_portal(
    door: Machine, portal: Double, kind: str, shown: dict[str, str], rule: str
) -> None:
    assert door.terminal
    portal.is_down = True
    assert passes.show_pass(door.terminal, kind=kind, **shown).rule == rule


def test_a_card_works_at_a_terminal_whose_key_was_stopped(door: Machine, portal: Double) -> None:
    assert door.terminal
    portal.cards = {"04A1"}
    passes.show_pass(door.terminal, kind="card", card="04A1")
    portal.key.is_revoked = True
    assert passes.show_pass(door.terminal, kind="card", card="04A1").allowed


def test_events_whose_answer_was_lost_are_sent_again_and_counted_once(door: Machine, portal: Double) -> None:
    assert door.terminal
    show(door, "stranger")
    portal.loses = lambda name: name == "events/"
    assert door.sync() == "unreachable"
    portal.loses = lambda name: False
    door.sync()
    assert portal.calls.count("events/") == 2
    assert len(portal.events) == 1


def test_an_event_that_the_portal_never_takes_keeps_back_no_other(door: Machine, portal: Double) -> None:
    assert door.terminal
    for _time in range(4):
        show(door, "stranger")
    bad = door.terminal.store.rows("SELECT id FROM events")[1][0]

    def refuse_one(request: httpx.Request) -> httpx.Response:
        if bad.encode() in request.content:
            return httpx.Response(400, json={"code": "invalid"})
        return portal.transport().handle_request(request)

    door.start(transport=httpx.MockTransport(refuse_one))
    send_events(door.terminal)
    assert len(portal.events) == 3
    assert queued(door) == 0
