"""A terminal and a portal whose database was restored from an older backup."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from recognition.edge import rules
from recognition.edge.kinds import CopyState, OrderKind, OrderState
from recognition.edge.models import DeviceCopy, DeviceOrder
from recognition.edge.services import orders
from recognition.edge.services.reports import renew_lease
from tenants.organizations.scoping import enter_tenant
from tenants.people.models import Person
from tenants.rights import ledger, replaying
from tenants.rights.kinds import ErasureReason
from tenants.rights.models import Erasure
from tenants.rights.services.erasures import order_erasure
from tests.recognition.edge.machines import Machine, another, seal_for_device, seal_for_person
from tests.recognition.steps import erase

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Settings) -> None:
    settings.LEDGER_DIR = tmp_path


@contextmanager
def forgotten_since_then() -> Iterator[None]:
    place = transaction.savepoint()
    yield
    transaction.savepoint_rollback(place)


def let_go(person: Person) -> None:
    order_erasure(tenant=person.tenant, person=person, reason=ErasureReason.REQUESTED)
    ledger.record(tenant_id=person.tenant_id)


def copy_of(machine: Machine, person: Person) -> DeviceCopy:
    return DeviceCopy.objects.get(device=machine.device, person=person)


def test_a_template_that_waited_in_the_backup_is_given_to_no_terminal(machine: Machine, person: Person) -> None:
    other = another(machine, "wang")
    seal_for_person(other, is_new=True)
    with forgotten_since_then():
        let_go(person)
    assert [(order.person_id, order.kind) for order in machine.fetch()] == [(other.pk, OrderKind.STORE)]
    assert DeviceOrder.objects.get(person=person).state == OrderState.WAITING


def test_nothing_is_sealed_of_somebody_whose_erasure_is_forgotten(machine: Machine) -> None:
    person = another(machine, "li")
    with forgotten_since_then():
        let_go(person)
    assert seal_for_device(machine) == 0
    assert not DeviceOrder.objects.filter(person=person).exists()


def test_the_terminal_gets_no_lease_until_the_ledger_was_replayed(machine: Machine, person: Person) -> None:
    assert renew_lease(device=machine.device).faces_until > timezone.now() + rules.LEASE - timedelta(minutes=1)
    with forgotten_since_then():
        let_go(person)
    assert renew_lease(device=machine.device).faces_until <= timezone.now()
    replaying.replay()
    enter_tenant(person.tenant_id)
    assert renew_lease(device=machine.device).faces_until > timezone.now()


def test_a_terminal_that_counted_on_hears_of_what_is_ordered_again(machine: Machine, person: Person) -> None:
    """It asks for what comes after its last number; the restored database gives smaller ones."""
    assert machine.work() == [OrderKind.STORE]
    with forgotten_since_then():
        let_go(person)
        orders.ask_for_new_keys(device=machine.device)
        assert machine.work() == [OrderKind.DELETE, OrderKind.ROTATE]
    assert (copy_of(machine, person).state, machine.after) == (CopyState.HELD, 3)
    replaying.replay()
    enter_tenant(person.tenant_id)
    [order] = machine.fetch()
    assert (order.kind, order.number > 3) == (OrderKind.DELETE, True)
    machine.confirm(order, "not_held")
    assert copy_of(machine, person).state == CopyState.GONE
    assert erase(Erasure.objects.get(person=person)).completed_at is not None


def test_numbers_stay_as_they_are_where_nothing_was_restored(machine: Machine, person: Person) -> None:
    machine.work()
    orders.suspend(person=person)
    [order] = machine.fetch()
    machine.after = order.number  # done, and the receipt is still on its way
    assert machine.fetch() == []
    order.refresh_from_db()
    assert (order.number, order.state) == (machine.after, OrderState.SENT)
