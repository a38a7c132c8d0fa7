"""What the recognition worker does with a photo from a door: open, compare, ask the gate, forget."""

import uuid
from datetime import datetime

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from recognition.engine.codes import FaceRejected
from recognition.engine.protocol import FaceEngine
from recognition.engine.services import get_engine
from recognition.enrollment import captures
from recognition.enrollment.models import Capture
from recognition.matching import answers, gallery, rules
from recognition.matching.answers import Answer
from recognition.matching.models import DoorEvent
from tenants.clearance.checks import blockers
from tenants.clearance.services import check_person, load_device, takes_faces_now
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.premises.kinds import DeviceMode, DeviceState
from tenants.premises.models import Device


def match(
    *,
    tenant_id: uuid.UUID,
    capture_id: uuid.UUID,
    device_id: uuid.UUID,
    person_id: uuid.UUID | None,
    engine: FaceEngine | None = None,
    now: datetime | None = None,
) -> Answer | None:
    """Answer one door. With a person id it verifies (1:1), without it identifies (1:N). `now` is for the door's hours.

    Returns None when the photo is gone already (too late, or delivered twice): the door was told so.
    """
    engine = engine or get_engine()
    with tenant_context(tenant_id):
        capture = Capture.objects.filter(pk=capture_id).first()
        if capture is None:
            return None
        photo = captures.take(capture=capture)
    probe, refused = None, ""
    try:
        probe = engine.represent(photo).embedding
    except FaceRejected as rejected:
        refused = rejected.code.value
    finally:
        del photo
    with tenant_context(tenant_id):
        device, checks = load_device(tenant_id=tenant_id, device_id=device_id)
        mode = DeviceMode.IDENTIFY if person_id is None else DeviceMode.VERIFY
        if probe is None:
            person, rule = None, refused
        elif blockers(checks):
            # The device's state follows the gate; where it has not followed yet, the gate itself says no.
            person, rule = None, _refusal(device)
        else:
            person, rule = _decide(device, mode, person_id, probe, engine, now=now or timezone.now())
        return _record(device, mode, person, rule)


def _refusal(device: Device) -> str:
    return answers.NOT_CLEARED if device.state == DeviceState.ACTIVE else answers.DEVICE_NOT_ACTIVE


def _decide(
    device: Device,
    mode: DeviceMode,
    person_id: uuid.UUID | None,
    probe: NDArray[np.float32],
    engine: FaceEngine,
    *,
    now: datetime,
) -> tuple[Person | None, str]:
    if device.state != DeviceState.ACTIVE:
        return None, answers.DEVICE_NOT_ACTIVE
    if device.mode != mode:
        return None, answers.MODE_NOT_DECLARED
    if not takes_faces_now(device, now=now):
        return None, answers.OUTSIDE_HOURS
    faces = gallery.cache.get(device.tenant, model_version=engine.model_version)
    candidates = faces.nearest(probe)
    if person_id is not None:
        if person_id not in faces.person_ids:
            return None, answers.NOT_ENROLLED
        row = faces.rows[faces.person_ids.index(person_id)]
        candidates = [gallery.Candidate(person_id, float(row @ probe))]
    found, rule = rules.decide(candidates, threshold=engine.threshold, margin=engine.margin)
    if found is None:
        return None, rule
    # The row lock makes this answer and a withdrawal happen one after the other: no match can commit
    # after the commit of the erasure order.
    locked = Person.objects.select_for_update(of=("self",), no_key=True)
    person = locked.select_related("tenant__handler").filter(pk=found, face_state=FaceState.ENROLLED).first()
    if person is None or blockers(check_person(person)):
        return None, answers.NOT_CLEARED
    return person, rule


def _record(device: Device, mode: DeviceMode, person: Person | None, rule: str) -> Answer:
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
    return Answer(allowed=person is not None, rule=rule, event=str(event.pk))
