"""A receipt is evidence: it says one thing, is signed by the terminal's own key, and is kept once."""

import pytest
from django.core.exceptions import ValidationError

from recognition.edge.kinds import OrderState
from recognition.edge.models import DeviceOrder
from recognition.edge.services.receipts import AlreadyConfirmed
from tenants.people.models import Person
from tenants.people.services.persons import restrict
from tests.recognition.edge.machines import Machine, make_machine

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "said",
    [
        {"v": 2},
        {"order": 99},
        {"kind": "delete"},
        {"person": None},
        {"device": "other"},
        {"outcome": "maybe"},
        {"at": "2026-01-01T00:00:00"},
        {"at": 5},
        {"reason": "Because!"},
        {"handle": "x" * 81},
        {"handle": "\ud800"},
        {"model": "a\x00"},
        {"score": 0.9},
    ],
)
def test_a_receipt_says_what_it_is_about(machine: Machine, person: Person, said: dict[str, object]) -> None:
    [sent] = machine.fetch()
    with pytest.raises(ValidationError) as refused:
        machine.confirm(sent, **said)
    assert refused.value.error_dict["receipt"][0].code == "bad_receipt"
    sent.refresh_from_db()
    assert (sent.state, sent.receipt) == (OrderState.SENT, "")


def test_a_receipt_by_another_key_is_refused(machine: Machine, person: Person) -> None:
    other = make_machine(person.tenant)
    [sent] = machine.fetch()
    text = machine.text(sent)
    for signature in (other.sign(text), machine.sign(text + " "), "", "!"):
        with pytest.raises(ValidationError) as refused:
            machine.hand_in(sent.number, text, signature)
        assert refused.value.error_dict["signature"][0].code == "bad_signature"


def test_a_receipt_by_the_key_that_fetched_the_order_is_good(machine: Machine, person: Person) -> None:
    machine.work()
    restrict(tenant=person.tenant, person=person)
    [sent] = machine.fetch()
    text = machine.text(sent)
    signature, old = machine.sign(text), machine.key
    machine.renew()
    assert machine.hand_in(sent.number, text, signature).key == old


def test_the_same_receipt_again_changes_nothing_and_another_is_refused(machine: Machine, person: Person) -> None:
    [sent] = machine.fetch()
    text = machine.text(sent)
    for _time in range(2):
        assert machine.hand_in(sent.number, text, machine.sign(text)).state == OrderState.DONE
    with pytest.raises(AlreadyConfirmed):
        machine.confirm(sent, "failed", reason="disk_full")


def test_what_was_never_fetched_cannot_be_confirmed(machine: Machine, person: Person) -> None:
    with pytest.raises(DeviceOrder.DoesNotExist):
        machine.confirm(DeviceOrder.objects.get())
