"""Asking somebody who did not start it: never after a no, and never twice in 48 hours.

NDSMR 22(5) forbids to ask again and again after a clear refusal; GB/T 41819 calls more than once in 48 hours
"frequent". The service says so, and not only the page, so that no channel can forget it.
"""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.people.kinds import ConsentPurpose, ConsentStatus, PromptChannel
from tenants.people.models import Person, PromptRecord
from tenants.people.services.consents import consent_statuses, require_may_be_asked
from tenants.people.services.links import issue_link

PAUSE = timedelta(hours=48)
REFUSED = frozenset({ConsentStatus.DECLINED, ConsentStatus.WITHDRAWN})


def prompted_recently(*, person: Person, purpose: ConsentPurpose | str, now: datetime) -> bool:
    """Say whether this person was asked about this purpose in the last 48 hours."""
    return PromptRecord.objects.filter(person=person, purpose=purpose, prompted_at__gt=now - PAUSE).exists()


def require_may_prompt(*, person: Person, purpose: ConsentPurpose | str) -> None:
    """Raise ValidationError when nobody may ask: refused before, asked lately, or not this person's to answer.

    The codes are `refused_before`, `asked_recently`, and those of `consents.require_may_be_asked`.
    """
    require_may_be_asked(tenant=person.tenant, person=person)
    if consent_statuses(person).get(ConsentPurpose(purpose)) in REFUSED:
        raise ValidationError(
            _("This person said no. Nobody asks again; only the person can start it."), code="refused_before"
        )
    if prompted_recently(person=person, purpose=purpose, now=timezone.now()):
        raise ValidationError(
            _("This person was asked within the last 48 hours. Wait, or let the person come to you."),
            code="asked_recently",
        )


@transaction.atomic
def record(*, person: Person, purpose: ConsentPurpose | str, channel: PromptChannel | str) -> PromptRecord:
    """Write down that somebody is being asked now. Raises ValidationError when nobody may."""
    person = Person.objects.select_for_update(of=("self",)).select_related("tenant").get(pk=person.pk)
    require_may_prompt(person=person, purpose=purpose)
    row = PromptRecord(
        tenant=person.tenant, person=person, purpose=purpose, channel=channel, prompted_at=timezone.now()
    )
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def invite(*, tenant: Property, person: Person, channel: PromptChannel | str = PromptChannel.DESK) -> str:
    """Make a personal link that invites somebody to answer, and return its secret. Raises ValidationError.

    Whoever asks for a link by themselves gets one from `links.issue_link`, whatever they answered before.
    """
    require_same_tenant(tenant, person)
    record(person=person, purpose=ConsentPurpose.RECOGNITION, channel=channel)
    return issue_link(tenant=tenant, person=person)
