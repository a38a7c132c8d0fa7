"""A terminal and a person at the same moment: whatever the order, no face stays where it may not be."""

from typing import NamedTuple

import pytest
from django.db import transaction

from recognition.edge.kinds import CopyState
from recognition.edge.models import DeviceCopy, DeviceOrder
from recognition.edge.services import queue
from tenants.organizations.scoping import tenant_context
from tenants.people.models import Person
from tenants.people.services.links import Visit
from tenants.people.services.persons import restrict
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.recognition.edge.machines import Machine, make_machine, seal_for_device
from tests.recognition.steps import enroll
from tests.threads import Job, interleave, together

pytestmark = pytest.mark.django_db(transaction=True)


class Door(NamedTuple):
    machine: Machine
    person: Person
    visit: Visit


@pytest.fixture
def door() -> Door:
    """A terminal for which somebody's template waits, committed."""
    with transaction.atomic():
        machine = make_machine(factories.make_property())
        person, visit = factories.make_consented_person(machine.device.tenant)
    with tenant_context(person.tenant_id):
        enroll(person.tenant, person, "li")
    seal_for_device(machine)
    return Door(machine, person, visit)


def inside(door: Door, work, *, pause_before: str = "") -> Job:
    def run():
        with tenant_context(door.person.tenant_id):
            return work()

    return Job(run, pause_before=pause_before)


def fetching(door: Door, *, pause_before: str = "") -> Job:
    return inside(door, lambda: [order.kind for order in door.machine.fetch()], pause_before=pause_before)


def withdrawing(door: Door, *, pause_before: str = "") -> Job:
    return inside(door, lambda: withdraw(visit=door.visit) and None, pause_before=pause_before)


def state(door: Door) -> str:
    with tenant_context(door.person.tenant_id):
        return DeviceCopy.objects.get(person=door.person).state


def open_kinds(door: Door) -> list[str]:
    with tenant_context(door.person.tenant_id):
        return list(queue.open_orders().order_by("number").values_list("kind", flat=True))


def fetch_now(door: Door) -> DeviceOrder:
    with tenant_context(door.person.tenant_id):
        [order] = door.machine.fetch()
    return order


def test_a_terminal_that_fetches_while_a_withdrawal_commits_gets_nothing(door: Door) -> None:
    _withdrawn, fetched = interleave(withdrawing(door, pause_before='INSERT INTO "rights_erasure"'), fetching(door))
    # The fetch either came before the order or waited for it; the order takes everything back or deletes it.
    assert (fetched == ["store"]) == (state(door) == CopyState.DELETING)
    _withdrawn, fetched = None, fetching(door).start().join()
    assert "store" not in fetched


def test_a_fetch_waits_for_the_orders_of_a_withdrawal(door: Door) -> None:
    _withdrawn, fetched = interleave(
        withdrawing(door, pause_before='INSERT INTO "clearance_clearance"'), fetching(door)
    )
    assert fetched == []
    assert state(door) == CopyState.GONE


def test_a_withdrawal_waits_for_a_fetch_and_deletes_what_it_took(door: Door) -> None:
    fetched, _withdrawn = interleave(fetching(door, pause_before='UPDATE "edge_deviceorder"'), withdrawing(door))
    assert fetched == ["store"]
    assert state(door) == CopyState.DELETING
    assert open_kinds(door) == ["delete"]


@pytest.mark.parametrize("pause", ['UPDATE "edge_deviceorder"', 'UPDATE "edge_devicecopy"'])
def test_a_receipt_before_a_withdrawal(door: Door, pause: str) -> None:
    order = fetch_now(door)
    confirming = inside(door, lambda: door.machine.confirm(order).state, pause_before=pause)
    confirmed, _withdrawn = interleave(confirming, withdrawing(door))
    assert confirmed == "done"
    assert (state(door), open_kinds(door)) == (CopyState.DELETING, ["delete"])


def test_a_receipt_after_a_withdrawal(door: Door) -> None:
    order = fetch_now(door)
    confirming = inside(door, lambda: door.machine.confirm(order).state)
    _withdrawn, confirmed = interleave(withdrawing(door, pause_before='INSERT INTO "rights_erasure"'), confirming)
    assert confirmed == "cancelled"
    assert (state(door), open_kinds(door)) == (CopyState.DELETING, ["delete"])


def test_two_receipts_of_one_order(door: Door) -> None:
    order = fetch_now(door)
    text = door.machine.text(order)
    signature = door.machine.sign(text)
    same = [inside(door, lambda: door.machine.hand_in(order.number, text, signature).state) for _time in range(2)]
    assert together(*same) == ["done", "done"]
    other = inside(door, lambda: door.machine.confirm(order, "failed", reason="late"))
    assert type(other.start().join()).__name__ == "AlreadyConfirmed"


def test_numbers_grow_as_they_commit(door: Door) -> None:
    """Two people at once: the later number waits until the earlier one is committed."""
    with tenant_context(door.person.tenant_id):
        other, _visit = factories.make_consented_person(door.person.tenant)
        enroll(other.tenant, other, "wang")
    seal_for_device(door.machine)
    with tenant_context(door.person.tenant_id):
        door.machine.work()

    def pausing(person: Person, pause_before: str = "") -> Job:
        return inside(door, lambda: restrict(tenant=person.tenant, person=person) and None, pause_before=pause_before)

    first, second = interleave(pausing(door.person, 'INSERT INTO "clearance_clearance"'), pausing(other))
    assert (first, second) == (None, None)
    with tenant_context(door.person.tenant_id):
        rows = queue.open_orders().order_by("number")
        assert [(row.number, row.person_id) for row in rows] == [(3, door.person.pk), (4, other.pk)]
