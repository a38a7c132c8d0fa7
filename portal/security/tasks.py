"""Celery looks for tasks here."""

from portal.security.audit import tasks as audit_tasks  # noqa: F401
