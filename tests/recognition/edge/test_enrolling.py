"""On-device mode: a face is taken at the terminal, is known here by its receipt alone, and goes the same way."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from recognition.edge import changes
from recognition.edge.kinds import CopyState, OrderState
from recognition.edge.models import DeviceCopy, DeviceOrder
from recognition.edge.services import orders
from recognition.edge.services.enrolling import order_enrolment, terminals
from recognition.edge.sweeps import expire_orders
from recognition.vault.models import FaceTemplate
from tenants.organizations.kinds import StorageMode
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.people.services.links import Visit
from tenants.people.services.persons import lift_restriction, restrict
from tenants.premises.services import devices
from tenants.rights.models import Erasure
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.recognition.edge.machines import Machine, make_machine
from tests.recognition.steps import erase
from tests.roles import database_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine() -> Machine:
    return make_machine(factories.make_property(storage_mode=StorageMode.ON_DEVICE))


@pytest.fixture
def visit(machine: Machine) -> Visit:
    return factories.make_consented_person(machine.device.tenant)[1]


@pytest.fixture
def person(visit: Visit) -> Person:
    return visit.person


def ask(machine: Machine, person: Person) -> DeviceOrder:
    return order_enrolment(tenant=person.tenant, person=person, device=machine.device)


def state(person: Person) -> str:
    person.refresh_from_db()
    return person.face_state


def copy_of(machine: Machine, person: Person) -> DeviceCopy:
    return DeviceCopy.objects.get(device=machine.device, person=person)


def test_a_whole_life(machine: Machine, visit: Visit, person: Person) -> None:
    ask(machine, person)
    assert state(person) == FaceState.CAPTURED
    [wanted] = machine.fetch()
    assert (wanted.kind, wanted.sealed, wanted.person_id) == ("enrol", None, person.pk)
    machine.confirm(wanted, handle="face-7", model="dlib")
    machine.after = wanted.number
    assert (state(person), person.face_stored) == (FaceState.ENROLLED, StorageMode.ON_DEVICE)
    held = copy_of(machine, person)
    assert (held.state, held.handle, held.model_version) == (CopyState.HELD, "face-7", "dlib")
    restrict(tenant=person.tenant, person=person)
    assert machine.work() == ["suspend"]
    lift_restriction(tenant=person.tenant, person=person)
    assert machine.work() == ["resume"]
    erasure = erase(withdraw(visit=visit))
    assert erasure.completed_at is None
    assert machine.work() == ["delete"]
    assert erase(erasure).completed_at is not None
    assert state(person) == FaceState.ERASED
    with database_role("owner"):
        assert not FaceTemplate.objects.exists()


def test_a_second_terminal_takes_the_face_too_and_the_day_of_enrolment_stays(machine: Machine, person: Person) -> None:
    ask(machine, person)
    machine.work()
    first = timezone.localdate() - timedelta(days=20)
    Person.objects.filter(pk=person.pk).update(face_enrolled_on=first)
    other = make_machine(person.tenant)
    ask(other, person)
    assert other.work() == ["enrol"]
    person.refresh_from_db()
    assert (person.face_state, person.face_enrolled_on) == (FaceState.ENROLLED, first)
    assert copy_of(other, person).state == CopyState.HELD


def test_nobody_usable_came(machine: Machine, person: Person) -> None:
    ask(machine, person)
    [wanted] = machine.fetch()
    machine.confirm(wanted, "failed", reason="blurred")
    assert state(person) == FaceState.CONSENTED
    wanted.refresh_from_db()
    assert (wanted.state, wanted.reason) == (OrderState.FAILED, "blurred")
    assert copy_of(machine, person).state == CopyState.GONE


def test_a_face_that_was_taken_after_the_withdrawal_is_deleted(machine: Machine, visit: Visit, person: Person) -> None:
    ask(machine, person)
    [wanted] = machine.fetch()
    erasure: Erasure = erase(withdraw(visit=visit))
    machine.confirm(wanted, handle="late")
    machine.after = wanted.number
    assert state(person) == FaceState.ERASING
    assert machine.work() == ["delete"]
    assert erase(erasure).completed_at is not None


def test_a_face_that_was_taken_when_the_law_said_no_is_deleted(machine: Machine, person: Person) -> None:
    ask(machine, person)
    [wanted] = machine.fetch()
    restrict(tenant=person.tenant, person=person)
    machine.confirm(wanted)
    machine.after = wanted.number
    assert state(person) == FaceState.CONSENTED
    assert copy_of(machine, person).state == CopyState.DELETING
    assert machine.work() == ["delete"]
    assert copy_of(machine, person).state == CopyState.GONE


def test_a_face_that_comes_after_it_was_called_off_is_deleted_and_nobody_is_enrolled(
    machine: Machine, person: Person
) -> None:
    wanted = ask(machine, person)
    [sent] = machine.fetch()
    DeviceOrder.objects.filter(pk=wanted.pk).update(until=timezone.now() - timedelta(hours=25))
    assert expire_orders() == 1
    machine.confirm(sent, handle="late")
    machine.after = sent.number
    assert (state(person), copy_of(machine, person).state) == (FaceState.CONSENTED, CopyState.DELETING)
    assert machine.work() == ["delete"]
    assert (state(person), copy_of(machine, person).state) == (FaceState.CONSENTED, CopyState.GONE)


@pytest.mark.parametrize(
    ("taken_before", "becomes", "left"),
    [(1, FaceState.ENROLLED, CopyState.HELD), (-1, FaceState.CONSENTED, CopyState.DELETING)],
)
def test_what_a_stopped_terminal_took_is_deleted(
    machine: Machine, person: Person, taken_before: int, becomes: FaceState, left: CopyState
) -> None:
    make_machine(person.tenant)  # another door is open to faces, so the person may still be enrolled
    ask(machine, person)
    [wanted] = machine.fetch()
    devices.suspend(tenant=person.tenant, device=machine.device)
    machine.device.refresh_from_db()
    taken = machine.device.state_changed_at - timedelta(seconds=taken_before)
    machine.confirm(wanted, at=taken.isoformat())
    assert (state(person), copy_of(machine, person).state) == (becomes, left)


def test_nobody_came_for_an_order_that_was_never_fetched(machine: Machine, person: Person) -> None:
    wanted = ask(machine, person)
    assert expire_orders() == 0
    DeviceOrder.objects.filter(pk=wanted.pk).update(until=timezone.now() - timedelta(minutes=1))
    assert machine.fetch() == []
    assert expire_orders() == 1
    assert state(person) == FaceState.CONSENTED
    wanted.refresh_from_db()
    assert wanted.state == OrderState.CANCELLED
    assert copy_of(machine, person).state == CopyState.GONE


def test_a_terminal_that_fetched_it_has_a_day_to_say_that_nobody_came(machine: Machine, person: Person) -> None:
    ask(machine, person)
    [wanted] = machine.fetch()
    DeviceOrder.objects.filter(pk=wanted.pk).update(until=timezone.now() - timedelta(hours=1))
    assert expire_orders() == 0
    DeviceOrder.objects.filter(pk=wanted.pk).update(until=timezone.now() - timedelta(hours=25))
    assert expire_orders() == 1
    assert state(person) == FaceState.CONSENTED
    assert [order.kind for order in machine.fetch()] == ["delete"]  # it may have taken it and said nothing


def test_a_wipe_puts_back_who_was_to_come(machine: Machine, person: Person) -> None:
    ask(machine, person)
    orders.wipe(device=machine.device)
    assert expire_orders() == 1
    assert state(person) == FaceState.CONSENTED


def test_ordered_twice_the_earlier_one_is_taken_back(machine: Machine, person: Person) -> None:
    first, second = ask(machine, person), ask(machine, person)
    first.refresh_from_db()
    assert first.state == OrderState.CANCELLED
    assert [order.number for order in machine.fetch()] == [second.number]


def test_who_may_not_be_enrolled(machine: Machine, visit: Visit, person: Person) -> None:
    nobody = factories.make_person(person.tenant, "未同意")
    with pytest.raises(ValidationError):
        ask(machine, nobody)
    withdraw(visit=visit)
    with pytest.raises(ValidationError):
        ask(machine, person)
    assert not DeviceOrder.objects.filter(kind="enrol").exists()


def test_where_nobody_is_enrolled(machine: Machine, person: Person) -> None:
    spare, _code = factories.make_active_device(person.tenant)
    with pytest.raises(ValidationError) as refused:
        order_enrolment(tenant=person.tenant, person=person, device=spare)
    assert refused.value.code == "not_paired"
    assert terminals(tenant=person.tenant) == [machine.device]
    devices.suspend(tenant=person.tenant, device=machine.device)
    machine.device.refresh_from_db()
    with pytest.raises(ValidationError) as refused:
        ask(machine, person)
    assert refused.value.code == "not_active"


def test_in_portal_mode_a_photo_is_sent_instead() -> None:
    machine = make_machine(factories.make_property())
    person, _visit = factories.make_consented_person(machine.device.tenant)
    with pytest.raises(ValidationError) as refused:
        ask(machine, person)
    assert refused.value.code == "in_portal"


def test_a_terminal_of_another_property_is_refused(machine: Machine, person: Person) -> None:
    other = factories.make_property(storage_mode=StorageMode.ON_DEVICE)
    device, _code = factories.make_active_device(other)
    with pytest.raises(ValidationError) as refused:
        order_enrolment(tenant=person.tenant, person=person, device=device)
    assert refused.value.code == "different_tenants"


def test_a_terminal_that_pairs_again_leaves_nobody_enrolled_whom_it_alone_held(
    machine: Machine, visit: Visit, person: Person
) -> None:
    ask(machine, person)
    machine.work()
    assert state(person) == FaceState.ENROLLED
    assert expire_orders() == 0, "a face that is held stays"
    machine.renew(changes.paired)
    assert expire_orders() == 0
    assert state(person) == FaceState.ENROLLED, "it may lie there until the terminal has confirmed"
    assert machine.work() == ["wipe"]
    assert expire_orders() == 1
    assert state(person) == FaceState.CONSENTED
    assert (person.face_enrolled_on, person.face_stored) == (None, "")
    ask(machine, person)
    assert machine.work() == ["enrol"]
    assert state(person) == FaceState.ENROLLED
    withdraw(visit=visit)
    assert machine.work() == ["delete"]


def test_who_is_held_by_another_terminal_too_stays_enrolled(machine: Machine, person: Person) -> None:
    other = make_machine(machine.device.tenant)
    for one in (machine, other):
        ask(one, person)
        one.work()
    machine.renew(changes.paired)
    machine.work()
    assert expire_orders() == 0
    assert state(person) == FaceState.ENROLLED
