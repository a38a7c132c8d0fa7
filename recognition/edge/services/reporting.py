"""What a terminal says about people at its door; somebody who is not of this property is recorded as an alarm."""

import uuid
from collections.abc import Sequence

from recognition.edge.kinds import AlarmKind
from recognition.edge.services.alarms import record_alarm
from recognition.matching import answers, deciding, reporting
from recognition.matching.answers import Answer
from recognition.matching.reporting import Reported, Taken
from tenants.organizations.scoping import tenant_context
from tenants.premises.kinds import DeviceMode
from tenants.premises.models import Device


def take_events(*, device: Device, events: Sequence[Reported], address: str = "") -> Taken:
    """Keep what a terminal reports (docs/device-protocol.md, 5). Called outside a transaction."""
    with tenant_context(device.tenant_id):
        taken = reporting.record_reported(device=device, events=events)
    named = {event.id for event in events if event.person}
    if any(code == reporting.UNKNOWN_PERSON and event in named for event, code in taken.refused):
        record_alarm(device=device, kind=AlarmKind.FOREIGN_PERSON, address=address)
    return taken


def decide(*, device: Device, person_id: uuid.UUID, mode: DeviceMode | str, address: str = "") -> Answer:
    """Answer a terminal that has recognised somebody by itself. Called outside a transaction."""
    answer = deciding.decide(device=device, person_id=person_id, mode=mode)
    if answer.rule == answers.NOT_ENROLLED:
        record_alarm(device=device, kind=AlarmKind.FOREIGN_PERSON, address=address)
    return answer
