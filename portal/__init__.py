"""The Django project and its doors; no business rules live here."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
