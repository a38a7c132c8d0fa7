"""Personal links. A visit by such a link is the only proof that the person, not staff, is deciding."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.people.models import Guardian, Person, PersonalLink

LIFETIME = timedelta(days=365)


@dataclass(frozen=True)
class Visit:
    """A person at their own page. Only `open_link` makes one, from a valid secret."""

    tenant: Property
    person: Person
    link: PersonalLink


@dataclass(frozen=True)
class GuardianVisit(Visit):
    """A guardian at a child's page. Only `guardians.open_for_child` makes one, from the guardian's own visit."""

    guardian: Guardian


class LinkOver(PersonalLink.DoesNotExist):
    """The secret was right once: its link has expired or was replaced by a newer one."""


@transaction.atomic
def issue_link(*, tenant: Property, person: Person) -> str:
    """Make the personal link's secret and return it; earlier links stop. It cannot be shown again.

    Asks nobody anything: a link that invites somebody to answer is `prompts.invite`.
    """
    require_same_tenant(tenant, person)
    if person.erased_at:
        raise ValidationError(_("This person's record was erased."), code="erased")
    if person.died_on:
        raise ValidationError(_("This person has died; nobody answers for them by a link."), code="died")
    for link in PersonalLink.objects.filter(person=person, revoked_at__isnull=True):
        link.revoked_at = timezone.now()
        link.save()
    token = secrets.token_urlsafe(24)
    PersonalLink(tenant=tenant, person=person, token_hash=_hash(token), expires_at=timezone.now() + LIFETIME).save()
    return token


def open_link(*, tenant: Property, token: str) -> Visit:
    """Return the visit that a secret allows. Raises PersonalLink.DoesNotExist, or its LinkOver."""
    link = PersonalLink.objects.select_related("person__identity").get(tenant=tenant, token_hash=_hash(token))
    if link.revoked_at is not None or link.expires_at <= timezone.now():
        raise LinkOver
    return Visit(tenant=tenant, person=link.person, link=link)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
