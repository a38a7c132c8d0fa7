"""Asking somebody who did not start it: never after a no, and never twice in 48 hours.

NDSMR 22(5) forbids to ask again and again after a clear refusal; GB/T 41819 calls more than once in 48 hours
"frequent". The service says so, and not only the page, so that no channel can forget it.
"""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import require_same_tenant
from tenants.people.kinds import (
    ConsentPurpose,
    ConsentStatus,
    InvitationReason,
    InvitationState,
    LinkReason,
    PromptChannel,
)
from tenants.people.models import Guardian, Invitation, Person, PromptRecord
from tenants.people.services.asking import require_may_be_asked
from tenants.people.services.consents import consent_statuses
from tenants.people.services.links import issue_link
from tenants.people.services.persons import lock_together
from tenants.transparency.models import Notice

PAUSE = timedelta(hours=48)
REFUSED = frozenset({ConsentStatus.DECLINED, ConsentStatus.WITHDRAWN})
_REACHED_NOBODY = Q(state__in=[InvitationState.FAILED, InvitationState.GIVEN_UP]) & (
    Q(attempts=0) | Q(attempts=1, reason=InvitationReason.REFUSED)
)


def prompted_recently(
    *, person: Person, purpose: ConsentPurpose | str, now: datetime, child: Person | None = None
) -> bool:
    """Say whether this person was asked about this purpose, for themselves or for a child, in the last 48 hours.

    A message counts again when it goes out, and not at all when it surely reached nobody. One message may ask
    several questions, all written down at its moment.
    """
    return _asked_lately(now).filter(person=person, child=child, purpose=purpose).exists()


def asked_lately(*, people: Collection[uuid.UUID], now: datetime) -> set[tuple[uuid.UUID, str]]:
    """Return who of these was asked about what for themselves in the last 48 hours. One query."""
    asked = _asked_lately(now).filter(person__in=people, child=None)
    return set(asked.values_list("person_id", "purpose"))


def _asked_lately(now: datetime) -> QuerySet[PromptRecord]:
    message = Invitation.objects.filter(person=OuterRef("person"), asked_at=OuterRef("prompted_at"))
    lately = Q(prompted_at__gt=now - PAUSE) | Exists(message.filter(sent_at__gt=now - PAUSE))
    return PromptRecord.objects.filter(lately).exclude(Exists(message.filter(_REACHED_NOBODY)))


def open_questions(*, person: Person, child: Person | None = None) -> list[ConsentPurpose]:
    """Return what nobody has agreed to yet, for the person or for a child that the person answers for.

    Raises ValidationError when one of it was refused (`refused_before`), nothing is left to ask (`nothing_to_ask`),
    there is nothing to read yet (`no_notice`), and as `asking.require_may_be_asked`. Also for a message under way.
    """
    whose = child or person
    require_may_be_asked(tenant=person.tenant, person=whose, guardian=_guardianship(person, child))
    if Notice.objects.filter(tenant=person.tenant_id).current() is None:
        raise ValidationError(_("There is no notice to read yet. Publish it first, then ask."), code="no_notice")
    statuses = consent_statuses(whose)
    if REFUSED & set(statuses.values()):
        raise ValidationError(
            _("This person said no. Nobody asks again; only the person can start it."), code="refused_before"
        )
    wanted = [purpose for purpose, status in statuses.items() if status != ConsentStatus.AGREED]
    if not wanted:
        raise ValidationError(_("Everything is answered already, so there is nothing to ask."), code="nothing_to_ask")
    return wanted


def require_may_prompt(*, person: Person, child: Person | None = None) -> list[ConsentPurpose]:
    """Return the open questions. Raises ValidationError when nobody may ask them now.

    The codes are `asked_recently`, and those of `open_questions`.
    """
    wanted, now = open_questions(person=person, child=child), timezone.now()
    if any(prompted_recently(person=person, child=child, purpose=purpose, now=now) for purpose in wanted):
        raise ValidationError(
            _("This person was asked within the last 48 hours. Wait, or let the person come to you."),
            code="asked_recently",
        )
    return wanted


@transaction.atomic
def record(*, person: Person, channel: PromptChannel | str, child: Person | None = None) -> list[PromptRecord]:
    """Write down that every open question is being asked now. Raises ValidationError when nobody may."""
    lock_together([row.pk for row in (person, child) if row is not None])
    person = Person.objects.select_related("tenant").get(pk=person.pk)
    child = Person.objects.select_related("tenant").get(pk=child.pk) if child else None
    rows, now = [], timezone.now()
    for purpose in require_may_prompt(person=person, child=child):
        row = PromptRecord(
            tenant=person.tenant, person=person, child=child, purpose=purpose, channel=channel, prompted_at=now
        )
        row.full_clean()
        row.save()
        rows.append(row)
    return rows


@transaction.atomic
def invite(
    *,
    tenant: Property,
    person: Person,
    made_by: User,
    channel: PromptChannel | str = PromptChannel.DESK,
    child: Person | None = None,
) -> str:
    """Make a personal link that invites somebody to answer, and return its secret. Raises ValidationError.

    `child`: a guardian is invited to answer for this child, whatever they said about themselves. Whoever asks for a
    link by themselves gets one from `links.issue_link`, whatever they answered before.
    """
    require_same_tenant(tenant, person, child)
    record(person=person, child=child, channel=channel)
    return issue_link(tenant=tenant, person=person, reason=LinkReason.INVITATION, made_by=made_by)


def _guardianship(person: Person, child: Person | None) -> Guardian | None:
    """Return on what ground the person answers for the child. Raises ValidationError for anybody else's child."""
    if child is None:
        return None
    row = Guardian.objects.filter(guardian=person, child=child, ended_at__isnull=True).first()
    if row is None:
        raise ValidationError(_("This guardian does not answer for this child."), code="not_the_guardian")
    return row
