"""Portal mode: a face goes sealed to every terminal, follows its life there, and is gone when each has confirmed."""

import numpy as np
import pytest
from cryptography.exceptions import InvalidTag

from recognition.edge import changes, sweeps
from recognition.edge.kinds import CopyState, OrderKind, OrderState
from recognition.edge.models import DeviceCopy, DeviceOrder, DeviceReport
from recognition.edge.services.receipts import take_receipt
from recognition.vault import templates
from tenants.clearance.services import activate_device
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.people.services.persons import lift_restriction, restrict
from tenants.premises.models import Device
from tenants.premises.services import devices
from tenants.rights.kinds import ErasureReason
from tenants.rights.models import Erasure
from tenants.rights.services.erasures import order_erasure
from tests.recognition.edge.machines import Machine, another, make_machine, seal_for_device, seal_for_person
from tests.recognition.steps import erase
from tests.roles import database_role

pytestmark = pytest.mark.django_db


def copy_of(machine: Machine, person: Person) -> DeviceCopy:
    return DeviceCopy.objects.get(device=machine.device, person=person)


def order(person: Person) -> Erasure:
    return order_erasure(tenant=person.tenant, person=person, reason=ErasureReason.WITHDRAWN)


def test_a_terminal_opens_what_was_sealed_to_it(machine: Machine, person: Person) -> None:
    [sent] = machine.fetch()
    with database_role("recognition"):
        version, rows = templates.open_person(person)
    assert (sent.kind, sent.model_version) == (OrderKind.STORE, version)
    assert np.array_equal(machine.open(sent), rows)
    machine.confirm(sent)
    assert copy_of(machine, person).state == CopyState.HELD
    sent.refresh_from_db()
    assert sent.sealed is None
    assert sent.state == OrderState.DONE


def test_nobody_else_opens_it(machine: Machine, person: Person) -> None:
    other = make_machine(person.tenant)
    [sent] = machine.fetch()
    with pytest.raises(InvalidTag):
        other.open(sent)
    sent.device_id = other.device.pk
    with pytest.raises(InvalidTag):
        machine.open(sent)


def test_a_terminal_with_another_model_is_given_nothing(machine: Machine) -> None:
    DeviceReport.objects.create(
        tenant=machine.device.tenant, device=machine.device, model_version="another-model", at=machine.key.paired_at
    )
    person = another(machine, "li")
    assert seal_for_person(person, is_new=True) == 0
    assert seal_for_device(machine) == 0
    assert machine.fetch() == []


def test_what_a_terminal_holds_is_not_sealed_again(machine: Machine, person: Person) -> None:
    assert seal_for_device(machine) == 0
    machine.work()
    assert seal_for_device(machine) == 0
    assert seal_for_person(person) == 0
    assert seal_for_person(person, is_new=True) == 1


def test_a_terminal_that_comes_later_is_given_everybody(
    machine: Machine, person: Person, django_assert_max_num_queries
) -> None:
    for who in ("wang", "zhao", "qian"):
        another(machine, who)
    late = make_machine(person.tenant)
    with django_assert_max_num_queries(40):
        assert seal_for_device(late) == 4
    assert late.work() == ["store"] * 4


def test_a_suspended_face_is_not_used_and_then_used_again(machine: Machine, person: Person) -> None:
    machine.work()
    restrict(tenant=person.tenant, person=person)
    assert machine.work() == ["suspend"]
    assert copy_of(machine, person).state == CopyState.SUSPENDED
    lift_restriction(tenant=person.tenant, person=person)
    assert machine.work() == ["resume"]
    assert copy_of(machine, person).state == CopyState.HELD


def test_a_face_that_is_suspended_before_it_was_fetched_goes_nowhere(machine: Machine, person: Person) -> None:
    restrict(tenant=person.tenant, person=person)
    assert machine.fetch() == []
    assert copy_of(machine, person).state == CopyState.GONE
    assert not DeviceOrder.objects.filter(sealed__isnull=False).exists()
    lift_restriction(tenant=person.tenant, person=person)
    assert seal_for_person(person) == 1


def test_a_terminal_that_was_asked_to_use_what_it_does_not_hold_is_given_it_anew(
    machine: Machine, person: Person, django_capture_on_commit_callbacks
) -> None:
    machine.work()
    restrict(tenant=person.tenant, person=person)
    lift_restriction(tenant=person.tenant, person=person)
    [resumed] = machine.fetch()
    machine.confirm(resumed, "not_held")
    assert copy_of(machine, person).state == CopyState.GONE
    assert seal_for_person(person) == 1


def test_a_stopped_terminal_is_given_no_face_until_it_works_again(machine: Machine, person: Person) -> None:
    devices.suspend(tenant=person.tenant, device=machine.device)
    assert machine.fetch() == []
    assert not DeviceOrder.objects.filter(sealed__isnull=False).exists()
    assert seal_for_device(machine) == seal_for_person(person) == 0
    activate_device(tenant=person.tenant, device=machine.device)
    assert seal_for_device(machine) == 1
    assert machine.work() == ["store"]
    assert copy_of(machine, person).state == CopyState.HELD


def test_a_terminal_that_was_stopped_while_it_stored_holds_the_face_and_is_asked_to_delete_it(
    machine: Machine, person: Person
) -> None:
    [sent] = machine.fetch()
    devices.suspend(tenant=person.tenant, device=machine.device)
    machine.confirm(sent)
    assert copy_of(machine, person).state == CopyState.HELD
    order(person)
    assert [order.kind for order in machine.fetch()] == ["delete"]


def test_what_nobody_fetched_is_gone_with_the_order_of_the_erasure(machine: Machine, person: Person) -> None:
    erasure = erase(order(person))
    assert machine.fetch() == []
    assert copy_of(machine, person).state == CopyState.GONE
    assert erasure.completed_at is not None
    assert not DeviceOrder.objects.filter(sealed__isnull=False).exists()


def test_what_was_fetched_may_be_there_and_is_deleted(machine: Machine, person: Person) -> None:
    [stored] = machine.fetch()
    erasure = erase(order(person))
    assert erasure.completed_at is None
    machine.confirm(stored)  # done before it hears of the deletion
    assert copy_of(machine, person).state == CopyState.DELETING
    machine.after = stored.number
    assert machine.work() == ["delete"]
    assert erase(erasure).completed_at is not None


def test_an_erasure_waits_for_every_terminal(machine: Machine, person: Person) -> None:
    other = make_machine(person.tenant)
    seal_for_device(other)
    machine.work()
    other.work()
    erasure = erase(order(person))
    machine.work()
    assert erase(erasure).completed_at is None
    assert not erasure.receipts.filter(store="devices").exists()
    other.work()
    assert erase(erasure).completed_at is not None
    person.refresh_from_db()
    assert person.face_state == FaceState.ERASED


def test_the_last_receipt_goes_on_with_the_erasure_at_once(
    machine: Machine, person: Person, django_capture_on_commit_callbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.work()
    erasure = erase(order(person))
    sent: list[Erasure] = []
    monkeypatch.setattr("recognition.edge.services.answered.send_erase", sent.append)
    machine.work()
    assert sent == [erasure]


def test_a_deletion_that_a_terminal_could_not_do_is_ordered_again_after_an_hour(
    machine: Machine, person: Person
) -> None:
    machine.work()
    erasure = order(person)
    [deleting] = machine.fetch()
    machine.confirm(deleting, "failed", reason="disk_full")
    assert copy_of(machine, person).state == CopyState.DELETING
    erase(erasure)
    assert not DeviceOrder.objects.filter(kind=OrderKind.DELETE, state=OrderState.WAITING).exists()
    failed = DeviceOrder.objects.filter(pk=deleting.pk)
    failed.update(finished_at=deleting.created_at.replace(year=2020))
    erase(erasure)
    assert machine.work()[-1] == "delete"
    assert erase(erasure).completed_at is not None


def test_a_template_that_arrives_after_the_law_said_no_is_stopped(machine: Machine, person: Person) -> None:
    [stored] = machine.fetch()
    restrict(tenant=person.tenant, person=person)
    machine.confirm(stored)
    machine.after = stored.number
    assert machine.work() == ["suspend"]
    assert copy_of(machine, person).state == CopyState.SUSPENDED


def test_new_keys_take_back_what_was_sealed_to_the_old(machine: Machine, person: Person) -> None:
    [old] = machine.fetch()
    machine.renew()
    old.refresh_from_db()
    assert (old.state, old.sealed) == (OrderState.CANCELLED, None)
    assert seal_for_device(machine) == 1
    [new] = machine.fetch()
    assert machine.open(new).shape == (1, new.dimension)


def test_a_terminal_that_pairs_again_is_emptied_before_it_is_filled(machine: Machine, person: Person) -> None:
    machine.work()
    machine.renew(changes.paired)
    assert seal_for_device(machine) == 0
    assert copy_of(machine, person).state == CopyState.DELETING
    assert machine.work() == ["wipe"]
    assert copy_of(machine, person).state == CopyState.GONE
    assert seal_for_device(machine) == 1
    assert machine.work() == ["store"]


def test_a_retired_terminal_deletes_everybody_and_its_key_stops(machine: Machine, person: Person) -> None:
    machine.work()
    erasure = order(person)
    devices.retire(tenant=person.tenant, device=machine.device)
    assert erase(erasure).completed_at is None
    assert machine.work() == ["wipe"]
    machine.key.refresh_from_db()
    assert machine.key.revoked_at is not None
    assert erase(erasure).completed_at is not None


def test_a_terminal_that_was_retired_while_it_confirmed_says_nothing_more(machine: Machine, person: Person) -> None:
    machine.work()
    machine.renew(changes.paired)
    [wipe] = machine.fetch()
    devices.retire(tenant=person.tenant, device=Device.objects.get(pk=machine.device.pk))
    text = machine.text(wipe)
    take_receipt(device=machine.device, key=machine.key, number=wipe.number, receipt=text, signature=machine.sign(text))
    machine.key.refresh_from_db()
    assert machine.key.revoked_at is not None


def test_a_suspended_terminal_keeps_its_faces(machine: Machine, person: Person) -> None:
    machine.work()
    devices.suspend(tenant=person.tenant, device=machine.device)
    assert machine.fetch() == []
    late = another(machine, "wang")
    assert seal_for_person(late, is_new=True) == 0
    activate_device(tenant=person.tenant, device=machine.device)
    assert seal_for_device(machine) == 1


def test_numbers_grow(machine: Machine, person: Person) -> None:
    machine.work()
    restrict(tenant=person.tenant, person=person)
    lift_restriction(tenant=person.tenant, person=person)
    order(person)
    rows = DeviceOrder.objects.filter(device=machine.device).order_by("created_at", "number")
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert [row.state for row in rows] == ["done", "cancelled", "cancelled", "waiting"]


def test_a_terminal_that_a_lost_message_left_without_a_face_is_found(
    machine: Machine, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr("recognition.edge.sweeps.tasks.send_seal_for_device", lambda device: asked.append(device.pk))
    assert sweeps.top_up() == 0
    another(machine, "wang")  # whose message is lost
    assert sweeps.top_up() == 1
    assert asked == [machine.device.pk]
    [order, *_more] = machine.fetch()
    machine.confirm(order, "failed", reason="other_model")
    assert sweeps.top_up() == 0
