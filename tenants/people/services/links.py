"""Personal links. A visit by such a link is the only proof that the person, not staff, is deciding."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import require_same_tenant
from tenants.people.kinds import LinkReason
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
def issue_link(*, tenant: Property, person: Person, reason: LinkReason | str, made_by: User) -> str:
    """Make the personal link's secret and return it; earlier links stop. It cannot be shown again.

    Why it was made, and by which member, stays with it: after a no only the person can start (NDSMR 22(5)).

    Asks nobody anything: a link that invites somebody to answer is `prompts.invite`.
    """
    link, token = prepare_link(tenant=tenant, person=person, reason=reason, made_by=made_by)
    for earlier in PersonalLink.objects.filter(person=person, revoked_at__isnull=True).exclude(pk=link.pk):
        stop_link(link=earlier)
    return token


@transaction.atomic
def prepare_link(
    *, tenant: Property, person: Person, reason: LinkReason | str, made_by: User
) -> tuple[PersonalLink, str]:
    """Make a link beside the earlier ones, for a message that may not arrive, and return it with its secret.

    `stop_earlier_links` follows when the message has gone out, `stop_link` when it has not.
    """
    require_same_tenant(tenant, person)
    if person.erased_at:
        raise ValidationError(_("This person's record was erased."), code="erased")
    if person.died_on:
        raise ValidationError(_("This person has died; nobody answers for them by a link."), code="died")
    token = secrets.token_urlsafe(24)
    link = PersonalLink(
        tenant=tenant,
        person=person,
        token_hash=_hash(token),
        reason=LinkReason(reason),
        made_by=made_by,
        expires_at=timezone.now() + LIFETIME,
    )
    link.save()
    return link, token


@transaction.atomic
def stop_earlier_links(*, link: PersonalLink) -> None:
    """Stop what was made before this link. One made since, at the desk, is newer and lives on."""
    earlier = PersonalLink.objects.filter(
        person=link.person_id, revoked_at__isnull=True, created_at__lt=link.created_at
    )
    for row in earlier:
        stop_link(link=row)


@transaction.atomic
def stop_link(*, link: PersonalLink) -> None:
    """Stop one link at once. Stopped or erased already: nothing changes."""
    row = PersonalLink.objects.select_for_update().filter(pk=link.pk, revoked_at__isnull=True).first()
    if row is not None:
        row.revoked_at = timezone.now()
        row.save()


def open_link(*, tenant: Property, token: str) -> Visit:
    """Return the visit that a secret allows. Raises PersonalLink.DoesNotExist, or its LinkOver."""
    link = PersonalLink.objects.select_related("person__identity").get(tenant=tenant, token_hash=_hash(token))
    if link.revoked_at is not None or link.expires_at <= timezone.now():
        raise LinkOver
    return Visit(tenant=tenant, person=link.person, link=link)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
