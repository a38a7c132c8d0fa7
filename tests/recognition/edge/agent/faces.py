"""Faces as the fake engine sees them, shown to a terminal."""

import uuid

import numpy as np
from numpy.typing import NDArray

from recognition.edge.agent import deciding, enrolments
from recognition.edge.agent.deciding import Answer
from tests.fakes import FakeEngine, face_photo
from tests.recognition.edge.agent.conftest import Machine


def photo_of(who: str) -> bytearray:
    return bytearray(face_photo(who))


def row_of(who: str) -> NDArray[np.float32]:
    return FakeEngine().represent(face_photo(who)).embedding


def held(machine: Machine) -> dict[uuid.UUID, bool]:
    assert machine.terminal
    return machine.terminal.templates.persons()


def shows(machine: Machine, who: str, person: uuid.UUID | None = None) -> str:
    assert machine.terminal
    return deciding.look(machine.terminal, photo=photo_of(who), person=person).rule


def take(machine: Machine, person: uuid.UUID, who: str) -> int:
    assert machine.terminal
    return enrolments.take(machine.terminal, person=person, photo=photo_of(who))


def show(door: Machine, who: str = "li", person: uuid.UUID | None = None) -> Answer:
    assert door.terminal
    photo = photo_of(who)
    answer = deciding.look(door.terminal, photo=photo, person=person)
    assert not any(photo), "the photo is overwritten whatever comes"
    return answer


def queued(door: Machine) -> int:
    assert door.terminal
    return int(door.terminal.store.rows("SELECT count(*) FROM events")[0][0])
