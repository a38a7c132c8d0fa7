"""Letters at once: what waits for one member in one property leaves together, within a minute of it.

The network stands between two transactions, so that no lock waits for it. The first one counts the attempt and books
the next; the second one writes down that it left. A worker that dies in between costs at worst a second letter.
"""

import logging
import uuid
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from portal.security.alerts.places import place
from portal.telling import letters
from tenants.organizations.models import Membership, Notification, Property
from tenants.organizations.news import ABOUT, NotificationKind
from tenants.organizations.roles import ROLE_PERMISSIONS, Role
from tenants.organizations.scoping import tenant_context
from tenants.organizations.services.notifications import wishes_of
from tenants.people.kinds import PromptChannel
from tenants.people.senders import NotSent, Sender, sender_for

logger = logging.getLogger(__name__)

# Each attempt is followed by its pause; after the last one it stays in the page alone.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 480))
# Members in one turn; the next turn is a minute later.
MOST = 200


def send_at_once(*, now: datetime | None = None) -> int:
    """Send what waits, one letter for each member and property; return how many left."""
    sender = sender_for(PromptChannel.EMAIL)
    if sender is None:
        return 0
    left, now = 0, now or timezone.now()
    for tenant_id, user_id in _waiting(now):
        try:
            left += _send_to(sender, tenant_id, user_id, now)
        except Exception:
            logger.exception("A letter of property %s could not be written.", tenant_id)
    return left


def _waiting(now: datetime) -> list[tuple[uuid.UUID, uuid.UUID]]:
    with place(None):
        due = Notification.objects.filter(next_try_at__lte=now).order_by()
        return list(due.values_list("tenant_id", "user_id").distinct()[:MOST])


def _send_to(sender: Sender, tenant_id: uuid.UUID, user_id: uuid.UUID, now: datetime) -> bool:
    with tenant_context(tenant_id):
        letter, ids = _take_up(tenant_id, user_id, now)
    if letter is None:
        return False
    try:
        sender.send(to=letter.to, subject=letter.subject, text=letter.text)
    except NotSent as problem:
        logger.warning("A letter to a member was not sent: %s.", problem.reason)
        if not problem.can_retry:
            _end(tenant_id, ids, mailed=False)
        return False
    _end(tenant_id, ids, mailed=True)
    return True


def _take_up(tenant_id: uuid.UUID, user_id: uuid.UUID, now: datetime) -> tuple[letters.Letter | None, list[uuid.UUID]]:
    """Count an attempt at what is due for a member, and return the letter: None when they may not know any more."""
    rows = Notification.objects.filter(tenant=tenant_id, user=user_id, next_try_at__lte=now)
    told = list(rows.select_for_update(skip_locked=True, of=("self",)).order_by("created_at", "pk"))
    ids = [row.pk for row in told]
    members = Membership.objects.filter(tenant=tenant_id, user=user_id, is_active=True, user__is_active=True)
    member = members.select_related("user", "tenant").first()
    granted = ROLE_PERMISSIONS[Role(member.role)] if member else frozenset()
    told = [row for row in told if ABOUT[NotificationKind(row.kind)].permission in granted]
    if member is None or not told:
        Notification.objects.filter(pk__in=ids).update(next_try_at=None)
        return None, []
    Notification.objects.filter(pk__in=ids).update(
        attempts=F("attempts") + 1, next_try_at=now + PAUSES[min(told[0].attempts, len(PAUSES) - 1)]
    )
    Notification.objects.filter(pk__in=ids, attempts__gt=len(PAUSES)).update(next_try_at=None)
    language = wishes_of([user_id])[user_id].language
    tenant = Property.objects.get(pk=tenant_id)
    return letters.at_once(to=member.user.email, language=language, tenant=tenant, told=told), ids


def _end(tenant_id: uuid.UUID, ids: list[uuid.UUID], *, mailed: bool) -> None:
    with tenant_context(tenant_id):
        rows = Notification.objects.filter(pk__in=ids)
        rows.update(next_try_at=None, mailed_at=timezone.now() if mailed else None)
