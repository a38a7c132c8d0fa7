"""Tell the owners of a property that erasures wait: after a day, and again after five (design.md, Rights).

The mark stands on the page from the commit on. The network is outside any transaction; a letter that could not
leave is tried again by the next sweep, because what was told is written down only afterwards.
"""

import logging
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from tenants.organizations.models import Membership, Property
from tenants.organizations.roles import Role
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import PromptChannel
from tenants.people.senders import NotSent, sender_for
from tenants.rights.models import Erasure
from tenants.rights.rules.erasing import ESCALATIONS, escalation

logger = logging.getLogger(__name__)
MOST = 500  # in one letter


@dataclass(frozen=True)
class Letter:
    """One letter to one owner. `told` maps an erasure to how often its owners have been told then."""

    to: str = field(repr=False)
    subject: str
    text: str
    told: dict[uuid.UUID, int]


def late(*, tenant_id: uuid.UUID, now: datetime) -> QuerySet[Erasure]:
    """Return the open orders of which the owners should have been told oftener by now."""
    due = Q()
    for told, limit in enumerate(ESCALATIONS):
        due |= Q(told=told, ordered_at__lte=now - limit)
    return Erasure.objects.filter(due, tenant=tenant_id, completed_at__isnull=True)


def letters(*, tenant_id: uuid.UUID, now: datetime) -> list[Letter]:
    """Mark what waits too long, and return the letters about it, one for each owner. The context is entered."""
    # What is not marked yet comes first: while no letter can leave, the marks go on.
    rows = late(tenant_id=tenant_id, now=now).order_by(F("escalated_at").asc(nulls_first=True), "ordered_at")
    waiting = list(rows.select_for_update(skip_locked=True, of=("self",))[:MOST])
    for row in waiting:
        if row.escalated_at is None:
            row.escalated_at = now
            row.save(update_fields=["escalated_at"])
    if not waiting:
        return []
    tenant = Property.objects.get(pk=tenant_id)
    owners = Membership.objects.filter(tenant=tenant_id, role=Role.OWNER, is_active=True, user__is_active=True)
    told = {row.pk: escalation(ordered_at=row.ordered_at, now=now) for row in waiting}
    days = (now - min(row.ordered_at for row in waiting)).days
    subject, text = _words(tenant, count=len(waiting), days=days)
    return [Letter(to, subject, text, told) for to in sorted(set(owners.values_list("user__email", flat=True)))]


def send(letters: list[Letter], *, tenant_id: uuid.UUID) -> None:
    """Send the letters, and write down that the owners were told when one has left, or when mail is not offered."""
    sender = sender_for(PromptChannel.EMAIL)
    left = sender is None
    for letter in letters:
        if sender is None:
            break
        try:
            sender.send(to=letter.to, subject=letter.subject, text=letter.text)
            left = True
        except NotSent:
            logger.warning("An owner of property %s could not be told that erasures wait.", tenant_id)
    if not left:
        return
    with tenant_context(tenant_id):
        for pk, level in letters[0].told.items():
            Erasure.objects.filter(pk=pk, told__lt=level).update(told=level)


def _words(tenant: Property, *, count: int, days: int) -> tuple[str, str]:
    """Return subject and text, in Chinese as every letter of the portal to its members. It names nobody."""
    address = f"{settings.PUBLIC_URL}{reverse('erasures', args=[tenant.slug])}?state=pending"
    with override(settings.LANGUAGE_CODE):
        subject = _("Erasures wait: %(property)s") % {"property": tenant.display_name}
        text = _(
            "%(count)s erasures of %(property)s are not complete; the oldest was ordered %(days)s days ago.\n"
            "Mostly a door terminal is switched off or cut off. Switch it on; it then deletes the face by itself. "
            "When it is lost, one member declares it lost and a second one confirms it.\n%(address)s"
        )
        values = {"count": count, "property": tenant.display_name, "days": days, "address": address}
        return subject, text % values
