"""A terminal that is lost: two members say so, its keys stop, no erasure waits for it; its return is a beginning."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from recognition.edge import changes
from recognition.edge.kinds import CopyState, OrderKind, OrderState
from recognition.edge.models import DeviceCopy, DeviceKey, DeviceLoss, DeviceOrder
from recognition.edge.reads import lost
from recognition.edge.services import losses
from recognition.edge.services.keys import living_key
from tenants.clearance.services import activate_device
from tenants.organizations.models import User
from tenants.organizations.roles import Role
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.premises.kinds import DeviceState, SuspensionReason
from tenants.premises.services import devices
from tenants.rights import jobs
from tenants.rights.kinds import ErasureReason, RequestKind
from tenants.rights.models import Certificate, Erasure, RequestMessage
from tenants.rights.services import requests
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.recognition.edge.machines import Machine, seal_for_person
from tests.recognition.steps import erase

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(machine: Machine) -> tuple[User, User]:
    return factories.make_member(machine.device.tenant), factories.make_member(machine.device.tenant, Role.OWNER)


@pytest.fixture
def held(machine: Machine, person: Person) -> Person:
    """Somebody whose face lies on the terminal."""
    assert machine.work() == [OrderKind.STORE]
    return person


def erasing(person: Person) -> Erasure:
    return order_erasure(tenant=person.tenant, person=person, reason=ErasureReason.WITHDRAWN)


def lose(machine: Machine, two: tuple[User, User]) -> DeviceLoss:
    tenant = machine.device.tenant
    loss = losses.declare(tenant=tenant, device=machine.device, reason="被盗，已报警", actor=two[0])
    return losses.confirm(tenant=tenant, loss=loss, actor=two[1])


def test_one_member_alone_changes_nothing(machine: Machine, held: Person, two: tuple[User, User]) -> None:
    erasure = erase(erasing(held))
    loss = losses.declare(tenant=machine.device.tenant, device=machine.device, reason="被盗", actor=two[0])
    assert erase(erasure).completed_at is None
    assert living_key(device=machine.device) is not None
    with pytest.raises(ValidationError) as refused:
        losses.confirm(tenant=machine.device.tenant, loss=loss, actor=two[0])
    assert refused.value.code == "same_member"
    with pytest.raises(IntegrityError, match="loss_has_a_second_member"), transaction.atomic():
        DeviceLoss.objects.filter(pk=loss.pk).update(confirmed_by=two[0], confirmed_at=timezone.now())
    assert DeviceCopy.objects.get().state == CopyState.DELETING


def test_with_a_second_one_the_erasure_ends_and_the_certificate_says_so(
    machine: Machine, held: Person, two: tuple[User, User]
) -> None:
    erasure = erase(erasing(held))
    assert erasure.completed_at is None
    loss = lose(machine, two)
    assert erase(erasure).completed_at is not None
    assert Person.objects.get(pk=held.pk).face_state == FaceState.ERASED
    jobs.certify(tenant_id=erasure.tenant_id, erasure_id=erasure.pk)
    says = json.loads(Certificate.objects.get().body)
    day = timezone.localdate(loss.confirmed_at).isoformat()
    assert says["lost_devices"] == [{"device": str(machine.device.pk), "lost_on": day}]
    assert says["devices"] == []


def test_a_terminal_that_answered_is_on_the_certificate_with_its_signed_receipt(machine: Machine, held: Person) -> None:
    erasure = erase(erasing(held))
    assert machine.work() == [OrderKind.DELETE]
    assert erase(erasure).completed_at is not None
    jobs.certify(tenant_id=erasure.tenant_id, erasure_id=erasure.pk)
    says = json.loads(Certificate.objects.get().body)
    [told] = says["devices"]
    assert (told["device"], told["key"], len(told["receipt_sha256"])) == (
        str(machine.device.pk),
        machine.key.thumbprint,
        64,
    )
    assert says["lost_devices"] == []


def test_its_keys_stop_and_nothing_waits_in_its_queue(machine: Machine, held: Person, two: tuple[User, User]) -> None:
    erasing(held)
    lose(machine, two)
    assert living_key(device=machine.device) is None
    assert DeviceKey.objects.get(pk=machine.key.pk).revoked_at is not None
    assert not DeviceOrder.objects.filter(state__in=[OrderState.WAITING, OrderState.SENT]).exists()
    machine.device.refresh_from_db()
    assert (machine.device.state, machine.device.suspended_for) == (DeviceState.SUSPENDED, SuspensionReason.LOST)


def test_it_does_not_start_without_being_paired_and_then_deletes_everybody_first(
    machine: Machine, held: Person, two: tuple[User, User]
) -> None:
    erase(erasing(held))
    lose(machine, two)
    machine.device.refresh_from_db()
    with pytest.raises(ValidationError) as refused:
        activate_device(tenant=machine.device.tenant, device=machine.device)
    assert refused.value.code == "lost"
    machine.renew(changes.paired)
    assert DeviceCopy.objects.get().state == CopyState.DELETING
    assert [order.kind for order in DeviceOrder.objects.filter(state=OrderState.WAITING)] == [OrderKind.WIPE]
    assert DeviceLoss.objects.get().returned_at is not None
    assert machine.work() == [OrderKind.WIPE]
    assert DeviceCopy.objects.get().state == CopyState.GONE
    assert losses.open_loss(device=machine.device) is None


def test_a_certificate_that_is_late_still_names_the_terminal_that_came_back(
    machine: Machine, held: Person, two: tuple[User, User]
) -> None:
    erasure = erase(erasing(held))
    lose(machine, two)
    erase(erasure)
    machine.renew(changes.paired)
    machine.work()
    jobs.certify(tenant_id=erasure.tenant_id, erasure_id=erasure.pk)
    assert len(json.loads(Certificate.objects.get().body)["lost_devices"]) == 1


def test_a_terminal_that_came_back_before_the_order_is_not_called_lost(
    machine: Machine, held: Person, two: tuple[User, User]
) -> None:
    lose(machine, two)
    machine.renew(changes.paired)
    assert machine.work() == [OrderKind.WIPE]
    erasure = erase(erasing(held))
    assert erasure.completed_at is not None
    jobs.certify(tenant_id=erasure.tenant_id, erasure_id=erasure.pk)
    assert json.loads(Certificate.objects.get().body)["lost_devices"] == []
    assert lost(person=held.pk, since=erasure.ordered_at, until=erasure.completed_at) == []


def test_whoever_asked_is_not_told_everywhere_while_a_lost_terminal_may_hold_the_face(
    machine: Machine, held: Person, two: tuple[User, User]
) -> None:
    lose(machine, two)
    request, _code = requests.receive(
        tenant=held.tenant, kind=RequestKind.DELETE, name="某人", contact="13800138000", language="en"
    )
    erasure = order_erasure(tenant=held.tenant, person=held, reason=ErasureReason.REQUESTED, request=request)
    jobs.certify(tenant_id=erasure.tenant_id, erasure_id=erase(erasure).pk)
    message = RequestMessage.objects.get(template="certificate")
    assert "everywhere" not in message.text
    assert "could not confirm" in message.text


def test_an_erasure_ordered_after_the_loss_does_not_wait_and_says_so(
    machine: Machine, held: Person, two: tuple[User, User]
) -> None:
    """The face was in use until now, elsewhere; the lost terminal may hold it still."""
    lose(machine, two)
    assert Person.objects.get(pk=held.pk).face_state == FaceState.ENROLLED
    erasure = erase(erasing(held))
    assert erasure.completed_at is not None
    jobs.certify(tenant_id=erasure.tenant_id, erasure_id=erasure.pk)
    assert len(json.loads(Certificate.objects.get().body)["lost_devices"]) == 1


def test_a_face_taken_anew_is_brought_to_the_terminal_after_its_return(
    machine: Machine, held: Person, two: tuple[User, User]
) -> None:
    tenant = machine.device.tenant
    lose(machine, two)
    machine.renew(changes.paired)
    machine.work()
    machine.device.refresh_from_db()
    devices.set_state(
        tenant=tenant, device=machine.device, target=DeviceState.SUSPENDED, reason=SuspensionReason.MANUAL
    )
    activate_device(tenant=tenant, device=machine.device)
    seal_for_person(held)
    assert machine.work() == [OrderKind.STORE]
    assert DeviceCopy.objects.get().state == CopyState.HELD


def test_it_can_be_taken_back_before_it_is_confirmed_and_not_after(
    machine: Machine, held: Person, two: tuple[User, User]
) -> None:
    tenant = machine.device.tenant
    loss = losses.declare(tenant=tenant, device=machine.device, reason="找不到", actor=two[0])
    losses.take_back(tenant=tenant, loss=loss, actor=two[0])
    with pytest.raises(ValidationError) as refused:
        losses.confirm(tenant=tenant, loss=loss, actor=two[1])
    assert refused.value.code == "over"
    again = lose(machine, two)
    with pytest.raises(ValidationError) as refused:
        losses.take_back(tenant=tenant, loss=again, actor=two[0])
    assert refused.value.code == "over"


def test_a_loss_needs_a_reason_and_is_declared_once(machine: Machine, two: tuple[User, User]) -> None:
    tenant = machine.device.tenant
    with pytest.raises(ValidationError) as refused:
        losses.declare(tenant=tenant, device=machine.device, reason="  ", actor=two[0])
    assert "reason" in refused.value.error_dict
    losses.declare(tenant=tenant, device=machine.device, reason="被盗", actor=two[0])
    with pytest.raises(ValidationError) as refused:
        losses.declare(tenant=tenant, device=machine.device, reason="被盗", actor=two[1])
    assert refused.value.code == "declared"


def test_a_retired_terminal_that_never_confirmed_can_be_lost_too(
    machine: Machine, held: Person, two: tuple[User, User]
) -> None:
    devices.retire(tenant=machine.device.tenant, device=machine.device)
    erasure = erase(erasing(held))
    assert erasure.completed_at is None
    lose(machine, two)
    assert erase(erasure).completed_at is not None
    machine.device.refresh_from_db()
    assert machine.device.state == DeviceState.RETIRED


def test_another_propertys_terminal_is_not_found(machine: Machine, two: tuple[User, User]) -> None:
    other = factories.make_property()
    with pytest.raises(ValidationError, match=r"不同|different"):
        losses.declare(tenant=other, device=machine.device, reason="被盗", actor=two[0])
