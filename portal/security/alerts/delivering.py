"""What a worker does with messages, about alerts to people and about events to programs.

Every job may run twice; at worst a message arrives twice.

The network stands between two transactions, so that no lock waits for it. The first one counts the attempt and books
the next; the second one writes down how it went. So nothing is lost when a worker dies in between.
"""

import logging
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from portal.security.alerts import hooks, letters, telling
from portal.security.alerts.kinds import Channel, DeliveryReason, DeliveryState
from portal.security.alerts.places import place
from portal.security.alerts.posting import Forbidden, NoAnswer, Post
from portal.security.models import AlertDelivery, AlertSettings
from tenants.organizations.models import Property
from tenants.people import senders
from tenants.people.kinds import PromptChannel
from tenants.people.senders import NotSent, Sender

logger = logging.getLogger(__name__)

# Each attempt is followed by its pause: a receiver that is down for a day and a half still hears of everything.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 480, 1440))
# One property, one turn of a worker: a receiver that hangs must not keep the others waiting.
MOST_SECONDS = 60.0
_CHANNELS = {Channel.EMAIL: PromptChannel.EMAIL, Channel.SMS: PromptChannel.SMS}


class _Undeliverable(Exception):
    """It did not arrive. `reason` says why, `status` what a receiver answered, `can_retry` whether to go on."""

    def __init__(self, reason: DeliveryReason, *, status: int | None = None, can_retry: bool = True) -> None:
        super().__init__(reason.value)
        self.reason, self.status, self.can_retry = reason, status, can_retry


@dataclass(frozen=True)
class _Message:
    """Ready to go. Lives in this process only; no repr shows whom it goes to or what it says."""

    pk: uuid.UUID
    attempts: int
    is_hook: bool
    to: str = field(repr=False, default="")
    letter: letters.Letter | None = field(repr=False, default=None)
    sender: Sender | None = field(repr=False, default=None)
    body: bytes = field(repr=False, default=b"")
    headers: dict[str, str] = field(repr=False, default_factory=dict)

    def send(self, post: Post) -> int | None:
        """Hand it over and return the status of a webhook's answer. Raises _Undeliverable."""
        if self.is_hook:
            return _post(self, post)
        if not self.to:
            raise _Undeliverable(DeliveryReason.NO_ADDRESS, can_retry=False)
        if self.sender is None or self.letter is None:
            raise _Undeliverable(DeliveryReason.NO_SENDER, can_retry=False)
        try:
            self.sender.send(to=self.to, subject=self.letter.subject, text=self.letter.text)
        except NotSent as problem:
            raise _Undeliverable(DeliveryReason.NOT_SENT, can_retry=problem.can_retry) from None
        return None


def deliver(*, tenant_id: uuid.UUID | None, post: Post | None = None) -> int:
    """Send what is due in this property, letters first; return how many messages were tried."""
    tried, until = 0, time.monotonic() + MOST_SECONDS
    while time.monotonic() < until:
        with place(tenant_id):
            message = _take_up(tenant_id)
        if message is None:
            return tried
        tried += 1
        status, problem = None, None
        try:
            status = message.send(post or Post())
        except _Undeliverable as found:
            problem, status = found, found.status
            logger.warning("A message was not delivered: %s.", found.reason.value)
        with place(tenant_id):
            _end(message, status=status, problem=problem)
    return tried


def sweep() -> None:
    """Send what waits, in every property where something does, and sum up what nobody was told of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant FROM consentry_alerts_waiting(%s)", [timezone.now()])
        waiting = [tenant for (tenant,) in cursor.fetchall()]
    for tenant_id in waiting:
        try:
            with place(tenant_id):
                telling.summarise(tenant_id)
            deliver(tenant_id=tenant_id)
        except Exception:
            # One bad property does not keep the others waiting.
            logger.exception("Messages of property %s could not be swept.", tenant_id)


def _take_up(tenant_id: uuid.UUID | None) -> _Message | None:
    """Count an attempt at what is due first, and return it."""
    now = timezone.now()
    due = AlertDelivery.objects.filter(tenant=tenant_id, state=DeliveryState.WAITING, next_try_at__lte=now)
    rows = due.select_for_update(skip_locked=True, of=("self",)).select_related("alert", "member", "endpoint")
    # Letters before webhooks: people wait, and their servers are the portal's own.
    delivery = rows.order_by("channel", "next_try_at").first()
    if delivery is None:
        return None
    delivery.next_try_at = now + PAUSES[min(delivery.attempts, len(PAUSES) - 1)]
    delivery.attempts += 1
    delivery.save(update_fields=["attempts", "next_try_at"])
    tenant = Property.objects.get(pk=tenant_id) if tenant_id else None
    if delivery.channel == Channel.WEBHOOK:
        return _hook(delivery, now)
    alert = delivery.alert
    return _Message(
        pk=delivery.pk,
        attempts=delivery.attempts,
        is_hook=False,
        to=_addressee(delivery),
        letter=letters.of_one(alert, tenant) if alert else letters.of_many(delivery.more, tenant),
        sender=senders.sender_for(_CHANNELS[Channel(delivery.channel)]),
    )


def _addressee(delivery: AlertDelivery) -> str:
    """Return where it goes, as it stands now: who has lost the right since then hears nothing more."""
    if delivery.channel == Channel.SMS:
        wishes = AlertSettings.objects.filter(tenant=delivery.tenant).first()
        return wishes.phone if wishes else ""
    return next((user.email for user in telling.handlers(delivery.tenant) if user == delivery.member), "")


def _hook(delivery: AlertDelivery, now: datetime) -> _Message:
    endpoint = delivery.endpoint
    if endpoint is None or endpoint.ended_at is not None:
        return _Message(pk=delivery.pk, attempts=delivery.attempts, is_hook=False)
    body, by = hooks.body_of(delivery), hooks.secrets_of(endpoint, at=now)
    signed = hooks.signed_headers(secrets=by, message_id=str(delivery.pk), at=now, body=body)
    return _Message(
        pk=delivery.pk,
        attempts=delivery.attempts,
        is_hook=True,
        to=endpoint.url,
        body=body,
        headers=signed | {"Content-Type": "application/json", "User-Agent": "Consentry"},
    )


def _post(message: _Message, post: Post) -> int:
    try:
        status = post.send(message.to, body=message.body, headers=message.headers)
    except Forbidden:
        raise _Undeliverable(DeliveryReason.FORBIDDEN, can_retry=False) from None
    except NoAnswer:
        raise _Undeliverable(DeliveryReason.NO_ANSWER) from None
    if not 200 <= status < 300:
        raise _Undeliverable(DeliveryReason.REFUSED, status=status)
    return status


def _end(message: _Message, *, status: int | None, problem: _Undeliverable | None) -> None:
    delivery = AlertDelivery.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if delivery.state == DeliveryState.SENT:
        return
    delivery.status, delivery.reason = status, problem.reason if problem else ""
    if problem is None or not problem.can_retry or message.attempts > len(PAUSES):
        delivery.state = DeliveryState.SENT if problem is None else DeliveryState.FAILED
        delivery.next_try_at, delivery.ended_at = None, timezone.now()
    delivery.save(update_fields=["state", "reason", "status", "next_try_at", "ended_at"])
