"""Which fields of this room are logged: who had what done, and how it ended. Never what was asked, nor the file."""

from auditlog.registry import auditlog

from portal.work.models import Job


def register() -> None:
    auditlog.register(Job, include_fields=["kind", "what", "made_by", "state", "cancelled_at"])
