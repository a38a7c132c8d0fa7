"""May this person's face open this door now? Asked with or without a photo, always at the instant of the answer.

Nothing here knows a template: a page, a terminal's question and the face worker ask the same.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from recognition.matching import answers
from recognition.matching.answers import Answer
from recognition.matching.models import DoorEvent
from tenants.clearance.checks import Check, blockers
from tenants.clearance.services import check_person_at, load_device, takes_faces_now
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.people.services.uses import face_used
from tenants.premises.kinds import DeviceMode, DeviceState
from tenants.premises.models import Device
from tenants.rights.ledger import is_forgotten


def refusal_of_device(device: Device, checks: Sequence[Check], *, mode: DeviceMode | str, now: datetime) -> str:
    """Return why this device may use no face now, empty when it may. `device` and `checks` are of `load_device`."""
    if device.state != DeviceState.ACTIVE:
        return answers.DEVICE_NOT_ACTIVE
    if blockers(list(checks)):
        # The device's state follows the gate; where it has not followed yet, the gate itself says no.
        return answers.NOT_CLEARED
    if device.mode != mode:
        return answers.MODE_NOT_DECLARED
    return "" if takes_faces_now(device, now=now) else answers.OUTSIDE_HOURS


def lock_cleared(device: Device, person_id: uuid.UUID) -> Person | None:
    """Return a person of the device's property whose face may be used now, locked until the end of the transaction.

    `device` is of `load_device`. None when it may not. The row lock makes this answer and a withdrawal happen one
    after the other: no yes can commit after the commit of the erasure order. Nor may the face of somebody whose erasure
    this database has forgotten, because it was restored from an older backup.
    """
    rows = Person.objects.filter(pk=person_id, tenant_id=device.tenant_id, face_state=FaceState.ENROLLED)
    if not rows.select_for_update(no_key=True).values_list("pk").first() or is_forgotten(person_id):
        return None
    # Read after the lock is held: what another transaction changed meanwhile is seen.
    person, checks = check_person_at(device, person_id=person_id)
    return None if blockers(checks) else person


def record(device: Device, mode: DeviceMode | str, person: Person | None, rule: str) -> Answer:
    """Write an answer down as a door event."""
    event = DoorEvent(
        tenant_id=device.tenant_id,
        device=device,
        person=person,
        mode=mode,
        is_allowed=person is not None,
        rule=rule,
        at=timezone.now(),
    )
    event.save()
    if person is not None:
        face_used(person=person)
    return Answer(allowed=person is not None, rule=rule, event=str(event.pk))


def decide(*, device: Device, person_id: uuid.UUID, mode: DeviceMode | str, now: datetime | None = None) -> Answer:
    """Answer a terminal that has recognised somebody by itself, in one transaction. `now` is for the door's hours.

    Somebody whom this property does not have is not enrolled here, and the event names nobody.
    """
    with tenant_context(device.tenant_id):
        device, checks = load_device(tenant_id=device.tenant_id, device_id=device.pk)
        rule = refusal_of_device(device, checks, mode=mode, now=now or timezone.now())
        if rule:
            return record(device, mode, None, rule)
        person = lock_cleared(device, person_id)
        if person is not None:
            return record(device, mode, person, answers.MATCHED)
        is_known = Person.objects.filter(pk=person_id, tenant_id=device.tenant_id).exists()
        return record(device, mode, None, answers.NOT_CLEARED if is_known else answers.NOT_ENROLLED)
