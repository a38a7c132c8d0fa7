"""What the recognition worker does with a photo from a door: open, compare, ask the gate, forget."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from recognition.engine.codes import FaceRejected
from recognition.engine.protocol import FaceEngine
from recognition.engine.quality import AT_THE_DOOR
from recognition.engine.services import get_engine, get_previous_engine
from recognition.enrollment import captures
from recognition.matching import answers, deciding, rules
from recognition.matching.answers import Answer
from recognition.matching.cache import cache
from recognition.matching.probes import Probe
from recognition.vault import loading
from tenants.clearance.services import load_device
from tenants.organizations.scoping import tenant_context
from tenants.people.models import Person
from tenants.premises.kinds import DeviceMode
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
    engines = [engine or get_engine()]
    with tenant_context(tenant_id):
        photo = captures.take(tenant_id=tenant_id, capture_id=capture_id)
        if photo is None:
            return None
        previous = get_previous_engine()
        # A second look costs as much as the first: only while somebody here still has an older template.
        if previous and loading.living(tenant_id, model_version=previous.model_version).exists():
            engines.append(previous)
    probes, refused = [], ""
    try:
        probes = [Probe.of(one, one.represent(photo, limits=AT_THE_DOOR).embedding) for one in engines]
    except FaceRejected as rejected:
        refused = rejected.code.value
    finally:
        del photo
    return match_probes(
        tenant_id=tenant_id, device_id=device_id, person_id=person_id, probes=probes, refused=refused, now=now
    )


def match_probes(
    *,
    tenant_id: uuid.UUID,
    device_id: uuid.UUID,
    person_id: uuid.UUID | None,
    probes: Sequence[Probe],
    refused: str = "",
    now: datetime | None = None,
) -> Answer:
    """Answer one door whose photo was looked at already, in one transaction. `refused` is why there is no probe."""
    with tenant_context(tenant_id):
        device, checks = load_device(tenant_id=tenant_id, device_id=device_id)
        mode = DeviceMode.IDENTIFY if person_id is None else DeviceMode.VERIFY
        person, rule = None, refused
        if probes:
            rule = deciding.refusal_of_device(device, checks, mode=mode, now=now or timezone.now())
            if not rule:
                person, rule = _decide(device, person_id, probes)
        return deciding.record(device, mode, person, rule)


def _decide(device: Device, person_id: uuid.UUID | None, probes: Sequence[Probe]) -> tuple[Person | None, str]:
    found, rule = _compare(device, person_id, probes)
    if found is None:
        return None, rule
    person = deciding.lock_cleared(device, found)
    return (None, answers.NOT_CLEARED) if person is None else (person, rule)


def _compare(device: Device, person_id: uuid.UUID | None, probes: Sequence[Probe]) -> tuple[uuid.UUID | None, str]:
    """Ask the templates of each model in turn, the present one first; the first that knows a face has the say.

    A near tie has it too: who it was between two people does not become clearer by an older model.
    """
    rule = answers.NOT_ENROLLED if person_id else answers.NO_MATCH
    for probe in probes:
        faces = cache.get(device.tenant, model_version=probe.model_version)
        if person_id is None:
            candidates = faces.nearest(probe.embedding)
        elif person_id in faces:
            candidates = faces.of_person(person_id, probe.embedding)
        else:
            continue
        found, rule = rules.decide(candidates, threshold=probe.threshold, margin=probe.margin)
        if rule != answers.NO_MATCH:
            return found, rule
    return None, rule
