"""Celery looks for tasks here."""

from celery import shared_task

from portal.security.alerts import tasks as alert_tasks  # noqa: F401
from portal.security.audit import tasks as audit_tasks  # noqa: F401
from portal.security.detection import tasks as detection_tasks  # noqa: F401


@shared_task(name="security.sweep_answers")
def sweep_answers() -> None:
    """Forget what is kept for a day and for a month."""
    from portal.security import idempotency
    from portal.security.webhooks import messages

    idempotency.sweep()
    messages.forget()


@shared_task(name="security.watch_webhooks")
def watch_webhooks() -> None:
    from portal.security.webhooks import watching

    watching.watch()
