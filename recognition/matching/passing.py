"""A pass at a door: asked of people, and written down as a door event."""

from django.db import transaction
from django.utils import timezone

from recognition.matching.answers import Answer
from recognition.matching.models import DoorEvent
from tenants.people.kinds import PassKind
from tenants.people.services.passing import check
from tenants.premises.models import Device


@transaction.atomic
def try_pass(
    *, device: Device, kind: PassKind | str, card: str = "", number: str = "", pin: str = "", qr: str = ""
) -> Answer:
    """Answer one card, PIN or QR and record it, in one transaction: a code that is used up has its event.

    The event holds neither the number nor the code, and names a person only when a live pass was proved.
    """
    answer = check(device=device, kind=kind, card=card, number=number, pin=pin, qr=qr)
    event = DoorEvent(
        tenant_id=device.tenant_id,
        device=device,
        person_id=answer.person_id,
        method=PassKind(kind).value,
        is_allowed=answer.allowed,
        rule=answer.rule,
        at=timezone.now(),
    )
    event.save()
    return Answer(allowed=answer.allowed, rule=answer.rule, event=str(event.pk))
