"""The daily mail: one a day for each member, at the hour they chose, over all their properties; never an empty one."""

import logging
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from portal.security.alerts.places import place
from portal.telling import letters
from tenants.organizations.models import Membership, Notification, NotificationSettings, User
from tenants.organizations.news import ABOUT, NotificationKind, Way
from tenants.organizations.roles import ROLE_PERMISSIONS, Role
from tenants.organizations.scoping import USER_SETTING, set_local
from tenants.people.kinds import PromptChannel
from tenants.people.senders import NotSent, Sender, sender_for

logger = logging.getLogger(__name__)

# Members in one turn; the next turn is minutes later.
MOST = 500


@dataclass(frozen=True)
class _Day:
    """One member's letter of this day, and what it tells of."""

    letter: letters.Letter
    ids: list[uuid.UUID]


def send_digests(*, now: datetime | None = None) -> int:
    """Write to everybody whose hour has come and who has something new; return how many letters left.

    A second run on the same Beijing day writes to nobody again.
    """
    sender = sender_for(PromptChannel.EMAIL)
    if sender is None:
        return 0
    left, now = 0, timezone.localtime(now)
    for user_id in _waiting(now):
        try:
            left += _send_to(sender, user_id, now.date())
        except Exception:
            logger.exception("A daily mail could not be written.")
    return left


def _waiting(now: datetime) -> list[uuid.UUID]:
    """Return the members for whom something waits whose hour has come and who had no mail today."""
    with place(None):
        new = Notification.objects.filter(way=Way.DIGEST, mailed_at=None, read_at=None).order_by()
        users = list(new.values_list("user_id", flat=True).distinct())
        saved = NotificationSettings.objects.in_bulk(users)
    wishes = [saved.get(user) or NotificationSettings(user_id=user) for user in users]
    due = [row.user_id for row in wishes if row.digest_hour <= now.hour and row.digest_on != now.date()]
    return due[:MOST]


def _send_to(sender: Sender, user_id: uuid.UUID, today: date) -> bool:
    day = _take_up(user_id, today)
    if day is None:
        return False
    try:
        sender.send(to=day.letter.to, subject=day.letter.subject, text=day.letter.text)
    except NotSent as problem:
        logger.warning("A daily mail was not sent: %s.", problem.reason)
        if problem.can_retry:
            NotificationSettings.objects.filter(pk=user_id).update(digest_on=None)
        return False
    with transaction.atomic():
        set_local(USER_SETTING, str(user_id))
        Notification.objects.filter(pk__in=day.ids).update(mailed_at=timezone.now())
    return True


@transaction.atomic
def _take_up(user_id: uuid.UUID, today: date) -> _Day | None:
    """Say that today's letter is written, and return it. A worker that dies now costs one day's mail, nothing else."""
    set_local(USER_SETTING, str(user_id))
    NotificationSettings.objects.get_or_create(user_id=user_id)
    wishes = NotificationSettings.objects.select_for_update(of=("self",)).get(pk=user_id)
    user = User.objects.get(pk=user_id)
    if wishes.digest_on == today:
        return None
    members = Membership.objects.filter(user=user, is_active=True).select_related("tenant").order_by("tenant__name")
    new = Notification.objects.filter(user=user, way=Way.DIGEST, mailed_at=None, read_at=None)
    rows = list(new.values_list("pk", "tenant_id", "kind"))
    parts = []
    for member in members if user.is_active else []:
        granted = ROLE_PERMISSIONS[Role(member.role)]
        counted = Counter(NotificationKind(kind) for _pk, tenant_id, kind in rows if tenant_id == member.tenant_id)
        counts = {
            kind: counted[kind] for kind in NotificationKind if counted[kind] and ABOUT[kind].permission in granted
        }
        if counts:
            parts.append(letters.Part(member.tenant, counts))
    if not parts:
        new.update(mailed_at=timezone.now())  # nobody who may still know: it waits for no letter
        return None
    wishes.digest_on = today
    wishes.save(update_fields=["digest_on"])
    letter = letters.digest(to=user.email, language=wishes.language, parts=parts)
    return _Day(letter, [pk for pk, _tenant_id, _kind in rows])
