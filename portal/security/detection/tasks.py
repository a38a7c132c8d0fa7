"""Celery shells of detection. The names are permanent."""

from celery import shared_task
from django.utils import timezone

from portal.security.detection import clock, decoys, readers, rows


@shared_task(name="security.look")
def look() -> None:
    """Every minute."""
    clock.look()
    readers.look(now=timezone.now())


@shared_task(name="security.compare_rows")
def compare_rows() -> None:
    """Every hour: some queries for each property."""
    rows.look(now=timezone.now())


@shared_task(name="security.lay_out_decoys")
def lay_out_decoys() -> None:
    """Every five minutes: the rules ask the cache, which forgets when its server starts anew."""
    decoys.lay_out_all()
