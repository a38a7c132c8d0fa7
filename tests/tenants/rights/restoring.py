"""A database that is put back as by restoring a backup, for the tests of the ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import Settings

from recognition.matching import answers
from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.people.services.links import Visit
from tenants.premises.models import Device
from tenants.rights import ledger
from tenants.rights.kinds import ErasureReason
from tenants.rights.models import Erasure
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.recognition.steps import enroll, knock


@pytest.fixture(name="folder")
def folder_fixture(tmp_path: Path, settings: Settings) -> Path:
    """A ledger of its own for each test."""
    settings.LEDGER_DIR = tmp_path
    return tmp_path


@pytest.fixture(name="device")
def device_fixture(tenant: Property) -> Device:
    device, _code = factories.make_active_device(tenant)
    return device


@pytest.fixture(name="visit")
def visit_fixture(tenant: Property, device: Device) -> Visit:
    """Somebody whose face opens the door."""
    person, visit = factories.make_consented_person(tenant)
    enroll(tenant, person, "li")
    assert opens(tenant, device, person) == answers.MATCHED
    return visit


@pytest.fixture(name="person")
def person_fixture(visit: Visit) -> Person:
    return Person.objects.get(pk=visit.person.pk)


def opens(tenant: Property, device: Device, person: Person) -> str:
    answer = knock(tenant, device, "li", person)
    assert answer is not None
    assert answer.allowed == (answer.rule == answers.MATCHED)
    return answer.rule


@contextmanager
def forgotten_since_then() -> Iterator[None]:
    """What happens inside is in the ledger; the database is then put back, as by restoring a backup."""
    place = transaction.savepoint()
    yield
    transaction.savepoint_rollback(place)


def order(person: Person, **about: object) -> Erasure:
    made = order_erasure(**{"tenant": person.tenant, "person": person, "reason": ErasureReason.REQUESTED} | about)
    assert ledger.record(tenant_id=person.tenant_id) == 1
    made.refresh_from_db()
    return made
