"""Celery shells of alerts. The names are permanent."""

import uuid

from celery import shared_task


@shared_task(name="security.deliver_alerts")
def deliver_alerts(tenant_id: str) -> None:
    from portal.security.alerts import delivering

    delivering.deliver(tenant_id=uuid.UUID(tenant_id) if tenant_id else None)


@shared_task(name="security.sweep_alerts")
def sweep_alerts() -> None:
    from portal.security.alerts import delivering

    delivering.sweep()
