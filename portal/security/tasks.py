"""Celery looks for tasks here."""

from portal.security.alerts import tasks as alert_tasks  # noqa: F401
from portal.security.audit import tasks as audit_tasks  # noqa: F401
from portal.security.detection import tasks as detection_tasks  # noqa: F401
