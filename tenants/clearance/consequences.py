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
from tenants.premises.kinds import DeviceState, SuspensionReason
from tenants.premises.models import Device
from tenants.premises.services.devices import set_state
from tenants.transparency.services import assessments

HELD = (FaceState.ENROLLED, FaceState.SUSPENDED)
# What a member stopped, a member starts again.
WATCHED = Q(state=DeviceState.ACTIVE) | Q(state=DeviceState.SUSPENDED) & ~Q(suspended_for=SuspensionReason.MANUAL)
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
    wanted = [device.pk for device, checks in judged if bool(blockers(checks)) == (device.state == DeviceState.ACTIVE)]
    if not wanted:
        # A service may have stopped a device itself, as a private place does: what the gate says is kept all the same.
        evidence.keep_all(judged)
        return []
    locked = Device.objects.select_for_update(of=("self",)).filter(WATCHED, pk__in=wanted).order_by("pk")
    changed, again = [], check_devices(tenant=tenant, devices=locked)
    for device, checks in again:
        blocked = blockers(checks)
        if blocked and device.state == DeviceState.ACTIVE:
            reason = suspension_reason(blocked)
            changed.append(set_state(tenant=tenant, device=device, target=DeviceState.SUSPENDED, reason=reason))
        elif not blocked and device.state == DeviceState.SUSPENDED:
            changed.append(set_state(tenant=tenant, device=device, target=DeviceState.ACTIVE))
    known = {device.pk for device, _checks in again}
    evidence.keep_all([*again, *(pair for pair in judged if pair[0].pk not in known)])
    return changed


def suspension_reason(blocked: list[Check]) -> SuspensionReason:
    """Say in one word why a device stops: the most serious blocker comes first."""
    code = blocked[0].code
    if code == "private_place":
        return SuspensionReason.PRIVATE_PLACE
    if code == "face_only" or code.startswith("other_way_"):
        return SuspensionReason.NO_ALTERNATIVE
    return SuspensionReason.NOT_CLEARED


def follow_people(*, tenant: Property) -> int:
    """Suspend the faces that the gate refuses, take up again those it no longer refuses; return how many changed.

    In chunks, each judged in one query; runs in a worker and may run twice.
    """
    held = Person.objects.filter(tenant=tenant, face_state__in=HELD).order_by("pk")
    changed, after = 0, None
    while True:
        rows = held.filter(pk__gt=after) if after else held
        ids = list(rows.values_list("pk", flat=True)[:CHUNK])
        if not ids:
            return changed
        changed += _follow(tenant=tenant, people=ids)
        after = ids[-1]


@transaction.atomic
def _follow(*, tenant: Property, people: list[uuid.UUID]) -> int:
    changed = 0
    # Locked first and read afterwards: what another transaction changed meanwhile is seen.
    list(Person.objects.select_for_update(of=("self",)).filter(pk__in=people).order_by("pk").values_list("pk"))
    judged = check_people(tenant=tenant, people=Person.objects.filter(pk__in=people, face_state__in=HELD))
    for person, checks in judged:
        target = FaceState.SUSPENDED if blockers(checks) else FaceState.ENROLLED
        if person.face_state != target:
            move_face(person=person, target=target)
            changed += 1
    evidence.keep_all(judged)
    return changed
