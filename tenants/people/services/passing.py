"""May this pass open this door now? Asked by terminals, also while their face is suspended.

Nothing here looks at a consent, a refusal, a request, arrears, a complaint or a face (Measures Art 10; PIPL 16).
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.people import codes
from tenants.people.attempts import Attempts, CannotCount
from tenants.people.kinds import PassKind, PassState
from tenants.people.models import Pass, PassDoor, Person
from tenants.people.rules import passes as rules
from tenants.premises.kinds import DeviceState
from tenants.premises.models import AccessMethod, Device

WRONG_PINS = Attempts("pins", count=5, seconds=900)
# Whoever photographed an old code knows the pass and still has to guess six digits.
WRONG_CODES = Attempts("codes", count=20, seconds=900)


@dataclass(frozen=True)
class PassAnswer:
    """Open or not, by which rule, and whose pass it was: None unless a live pass was proved."""

    allowed: bool
    rule: str
    person_id: uuid.UUID | None = None


@transaction.atomic
def check(
    *,
    device: Device,
    kind: PassKind | str,
    card: str = "",
    number: str = "",
    pin: str = "",
    qr: str = "",
    now: datetime | None = None,
) -> PassAnswer:
    """Answer a door about one card, one personal number with its PIN, or one QR.

    A QR's code is used up by the answer that opens; of two doors asking at once with the same code one
    is told no. Raises ValueError for an unknown kind.
    """
    kind, now = PassKind(kind), now or timezone.now()
    if device.state == DeviceState.RETIRED:
        return PassAnswer(allowed=False, rule=rules.DEVICE_RETIRED)
    here = timezone.localtime(now)
    if refusal := rules.method_refusal(_method(device, kind), at=here.time()):
        return PassAnswer(allowed=False, rule=refusal)
    if kind == PassKind.CARD:
        found, step = _by_card(device, card), None
        refusal = "" if found else rules.UNKNOWN_CARD
    elif kind == PassKind.PIN:
        found, refusal = _by_pin(device, number, pin)
        step = None
    else:
        found, step, refusal = _by_qr(device, qr, now)
    if found is None:
        return PassAnswer(allowed=False, rule=refusal)
    refusal = rules.pass_refusal(_facts(found, device), today=here.date())
    if not refusal and step is not None and not _use_up(found, step):
        refusal = rules.USED_CODE
    # A card that was stopped is probably in other hands: its use is not the person's.
    person_id = None if found.state == PassState.STOPPED else found.person_id
    return PassAnswer(allowed=not refusal, rule=refusal or rules.ALLOWED, person_id=person_id)


@transaction.atomic
def prove_code(*, tenant: Property, person: Person, code: str, now: datetime | None = None) -> PassAnswer:
    """Answer a staffed desk to which a person reads out the number under their QR. A right one is used up."""
    require_same_tenant(tenant, person)
    now = now or timezone.now()
    found = Pass.objects.filter(person=person, kind=PassKind.QR, state=PassState.ACTIVE).first()
    if found is None:
        return PassAnswer(allowed=False, rule=rules.WRONG_CODE)
    step, refusal = _proved(found, rules.plain_digits(code), place="desk", now=now)
    if step is None:
        return PassAnswer(allowed=False, rule=refusal)
    facts = rules.PassFacts(found.state, found.valid_from, found.valid_until, opens_this_door=True)
    refusal = rules.pass_refusal(facts, today=timezone.localdate(now))
    if not refusal and not _use_up(found, step):
        refusal = rules.USED_CODE
    return PassAnswer(allowed=not refusal, rule=refusal or rules.ALLOWED, person_id=person.pk)


def _method(device: Device, kind: PassKind) -> rules.MethodFacts | None:
    row = AccessMethod.objects.filter(access_point_id=device.access_point_id, kind=kind.value).first()
    if row is None:
        return None
    return rules.MethodFacts(row.is_live, row.opens_at, row.closes_at)


def _facts(found: Pass, device: Device) -> rules.PassFacts:
    here = (
        found.is_for_all_doors
        or PassDoor.objects.filter(credential=found, access_point_id=device.access_point_id).exists()
    )
    return rules.PassFacts(found.state, found.valid_from, found.valid_until, opens_this_door=here)


def _by_card(device: Device, card: str) -> Pass | None:
    rows = Pass.objects.filter(
        tenant_id=device.tenant_id, kind=PassKind.CARD, card_hash=codes.hash_card(device.tenant_id, card)
    )
    return rows.order_by("state", "-created_at").first()  # an active one before those that were stopped


def _by_pin(device: Device, number: str, pin: str) -> tuple[Pass | None, str]:
    """Find a PIN's pass. Fails closed while guesses cannot be counted; the card and the desk go on."""
    number, pin = rules.plain_digits(number), rules.plain_digits(pin)
    who = f"{device.access_point_id}:{number}"
    try:
        if not WRONG_PINS.take(who):
            return None, rules.TOO_MANY_PINS
    except CannotCount:
        return None, rules.PIN_UNAVAILABLE
    rows = Pass.objects.filter(
        tenant_id=device.tenant_id, kind=PassKind.PIN, pass_number=number, state=PassState.ACTIVE
    )
    found = rows.first()
    if not codes.proves_pin(found.pk if found else None, pin, found.pin_hash if found else ""):
        return None, rules.WRONG_PIN
    WRONG_PINS.forget(who)
    return found, ""


def _by_qr(device: Device, text: str, now: datetime) -> tuple[Pass | None, int | None, str]:
    read = codes.read_qr(text)
    found = Pass.objects.filter(tenant_id=device.tenant_id, kind=PassKind.QR, pk=read[0]).first() if read else None
    if read is None or found is None:
        return None, None, rules.WRONG_CODE
    step, refusal = _proved(found, read[1], place=str(device.access_point_id), now=now)
    return (None if step is None else found), step, refusal


def _proved(found: Pass, code: str, *, place: str, now: datetime) -> tuple[int | None, str]:
    """Return the step whose code this is, or why there is none; guesses at one place are counted."""
    who = f"{place}:{found.pk}"
    try:
        if not WRONG_CODES.take(who):
            return None, rules.TOO_MANY_CODES
    except CannotCount:
        pass  # a right to pass must not depend on a cache; the pass's id is 122 random bits
    step = codes.proved_step(found.pk, found.generation, code, at=now)
    if step is None:
        return None, rules.WRONG_CODE
    WRONG_CODES.forget(who)
    return step, ""


def _use_up(found: Pass, step: int) -> bool:
    """Take the code for this answer; the database lets one of two. Not a change of the record, so not audited.

    A pass that was stopped or renewed since it was read has no code any more.
    """
    live = Pass.objects.filter(pk=found.pk, state=PassState.ACTIVE, generation=found.generation)
    return live.filter(last_step__lt=step).update(last_step=step) == 1
