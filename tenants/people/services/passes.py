"""Passes: issue, renew, stop. The way through a door without a face (Measures Art 10; PIPL 16).

Nothing here looks at a consent, a refusal, a request, arrears, a complaint or a face.
"""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.people import codes
from tenants.people.kinds import PassKind, PassState
from tenants.people.models import Pass, PassDoor, Person
from tenants.people.rules.passes import CARD_LENGTH, plain_card
from tenants.premises.models import AccessPoint


class Bounds(TypedDict, total=False):
    """Days and doors of a pass; without them it is valid every day at every door."""

    label: str
    valid_from: date | None
    valid_until: date | None
    doors: Iterable[AccessPoint]


@transaction.atomic
def issue_card(*, tenant: Property, person: Person, number: str, **bounds: Unpack[Bounds]) -> Pass:
    """Give a person a card; of its number only a keyed hash and the last four characters stay.

    Raises ValidationError: by field `number` when it cannot be a card's, or is in use here already.
    """
    _require_record(tenant, person)
    plain = plain_card(number)
    if len(plain) not in CARD_LENGTH:
        raise ValidationError(
            {"number": ValidationError(_("A card number has 6 to 32 letters and digits."), code="card_number")}
        )
    card_hash = codes.hash_card(tenant.pk, plain)
    if Pass.objects.filter(tenant=tenant, kind=PassKind.CARD, card_hash=card_hash, state=PassState.ACTIVE).exists():
        raise ValidationError(
            {"number": ValidationError(_("This card is in use already. Stop it there first."), code="card_taken")}
        )
    card = Pass(tenant=tenant, person=person, kind=PassKind.CARD, card_hash=card_hash, last4=plain[-4:])
    return _save(card, bounds)


@transaction.atomic
def issue_pin(*, tenant: Property, person: Person, **bounds: Unpack[Bounds]) -> tuple[Pass, str]:
    """Give a person a PIN chosen by the system; return the pass with the PIN, which cannot be shown again.

    An earlier PIN stops. The personal number, which is no secret, stays the person's. Raises ValidationError.
    """
    person = _require_record(tenant, person)
    earlier = Pass.objects.filter(person=person, kind=PassKind.PIN).order_by("-created_at").first()
    _stop_earlier(person, PassKind.PIN)
    record = Pass(
        id=uuid.uuid4(),
        tenant=tenant,
        person=person,
        kind=PassKind.PIN,
        pass_number=earlier.pass_number if earlier else _free_number(tenant),
    )
    pin = codes.new_digits()
    record.pin_hash = codes.hash_pin(record.pk, pin)
    return _save(record, bounds), pin


@transaction.atomic
def issue_qr(*, tenant: Property, person: Person, **bounds: Unpack[Bounds]) -> Pass:
    """Give a person a rotating QR, drawn on their own page. An earlier one stops. Raises ValidationError."""
    person = _require_record(tenant, person)
    _stop_earlier(person, PassKind.QR)
    return _save(Pass(tenant=tenant, person=person, kind=PassKind.QR), bounds)


@transaction.atomic
def renew_qr(*, tenant: Property, pass_: Pass) -> Pass:
    """Make every code drawn so far worthless: for a page that somebody else may have seen. Raises ValidationError."""
    record = _locked(tenant, pass_)
    if record.kind != PassKind.QR or record.state != PassState.ACTIVE:
        raise ValidationError(_("This pass has no codes to renew."), code="wrong_state")
    record.generation += 1
    record.save()
    return record


@transaction.atomic
def stop(*, tenant: Property, pass_: Pass) -> Pass:
    """End a pass at once, for good; a new one can be issued. Stopping twice changes nothing."""
    record = _locked(tenant, pass_)
    if record.state != PassState.STOPPED:
        record.state, record.stopped_at = PassState.STOPPED, timezone.now()
        record.save()
    return record


def _require_record(tenant: Property, person: Person) -> Person:
    """Lock the person, so that two desks do not issue at once; a record that was erased gets no new pass."""
    require_same_tenant(tenant, person)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.erased_at:
        raise ValidationError(_("This person's record was erased."), code="erased")
    return person


def _locked(tenant: Property, pass_: Pass) -> Pass:
    require_same_tenant(tenant, pass_)
    return Pass.objects.select_for_update().get(pk=pass_.pk)


def _stop_earlier(person: Person, kind: PassKind) -> None:
    for earlier in Pass.objects.select_for_update().filter(person=person, kind=kind, state=PassState.ACTIVE):
        earlier.state, earlier.stopped_at = PassState.STOPPED, timezone.now()
        earlier.save()


def _free_number(tenant: Property) -> str:
    """Return a personal number that nobody has or had here."""
    while True:
        number = codes.new_digits()
        if not Pass.objects.filter(tenant=tenant, kind=PassKind.PIN, pass_number=number).exists():
            return number


def _save(record: Pass, bounds: Bounds) -> Pass:
    doors = list({door.pk: door for door in bounds.get("doors", ())}.values())  # a door named twice is one door
    require_same_tenant(record.tenant, *doors)
    record.label = bounds.get("label", "")
    record.valid_from, record.valid_until = bounds.get("valid_from"), bounds.get("valid_until")
    record.is_for_all_doors = not doors
    record.full_clean()
    record.save()
    for door in doors:
        PassDoor(tenant=record.tenant, credential=record, access_point=door).save()
    return record
