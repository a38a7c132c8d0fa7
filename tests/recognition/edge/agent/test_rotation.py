"""New keys, also when the answer to them was lost."""

import uuid

from recognition.edge.agent import passes, rotation
from recognition.edge.agent.identity import Keeper, with_new_keys
from tests.recognition.edge.agent.conftest import Machine
from tests.recognition.edge.agent.double import Double
from tests.recognition.edge.agent.faces import held, row_of, show

LI, WANG = uuid.uuid4(), uuid.uuid4()


def test_new_keys_are_made_on_order_and_what_follows_is_opened_with_them(machine: Machine, portal: Double) -> None:
    before = portal.key
    rotate = portal.order("rotate")
    store = portal.store(LI, row_of("li"))
    machine.sync()
    assert portal.key is not before and before.is_revoked
    assert portal.outcome(rotate)["outcome"] == portal.outcome(store)["outcome"] == "done"
    machine.start()
    assert machine.sync() == ""
    assert held(machine) == {LI: False}


def test_new_keys_whose_answer_was_lost_are_not_lost(machine: Machine, portal: Double) -> None:
    rotate = portal.order("rotate")
    portal.loses = lambda name: name == "keys/"
    assert machine.sync() == "unreachable"
    portal.loses = lambda name: False
    machine.start()
    assert machine.sync() == ""
    assert portal.outcome(rotate)["outcome"] == "done"
    assert Keeper.open(machine.home).next is None


def test_new_keys_that_never_arrived_are_dropped(machine: Machine, portal: Double) -> None:
    assert machine.terminal
    before = machine.terminal.identity.keyid
    machine.terminal.keeper.propose(with_new_keys(machine.terminal.identity))
    rotation.settle_rotation(machine.terminal)
    assert machine.terminal.identity.keyid == before
    assert Keeper.open(machine.home).next is None


def test_who_comes_while_the_keys_change_is_not_taken_for_an_intruder(door: Machine, portal: Double) -> None:
    assert door.terminal
    terminal = door.terminal
    portal.cards = {"04A1"}
    passes.show_pass(terminal, kind="card", card="04A1")
    following = terminal.keeper.propose(with_new_keys(terminal.identity))
    terminal.portal.rotate(terminal.identity, to=following)  # the portal knows them, and its answer is on its way
    answer = show(door)
    assert (answer.allowed, answer.alone) == (True, True)
    assert passes.show_pass(terminal, kind="card", card="04A1").allowed
    assert terminal.store.get("cut_off", "") == ""
    terminal.keeper.promote()
    assert not show(door).alone
