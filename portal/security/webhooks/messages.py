"""Messages to programs: written with what they speak of, sent by a worker (alerts/delivering.py), kept for a month."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from portal.security.alerts.kinds import Channel
from portal.security.grants import WEB
from portal.security.models import Alert, AlertDelivery, WebhookEndpoint
from portal.security.webhooks.events import Event

KEPT = timedelta(days=30)


def write(
    *, tenant_id: uuid.UUID, event: Event, said: Mapping[str, Any], alert: Alert | None = None
) -> list[AlertDelivery]:
    """Write one message to each endpoint that wants this event, in the caller's transaction; return them."""
    wanting = WebhookEndpoint.objects.filter(tenant=tenant_id, ended_at=None, events__contains=[event.value])
    return [
        queued(endpoint=endpoint, event=event.value, said=said, alert=alert)
        for endpoint in wanting.order_by("created_at", "pk")
    ]


def queued(
    *, endpoint: WebhookEndpoint, event: str, said: Mapping[str, Any], alert: Alert | None = None
) -> AlertDelivery:
    """Write one message to one endpoint, due now."""
    return AlertDelivery.objects.create(
        tenant=endpoint.tenant_id,
        endpoint=endpoint,
        channel=Channel.WEBHOOK,
        event=event,
        payload=dict(said),
        alert=alert,
        next_try_at=timezone.now(),
    )


def of_alert(alert: Alert) -> dict[str, Any]:
    """What is said about an alert, as it stands now: ids, codes and counts."""
    return {
        "alert": str(alert.pk),
        "rule": alert.rule,
        "severity": alert.severity,
        "subject": alert.subject,
        "state": alert.state,
        "count": alert.count,
        "first_at": alert.first_at.isoformat(),
        "last_at": alert.last_at.isoformat(),
        "facts": alert.facts,
    }


def forget() -> int:
    """Forget what was told a month ago about anything but alerts, in all properties; return how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT consentry_forget_messages(%s)", [timezone.now() - KEPT])
        return int(cursor.fetchone()[0])


def statements() -> list[str]:
    """Return the SQL of the functions that look over all properties: they give back ids and a number."""
    return [
        """
        CREATE OR REPLACE FUNCTION consentry_webhooks_wanting(wanted text[]) RETURNS TABLE (tenant uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT DISTINCT tenant_id FROM security_webhookendpoint WHERE ended_at IS NULL AND events && wanted::varchar[]
        $$
        """,
        """
        CREATE OR REPLACE FUNCTION consentry_forget_messages(moment timestamptz) RETURNS bigint
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
          WITH gone AS (
            DELETE FROM security_alertdelivery
            WHERE alert_id IS NULL AND event <> '' AND created_at <= moment AND state <> 'waiting' RETURNING 1
          )
          SELECT count(*) FROM gone
        $$
        """,
        "REVOKE ALL ON FUNCTION consentry_webhooks_wanting(text[]) FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION consentry_webhooks_wanting(text[]) TO {WEB}",
        "REVOKE ALL ON FUNCTION consentry_forget_messages(timestamptz) FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION consentry_forget_messages(timestamptz) TO {WEB}",
    ]
