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
from tenants.people.models import Person, PersonalLink

LIFETIME = timedelta(days=365)


@dataclass(frozen=True)
class Visit:
    """A person at their own page. Only `open_link` makes one, from a valid secret."""

    tenant: Property
    person: Person
    link: PersonalLink


@transaction.atomic
def issue_link(*, tenant: Property, person: Person) -> str:
    """Make the personal link's secret and return it; earlier links stop. It cannot be shown again."""
    require_same_tenant(tenant, person)
    if person.erased_at:
        raise ValidationError(_("This person's record was erased."), code="erased")
    for link in PersonalLink.objects.filter(person=person, revoked_at__isnull=True):
        link.revoked_at = timezone.now()
        link.save()
    token = secrets.token_urlsafe(24)
    PersonalLink(tenant=tenant, person=person, token_hash=_hash(token), expires_at=timezone.now() + LIFETIME).save()
    return token


def open_link(*, tenant: Property, token: str) -> Visit:
    """Return the visit that a secret allows. Raises PersonalLink.DoesNotExist."""
    link = PersonalLink.objects.select_related("person").get(
        tenant=tenant, token_hash=_hash(token), revoked_at__isnull=True, expires_at__gt=timezone.now()
    )
    return Visit(tenant=tenant, person=link.person, link=link)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
