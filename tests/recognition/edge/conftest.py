"""A terminal in portal mode, and somebody whose template is on its way to it."""

import pytest

from tenants.people.models import Person
from tests import factories
from tests.recognition.edge.machines import Machine, another, make_machine, seal_for_person


@pytest.fixture
def machine() -> Machine:
    return make_machine(factories.make_property())


@pytest.fixture
def person(machine: Machine) -> Person:
    person = another(machine, "li")
    seal_for_person(person, is_new=True)
    return person
