"""Celery shells. The names are permanent."""

from celery import shared_task


@shared_task(name="web.count_properties")
def count_properties() -> None:
    from portal.web import counting

    counting.count_all()
