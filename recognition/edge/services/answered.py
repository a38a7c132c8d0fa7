"""What follows from a terminal's answer. The person, if any, is locked and the queue is held."""

import uuid
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils import timezone

from recognition.edge import order_rules, tasks
from recognition.edge.kinds import AT_AN_END, CopyState, OrderKind, OrderState
from recognition.edge.models import DeviceCopy, DeviceOrder
from recognition.edge.order_rules import Outcome
from recognition.edge.receipt_text import Receipt
from recognition.edge.services import copies, enrolling, keys, orders
from tenants.clearance import evidence
from tenants.clearance.checks import Check, blockers
from tenants.clearance.services import check_person, require_enrollment
from tenants.organizations.kinds import StorageMode
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.people.services.persons import move_face
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device
from tenants.rights.models import Erasure
from tenants.rights.tasks import send_erase

KEPT = (FaceState.ENROLLED, FaceState.SUSPENDED)


def template_kept(*, device: Device, order: DeviceOrder, said: Receipt, person: Person) -> None:
    """A terminal keeps what was sealed to it. Where the answer of the law has changed meanwhile, it is to delete it."""
    if said.outcome != Outcome.DONE:
        if order.state != OrderState.CANCELLED:
            _move(device, person, order, said)
        return
    may_stay = person.face_state in KEPT and person.face_stored == StorageMode.PORTAL
    _arrived(device, person, order, said, may_stay=may_stay)
    if may_stay and (person.face_state == FaceState.SUSPENDED or blockers(check_person(person))):
        orders.suspend(person=person)


def face_taken(*, device: Device, order: DeviceOrder, said: Receipt, person: Person) -> None:
    """A terminal took a face and keeps it, or nobody came. The gate is asked once more before it counts.

    What a stopped terminal took (with an algorithm that nobody assessed, at a place where none may be) does not count,
    nor what it is to delete already.
    """
    if said.outcome != Outcome.DONE:
        if order.state != OrderState.CANCELLED:
            _move(device, person, order, said)
        enrolling.put_back(person=person)
        return
    checks = None if _was_stopped(device, said) else _cleared(person)
    stays = _arrived(device, person, order, said, may_stay=checks is not None)
    if checks is None or not stays:
        enrolling.put_back(person=person)
    elif person.face_state in enrolling.BEFORE_A_FACE:
        moved = move_face(person=person, target=FaceState.ENROLLED, enrolled_on=timezone.localdate())
        evidence.keep(subject=moved, checks=checks)


def use_changed(*, device: Device, order: DeviceOrder, said: Receipt, person: Person) -> None:
    """A terminal stopped using a face, or uses it again. One that does not hold it is given it anew."""
    if order.state == OrderState.CANCELLED:
        return
    _move(device, person, order, said)
    if said.outcome == Outcome.NOT_HELD and person.face_state == FaceState.ENROLLED:
        tasks.send_seal_for_person(person=person)


def deleted(*, device: Device, order: DeviceOrder, said: Receipt, person: Person) -> None:
    """A face is gone from a terminal, confirmed. The last of these lets the erasure be completed."""
    if order.state == OrderState.CANCELLED:
        return
    _move(device, person, order, said)
    if said.outcome != Outcome.FAILED:
        go_on_erasing(tenant_id=device.tenant_id, people=[person.pk])


def wiped(*, device: Device, order: DeviceOrder, said: Receipt, person: None) -> None:
    """A terminal holds nobody any more. A retired one has said its last; another one may be filled again."""
    if said.outcome == Outcome.FAILED or order.state == OrderState.CANCELLED:
        return
    held = list(copies.of_device(device=device))
    copies.become(dict.fromkeys(held, CopyState.GONE))
    go_on_erasing(tenant_id=device.tenant_id, people=[copy.person_id for copy in held])
    device.refresh_from_db(fields=["state"])  # a retirement since the request came holds the queue before or after
    if device.state == DeviceState.RETIRED:
        keys.revoke(device=device)
    else:
        tasks.send_seal_for_device(device=device)


def keys_made(*, device: Device, order: DeviceOrder, said: Receipt, person: None) -> None:
    """Nothing more: the new keys came by themselves (docs/device-protocol.md, 7)."""


def go_on_erasing(*, tenant_id: uuid.UUID, people: Collection[uuid.UUID]) -> None:
    """Have the workers look again at the open erasures of people of whose face no terminal is waited for any more."""
    waiting = set(people) - set(
        DeviceCopy.objects.filter(person__in=people).exclude(state__in=AT_AN_END).values_list("person", flat=True)
    )
    for erasure in Erasure.objects.filter(tenant_id=tenant_id, person__in=waiting, completed_at__isnull=True):
        send_erase(erasure)


def _move(device: Device, person: Person, order: DeviceOrder, said: Receipt) -> None:
    for copy in DeviceCopy.objects.filter(device=device, person=person):
        state = order_rules.after_receipt(kind=OrderKind(order.kind), outcome=said.outcome, state=CopyState(copy.state))
        copies.become({copy: state})


def _arrived(device: Device, person: Person, order: DeviceOrder, said: Receipt, *, may_stay: bool) -> bool:
    """Note that a face lies on a terminal, and return whether it stays; what may not is ordered to go at once."""
    [copy] = copies.known(tenant_id=device.tenant_id, pairs=[(device.pk, person.pk)]).values()
    is_unwanted = order.state == OrderState.CANCELLED and copy.state == CopyState.GONE
    state = order_rules.after_receipt(kind=OrderKind(order.kind), outcome=Outcome.DONE, state=CopyState(copy.state))
    if said.handle:
        copy.handle = said.handle
    if order.kind == OrderKind.ENROL:
        copy.model_version = said.model
    copies.become({copy: state})
    if state == CopyState.DELETING:
        return False
    if is_unwanted or not may_stay:
        orders.delete(person=person, device=device)
        return False
    return True


def _was_stopped(device: Device, said: Receipt) -> bool:
    """Say whether a terminal was not to take faces at the time of its receipt. One that stopped since was not."""
    device.refresh_from_db(fields=["state", "state_changed_at"])
    return device.state != DeviceState.ACTIVE and said.at >= device.state_changed_at


def _cleared(person: Person) -> list[Check] | None:
    """Return the gate's answers when the face may be kept on terminals, else None."""
    if person.tenant.storage_mode != StorageMode.ON_DEVICE or person.face_state not in enrolling.TAKABLE:
        return None
    try:
        return require_enrollment(person)
    except ValidationError:
        return None
