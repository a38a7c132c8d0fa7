"""A face that a terminal kept itself ends with the last terminal that had it; the certificate says that it was lost."""

import json
from unittest.mock import patch

import pytest
from django.utils import timezone

from recognition.edge.services import losses
from recognition.edge.services.enrolling import order_enrolment
from tenants.organizations.kinds import StorageMode
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.rights import jobs
from tenants.rights.kinds import ErasureReason
from tenants.rights.models import Certificate, Erasure
from tenants.rights.retention_jobs import sweep_slice
from tests import factories
from tests.recognition.edge.machines import Machine, make_machine
from tests.recognition.steps import erase

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine() -> Machine:
    return make_machine(factories.make_property(storage_mode=StorageMode.ON_DEVICE))


@pytest.fixture
def person(machine: Machine) -> Person:
    return factories.make_consented_person(machine.device.tenant)[0]


def ask(machine: Machine, person: Person) -> None:
    order_enrolment(tenant=person.tenant, person=person, device=machine.device)


def state(person: Person) -> str:
    person.refresh_from_db()
    return person.face_state


def lose(machine: Machine) -> None:
    tenant = machine.device.tenant
    loss = losses.declare(tenant=tenant, device=machine.device, reason="被盗", actor=factories.make_member(tenant))
    losses.confirm(tenant=tenant, loss=loss, actor=factories.make_member(tenant))


def test_who_loses_the_last_terminal_loses_the_face_and_the_certificate_says_so(
    machine: Machine, person: Person
) -> None:
    """From the declaration to the certificate: nothing else is done but what two members and the workers do."""
    tenant = person.tenant
    ask(machine, person)
    machine.work()
    assert state(person) == FaceState.ENROLLED
    loss = losses.declare(tenant=tenant, device=machine.device, reason="被盗", actor=factories.make_member(tenant))
    assert state(person) == FaceState.ENROLLED, "one member alone ends nothing"
    loss = losses.confirm(tenant=tenant, loss=loss, actor=factories.make_member(tenant))
    assert state(person) == FaceState.ERASING
    erasure = Erasure.objects.get()
    assert (erasure.reason, erasure.person) == (ErasureReason.LOST, person)
    erasure = erase(erasure)
    assert erasure.completed_at is not None and state(person) == FaceState.ERASED
    jobs.certify(tenant_id=tenant.pk, erasure_id=erasure.pk)
    says = json.loads(Certificate.objects.get().body)
    day = timezone.localdate(loss.confirmed_at).isoformat()
    assert says["lost_devices"] == [{"device": str(machine.device.pk), "lost_on": day}]


def test_a_face_that_another_terminal_holds_outlives_a_loss(machine: Machine, person: Person) -> None:
    other = make_machine(person.tenant)
    for one in (machine, other):
        ask(one, person)
        one.work()
    lose(machine)
    assert state(person) == FaceState.ENROLLED and not Erasure.objects.exists()
    lose(other)
    assert state(person) == FaceState.ERASING


def test_the_sweep_ends_what_an_earlier_loss_left_behind(machine: Machine, person: Person) -> None:
    """A terminal that took the face while the loss was being confirmed, and losses of earlier releases."""
    ask(machine, person)
    machine.work()
    with patch("recognition.edge.services.losses.ending.end_lost_faces"):
        lose(machine)
    assert state(person) == FaceState.ENROLLED
    sweep_slice(person.tenant_id)
    assert state(person) == FaceState.ERASING
    assert sweep_slice(person.tenant_id) == (0, False)
