"""What follows by itself when an answer of the gate changes: devices and faces stop, and turn back when it is mended.

The rooms below say that a fact changed (organizations/changes.py, people/changes.py). Devices and the one
person concerned are judged in the same transaction; all the people of a property by a worker after it.
Whatever is missed (a date that passes, a worker that dies) the daily sweep finds; and a match asks the gate
itself, so a face that should be suspended opens nothing even before it is.
"""

import uuid

from django.db import transaction
from django.db.models import Q

from tenants.clearance import evidence, tasks
from tenants.clearance.checks import Check, blockers
from tenants.clearance.services import check_devices, check_people
from tenants.organizations.models import Property
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.people.services.persons import move_face
from tenants.premises.kinds import ONLY_A_MEMBER_STARTS, DeviceState, SuspensionReason
from tenants.premises.models import Device
from tenants.premises.services.devices import set_state
from tenants.transparency.services import assessments

HELD = (FaceState.ENROLLED, FaceState.SUSPENDED)
# Whose answers are kept as evidence: also of a face that is being erased, whose answer is no until it is gone.
ANSWERED = (*HELD, FaceState.ERASING)
# What a member stopped, a member starts again: the gate answers about it and does not move it.
MOVED = Q(state=DeviceState.ACTIVE) | Q(state=DeviceState.SUSPENDED) & ~Q(suspended_for__in=ONLY_A_MEMBER_STARTS)
WATCHED = Q(state__in=(DeviceState.ACTIVE, DeviceState.SUSPENDED))
CHUNK = 500


def facts_changed(*, tenant: Property) -> None:
    """Judge a property's assessment and devices now, and its people soon."""
    assessments.refresh(tenant=tenant)
    follow_devices(tenant=tenant)
    tasks.send_follow_people(tenant_id=tenant.pk)


def person_changed(*, person: Person) -> None:
    """Judge one person now."""
    _follow(tenant=person.tenant, people=[person.pk])


@transaction.atomic
def follow_devices(*, tenant: Property) -> list[Device]:
    """Suspend what the gate refuses and switch on again what it had stopped; return what changed.

    Two queries when nothing changes, whatever the number of devices. Only devices that change are locked,
    in the order of their ids, and judged again under the lock.
    """
    judged = check_devices(tenant=tenant, devices=Device.objects.filter(WATCHED))
    wanted = [device.pk for device, checks in judged if _follows(device, checks)]
    locked = Device.objects.select_for_update(of=("self",), no_key=True).filter(MOVED, pk__in=wanted).order_by("pk")
    if not wanted:
        # A service may have stopped a device itself, as a private place does: what the gate says is kept all the same.
        evidence.keep_all(judged)
        return []
    changed, again = [], check_devices(tenant=tenant, devices=locked)
    for device, checks in again:
        if not _follows(device, checks):
            continue
        blocked = blockers(checks)
        target, reason = (DeviceState.SUSPENDED, suspension_reason(blocked)) if blocked else (DeviceState.ACTIVE, None)
        changed.append(set_state(tenant=tenant, device=device, target=target, reason=reason))
    known = {device.pk for device, _checks in again}
    evidence.keep_all([*again, *(pair for pair in judged if pair[0].pk not in known)])
    return changed


def _follows(device: Device, checks: list[Check]) -> bool:
    """Say whether this device is to become what the gate says. What a member stopped is not the gate's to start."""
    blocked = blockers(checks)
    if device.state == DeviceState.ACTIVE:
        return bool(blocked)
    if device.suspended_for in ONLY_A_MEMBER_STARTS:
        return False
    return not blocked or device.suspended_for != suspension_reason(blocked)


def suspension_reason(blocked: list[Check]) -> SuspensionReason:
    """Say in one word why a device stops: the most serious blocker comes first."""
    code = blocked[0].code
    if code == "private_place":
        return SuspensionReason.PRIVATE_PLACE
    if code == "face_only" or code.startswith("other_way_"):
        return SuspensionReason.NO_ALTERNATIVE
    return SuspensionReason.NOT_CLEARED


def follow_people(*, tenant: Property) -> int:
    """Suspend the faces that the gate refuses, take up again those it no longer refuses; return how many changed."""
    changed, after = 0, None
    while True:
        moved, after = follow_some(tenant=tenant, after=after)
        changed += moved
        if after is None:
            return changed


def follow_some(*, tenant: Property, after: uuid.UUID | None) -> tuple[int, uuid.UUID | None]:
    """Judge the next faces of a property by id; return how many changed and the last id, None at the end.

    A worker gives each its own transaction, so that no door and nobody at their page waits for the whole property.
    """
    rows = Person.objects.filter(tenant=tenant, face_state__in=ANSWERED).order_by("pk")
    ids = list((rows.filter(pk__gt=after) if after else rows).values_list("pk", flat=True)[:CHUNK])
    return _follow(tenant=tenant, people=ids), ids[-1] if len(ids) == CHUNK else None


@transaction.atomic
def _follow(*, tenant: Property, people: list[uuid.UUID]) -> int:
    """Judge without a lock; lock only those that change, and judge them again as they are then."""
    judged = check_people(tenant=tenant, people=Person.objects.filter(pk__in=people, face_state__in=ANSWERED))
    wanted = [person.pk for person, checks in judged if _moves(person, checks)]
    again: list[tuple[Person, list[Check]]] = []
    if wanted:
        # Locked first and read afterwards: what another transaction changed meanwhile is seen.
        list(Person.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk").values_list("pk"))
        again = check_people(tenant=tenant, people=Person.objects.filter(pk__in=wanted, face_state__in=ANSWERED))
    moved = [person for person, checks in again if _moves(person, checks)]
    for person in moved:
        target = FaceState.ENROLLED if person.face_state == FaceState.SUSPENDED else FaceState.SUSPENDED
        move_face(person=person, target=target)
    evidence.keep_all([*again, *(pair for pair in judged if pair[0].pk not in set(wanted))])
    return len(moved)


def _moves(person: Person, checks: list[Check]) -> bool:
    return person.face_state == (FaceState.ENROLLED if blockers(checks) else FaceState.SUSPENDED)
