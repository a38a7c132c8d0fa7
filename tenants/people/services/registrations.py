"""Registering oneself: the desk makes a ticket, and one person writes in who they are with it.

A ticket opens this one form. It asks nothing about a face, makes no consent, and leads to the person's own page,
where the notice is read first (PIPL 14, 17; Measures Arts 5, 10). Whoever hands it out still looks who the person is.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import require_same_tenant
from tenants.people.kinds import AgeBand, LinkReason, PersonKind, RegistrationState
from tenants.people.models import Person, Registration
from tenants.people.rules.ages import band_of
from tenants.people.services.links import issue_link
from tenants.people.services.persons import add_person

LIFETIME = timedelta(minutes=30)

# What whoever holds a ticket that is over is told to do.
OVER: dict[RegistrationState, Promise] = {
    RegistrationState.USED: _(
        "Somebody has registered with this code. If it was you, go on with your own page. "
        "If not, ask the desk for a code of your own."
    ),
    RegistrationState.CANCELLED: _("The desk has stopped this code. Ask there for a new one."),
    RegistrationState.EXPIRED: _("This code was valid for 30 minutes. Ask the desk for a new one."),
}


@dataclass(frozen=True)
class Registered:
    """Who registered, and the secret of their personal link. `is_new` is false for the same form sent again."""

    registration: Registration
    token: str
    is_new: bool


@transaction.atomic
def make_ticket(*, tenant: Property, made_by: User) -> tuple[Registration, str]:
    """Make a ticket for one person and return it with its secret, which cannot be shown again."""
    token = secrets.token_urlsafe(24)
    ticket = Registration(tenant=tenant, token_hash=_hash(token), made_by=made_by, expires_at=timezone.now() + LIFETIME)
    ticket.full_clean()
    ticket.save()
    return ticket, token


def find_ticket(*, tenant: Property, token: str) -> Registration:
    """Return the ticket of a secret, whatever became of it. Raises Registration.DoesNotExist."""
    return Registration.objects.get(tenant=tenant, token_hash=_hash(token))


@transaction.atomic
def register(
    *,
    tenant: Property,
    token: str,
    submission: str,
    name: str,
    kind: PersonKind | str,
    age_band: AgeBand | str,
    birth_date: date | None = None,
    room: str = "",
    phone: str = "",
    email: str = "",
    document: str = "",
) -> Registered:
    """Add the person who holds a ticket, once, and give them their personal link.

    `submission` is a secret of the one form that was filled in: sent again within the ticket's time, it leads the same
    person to the same page instead of refusing them. Raises Registration.DoesNotExist, and ValidationError for a ticket
    that is over (its code is the state), for a child under 14, without a way to be reached, and as `add_person`.
    """
    ticket = Registration.objects.select_for_update().get(tenant=tenant, token_hash=_hash(token))
    if ticket.person is not None and _is_sent_again(ticket, submission):
        return Registered(ticket, _link(ticket, ticket.person), is_new=False)
    if ticket.state in OVER:
        raise ValidationError(str(OVER[ticket.state]), code=ticket.state.value)
    if _is_a_child(age_band, birth_date):
        message = _(
            "Children under 14 are registered at the desk, together with a parent or guardian. Please go there."
        )
        raise ValidationError({"age_band": ValidationError(message, code="under_14")})
    if not phone and not email:
        raise ValidationError(_("Write a phone number or an e-mail address."), code="contact")
    try:
        person = add_person(
            tenant=tenant,
            name=name,
            kind=kind,
            age_band=age_band,
            birth_date=birth_date,
            room=room,
            phone=phone,
            email=email,
            document=document,
        )
    except ValidationError as broken:
        raise _discreet(broken) from broken
    ticket.person, ticket.used_at = person, timezone.now()
    ticket.submission_hash = _hash(submission) if submission else ""
    ticket.full_clean()
    ticket.save()
    return Registered(ticket, _link(ticket, person), is_new=True)


@transaction.atomic
def cancel(*, tenant: Property, registration: Registration) -> Registration:
    """Stop a ticket that was not used. Twice changes nothing. Raises ValidationError when it is over."""
    require_same_tenant(tenant, registration)
    ticket = Registration.objects.select_for_update().get(pk=registration.pk)
    if ticket.state == RegistrationState.CANCELLED:
        return ticket
    if ticket.state in OVER:
        raise ValidationError(_("This code was over already."), code=ticket.state.value)
    ticket.cancelled_at = timezone.now()
    ticket.full_clean()
    ticket.save()
    return ticket


def _is_a_child(age_band: AgeBand | str, birth_date: date | None) -> bool:
    """Say whether somebody is under 14, by their own word or by the date they gave."""
    try:
        band = band_of(birth_date, timezone.localdate())[0] if birth_date else age_band
    except ValueError:
        return False  # nobody alive was born then: refused beside its field
    return AgeBand.UNDER_14 in {band, age_band}


def _link(ticket: Registration, person: Person) -> str:
    return issue_link(tenant=ticket.tenant, person=person, reason=LinkReason.REGISTERED, made_by=ticket.made_by)


def _is_sent_again(ticket: Registration, submission: str) -> bool:
    # A form that came without a secret has no hash, and is therefore like no other.
    is_same = secrets.compare_digest(ticket.submission_hash, _hash(submission))
    return is_same and timezone.now() < ticket.expires_at


def _discreet(broken: ValidationError) -> ValidationError:
    """Return an error that does not tell a stranger who is on record here: whatever is taken, the desk says."""
    errors = [error for found in broken.error_dict.values() for error in found] if hasattr(broken, "error_dict") else []
    errors = errors or broken.error_list
    if any(str(error.code).endswith("_taken") for error in errors):
        return ValidationError(_("This cannot be finished here. Please ask at the desk."), code="ask_at_the_desk")
    return broken


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
