"""Celery shells. The names are permanent."""

from celery import shared_task


@shared_task(name="operations.expire")
def expire() -> None:
    from portal.operations import announcements, failures

    failures.expire()
    announcements.expire()
