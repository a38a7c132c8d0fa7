"""Who is told of an alert, and how: mail to those who handle alerts, a text message to the phone on duty, a webhook.

In a storm nobody gets a letter for each: after MOST_AN_HOUR of them the rest comes together, once an hour.
"""

import logging
import uuid
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from portal.security.alerts.kinds import Channel, Severity
from portal.security.models import Alert, AlertDelivery, AlertSettings
from portal.security.webhooks import messages
from portal.security.webhooks.events import Event
from tenants.organizations.models import Membership, User
from tenants.organizations.news import NotificationKind, Way
from tenants.organizations.roles import ROLE_PERMISSIONS, Permission, Role
from tenants.organizations.services import notifications
from tenants.people import senders
from tenants.people.kinds import PromptChannel

logger = logging.getLogger(__name__)

MOST_AN_HOUR = 10
HOUR = timedelta(hours=1)
HANDLERS = [role for role in Role if Permission.HANDLE_ALERTS in ROLE_PERMISSIONS[role]]


def tell(alert: Alert) -> None:
    """Write the messages of one alert, to be sent after the commit. The context of its property is entered.

    A machine that listens hears of each; people hear of the rest later, together.
    """
    wishes = AlertSettings.objects.filter(tenant=alert.tenant).first()
    _one_at_a_time(alert.tenant)
    if alert.tenant is not None:
        messages.write(tenant_id=alert.tenant, event=Event.ALERT, said=messages.of_alert(alert), alert=alert)
    if _letters_lately(alert.tenant) < MOST_AN_HOUR:
        _write_to_people(alert.tenant, wishes, is_urgent=alert.severity == Severity.HIGH, alert=alert)
        alert.told_at = timezone.now()
        _show(alert.tenant, _kind(is_urgent=alert.severity == Severity.HIGH), alert=alert)
    else:
        alert.told_at = None
    alert.save(update_fields=["told_at"])
    queue(alert.tenant)


def summarise(tenant_id: uuid.UUID | None) -> None:
    """Tell together of what nobody was told of yet, at most once an hour. The context is entered."""
    _one_at_a_time(tenant_id)
    waiting = list(Alert.objects.select_for_update(of=("self",)).filter(tenant=tenant_id, told_at__isnull=True))
    earlier = AlertDelivery.objects.filter(tenant=tenant_id, more__gt=0, created_at__gt=timezone.now() - HOUR)
    if not waiting or earlier.exists():
        return
    wishes = AlertSettings.objects.filter(tenant=tenant_id).first()
    is_urgent = any(alert.severity == Severity.HIGH for alert in waiting)
    _write_to_people(tenant_id, wishes, is_urgent=is_urgent, more=len(waiting))
    _show(tenant_id, NotificationKind.ALERT, alert=None)
    Alert.objects.filter(pk__in=[alert.pk for alert in waiting]).update(told_at=timezone.now())


def queue(tenant_id: uuid.UUID | None) -> None:
    """Have a worker send what waits after the commit. A broker that is down loses nothing: the sweep sends it."""
    from portal.security.alerts.tasks import deliver_alerts

    def send() -> None:
        try:
            deliver_alerts.apply_async(args=(str(tenant_id or ""),))
        except OperationalError:
            logger.warning("The queue cannot be reached; messages about alerts wait for the next sweep.")

    transaction.on_commit(send)


def handlers(tenant_id: uuid.UUID | None) -> list[User]:
    """Return who handles alerts: those of this property with the right, or platform staff."""
    if tenant_id is None:
        return list(User.objects.filter(is_staff=True, is_active=True).order_by("email"))
    members = Membership.objects.filter(tenant=tenant_id, role__in=HANDLERS, is_active=True, user__is_active=True)
    return [member.user for member in members.select_related("user").order_by("user__email")]


def _write_to_people(
    tenant_id: uuid.UUID | None,
    wishes: AlertSettings | None,
    *,
    is_urgent: bool,
    alert: Alert | None = None,
    more: int = 0,
) -> None:
    offered = senders.channels()
    if PromptChannel.EMAIL in offered:
        for user in _mailed(tenant_id, is_urgent=is_urgent):
            _write(tenant_id, Channel.EMAIL, alert=alert, more=more, member=user)
    if is_urgent and wishes and wishes.phone and PromptChannel.SMS in offered:
        _write(tenant_id, Channel.SMS, alert=alert, more=more)


def _mailed(tenant_id: uuid.UUID | None, *, is_urgent: bool) -> list[User]:
    """Return of those who handle alerts who wants a letter at once. Owners cannot do without one of a high alert."""
    users = handlers(tenant_id)
    if tenant_id is None:
        return users
    wishes = notifications.wishes_of([user.pk for user in users])
    owning = Membership.objects.filter(tenant=tenant_id, role=Role.OWNER, is_active=True)
    owners = set(owning.values_list("user_id", flat=True))
    kind = _kind(is_urgent=is_urgent)
    return [user for user in users if wishes[user.pk].way(kind, is_owner=user.pk in owners) == Way.AT_ONCE]


def _kind(*, is_urgent: bool) -> NotificationKind:
    return NotificationKind.ALERT_HIGH if is_urgent else NotificationKind.ALERT


def _show(tenant_id: uuid.UUID | None, kind: NotificationKind, *, alert: Alert | None) -> None:
    """Say it in the page as well; of the platform's own alerts its admin speaks."""
    if tenant_id is not None:
        at = alert.last_at if alert else timezone.now()
        notifications.tell(tenant=tenant_id, kind=kind, subject=alert, occasion=at.isoformat())


def _write(
    tenant_id: uuid.UUID | None,
    channel: Channel,
    *,
    alert: Alert | None,
    more: int = 0,
    member: User | None = None,
) -> AlertDelivery:
    return AlertDelivery.objects.create(
        tenant=tenant_id, channel=channel, alert=alert, more=more, member=member, next_try_at=timezone.now()
    )


def _letters_lately(tenant_id: uuid.UUID | None) -> int:
    """Count the alerts of which people were told one by one within the last hour."""
    lately = AlertDelivery.objects.filter(tenant=tenant_id, alert__isnull=False, created_at__gt=timezone.now() - HOUR)
    return lately.exclude(channel=Channel.WEBHOOK).values("alert").distinct().count()


def _one_at_a_time(tenant_id: uuid.UUID | None) -> None:
    """Let two processes that tell of the same property count one after the other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"alerts of {tenant_id}"])
