"""What a webhook tells only because time passes. Each occasion once to each endpoint, however often this looks."""

import logging
import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from portal.security.alerts import telling
from portal.security.models import AlertDelivery
from portal.security.webhooks import messages
from portal.security.webhooks.events import OF_TIME, Event
from tenants.organizations.scoping import tenant_context
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device
from tenants.premises.rules.silence import heard_at, is_silent
from tenants.rights.models import RightsRequest
from tenants.rights.rules import OPEN_STATES, working_days_left

logger = logging.getLogger(__name__)

SOON_WORKING_DAYS = 5
# Five working days are at most this many days apart: the week of a national holiday lies between.
SOON_DAYS = timedelta(days=21)
# What is silent for longer is no news any more, and messages are not kept for longer.
NEWS = timedelta(days=30)


def watch() -> None:
    """Look at every property where a program listens for it. One that fails does not keep the others waiting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant FROM consentry_webhooks_wanting(%s)", [[event.value for event in OF_TIME]])
        wanting = [tenant for (tenant,) in cursor.fetchall()]
    for tenant_id in wanting:
        try:
            with tenant_context(tenant_id):
                watch_property(tenant_id=tenant_id)
        except Exception:
            logger.exception("What is due in property %s could not be told to its programs.", tenant_id)


def watch_property(*, tenant_id: uuid.UUID, now: datetime | None = None) -> None:
    """Write the messages of one property. The context is entered."""
    now = now or timezone.now()
    found = [*_due_soon(tenant_id, timezone.localdate(now)), *_silent(tenant_id, now)]
    told = AlertDelivery.objects.filter(tenant=tenant_id, event__in=OF_TIME, alert=None)
    known = {(event, *sorted(said.items())) for event, said in told.values_list("event", "payload")}
    is_new = False
    for event, said in found:
        if (event.value, *sorted(said.items())) not in known:
            is_new |= bool(messages.write(tenant_id=tenant_id, event=event, said=said))
    if is_new:
        telling.queue(tenant_id)


def _due_soon(tenant_id: uuid.UUID, today: date) -> Iterator[tuple[Event, dict[str, str]]]:
    rows = RightsRequest.objects.filter(tenant=tenant_id, state__in=OPEN_STATES, paused_on=None)
    for request in rows.filter(due_on__range=(today, today + SOON_DAYS)).only("pk", "number", "kind", "due_on"):
        if working_days_left(today, request.due_on) <= SOON_WORKING_DAYS:
            said = {"request": str(request.pk), "number": request.number, "kind": str(request.kind)}
            yield Event.REQUEST_DUE_SOON, said | {"due_on": request.due_on.isoformat()}


def _silent(tenant_id: uuid.UUID, now: datetime) -> Iterator[tuple[Event, dict[str, str]]]:
    rows = Device.objects.filter(tenant=tenant_id, state=DeviceState.ACTIVE)
    for device in rows.only("pk", "access_point_id", "last_seen_at", "pairing_used_at"):
        heard = heard_at(last_seen_at=device.last_seen_at, paired_at=device.pairing_used_at)
        if heard is not None and is_silent(heard=heard, now=now) and heard > now - NEWS:
            said = {"device": str(device.pk), "door": str(device.access_point_id), "since": heard.isoformat()}
            yield Event.DEVICE_SILENT, said
