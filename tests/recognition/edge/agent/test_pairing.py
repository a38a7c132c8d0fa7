"""Pairing: the keys are the terminal's own, and neither a lost answer nor a stop uses a code up in vain."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from recognition.edge.agent import FIRMWARE
from recognition.edge.agent.identity import FILE, BadCode, Keeper
from recognition.edge.agent.pairing import NotPaired
from tests.recognition.edge.agent.conftest import Machine, Time
from tests.recognition.edge.agent.double import Double

Make = Callable[[str], Machine]


def test_the_private_keys_stay_in_one_file_of_its_own_user(machine: Machine) -> None:
    place = machine.home / FILE
    assert place.stat().st_mode & 0o777 == 0o600
    assert not place.with_suffix(".new").exists()


def test_secrets_do_not_slip_into_a_log(machine: Machine) -> None:
    assert machine.terminal
    shown = repr(machine.terminal)
    assert "store_key" not in shown and "signing" not in shown


def test_it_reports_what_was_declared_with_its_first_word(machine: Machine, portal: Double) -> None:
    assert portal.reports[0] == {
        "firmware": FIRMWARE,
        "algorithm": "dlib-resnet",
        "algorithm_version": "19.24",
    }
    assert portal.reports[1] | {"model": "fake-1", "faces": 0, "last_order": 0} == portal.reports[1]


def test_the_same_code_given_again_pairs_once(machine: Machine, portal: Double) -> None:
    machine.start(code=portal.code)
    assert portal.calls.count("pair/") == 1


def test_a_lost_answer_to_pairing_is_made_good(make_machine: Make, portal: Double) -> None:
    machine = make_machine("unlucky")
    portal.loses = lambda name: name == "pair/"
    with pytest.raises(NotPaired):
        machine.start(code=portal.code)
    portal.loses = lambda name: False
    machine.start(code=portal.code)
    assert machine.sync() == ""
    assert portal.calls.count("pair/") == 1


def test_a_code_that_never_arrived_is_sent_again(make_machine: Make, portal: Double) -> None:
    machine = make_machine("unlucky")
    portal.is_down = True
    with pytest.raises(NotPaired):
        machine.start(code=portal.code)
    portal.is_down = False
    machine.start(code=portal.code)
    assert machine.sync() == ""


def test_too_often_is_no_refusal_of_the_code(make_machine: Make, portal: Double) -> None:
    machine = make_machine("one of many")
    portal.is_busy = True
    with pytest.raises(NotPaired, match="not paired"):
        machine.start(code=portal.code)
    keys = Keeper.open(machine.home).next
    assert keys is not None
    with pytest.raises(NotPaired, match="not paired"):
        machine.start(code=portal.code)
    portal.is_busy = False
    machine.start(code=portal.code)
    assert machine.terminal and machine.terminal.identity.keyid == keys.keyid, "the code is good for these keys"
    assert machine.sync() == ""


def test_a_refused_code_leaves_the_present_pairing_alone(machine: Machine, portal: Double) -> None:
    with pytest.raises(NotPaired, match="wrong_code"):
        machine.start(code=f"cpc_{portal.tenant.hex}_{portal.device.hex}_other")
    assert Keeper.open(machine.home).next is None
    machine.start()
    assert machine.sync() == ""


def test_a_new_pairing_begins_with_an_empty_store(machine: Machine, portal: Double) -> None:
    (before,) = machine.home.glob("*.sqlite3")
    again = Double(now=portal.now)
    machine.portal = again
    machine.start(code=again.code)
    (after,) = machine.home.glob("*.sqlite3")
    assert before != after
    assert machine.sync() == ""


@pytest.mark.parametrize("code", ["", "cpc_", "cdv_1_2_3", "cpc_x_y_z"])
def test_what_is_no_code_pairs_nothing(make_machine: Make, code: str) -> None:
    with pytest.raises((BadCode, NotPaired)):
        make_machine("new").start(code=code)


def test_a_wrong_clock_is_put_right_by_the_portal(make_machine: Make, portal: Double, time: Time) -> None:
    time.error = timedelta(days=-400)
    machine = make_machine("old battery")
    terminal = machine.start(code=portal.code)
    assert terminal.clock.now() == time.at
    machine.sync()
    assert machine.start().clock.now() == time.at, "after a restart it goes on with what it learned"


def test_a_half_written_identity_is_never_read(machine: Machine) -> None:
    (machine.home / "identity.new").write_bytes(b'{"cur')
    assert Keeper.open(machine.home).current is not None
    machine.start()
    assert machine.terminal
    machine.terminal.keeper.discard()
    assert not (machine.home / "identity.new").exists()


def test_a_retired_terminal_wipes_itself_and_says_so(machine: Machine, portal: Double) -> None:
    portal.is_retired = True
    wipe = portal.order("wipe")
    assert machine.sync() == ""
    assert portal.outcome(wipe)["outcome"] == "not_held"
    assert machine.terminal
    assert machine.terminal.refusal("identify", now=machine.terminal.clock.now()) == "device_not_active"


def test_the_version_is_the_projects() -> None:
    text = (Path(__file__).parents[4] / "pyproject.toml").read_text()
    found = re.search(r'^version = "(.+)"$', text, re.MULTILINE)
    assert found and FIRMWARE.endswith(" " + found[1])
