"""Which fields of this room are logged: what failed and who sent it again, and every announcement."""

from auditlog.registry import auditlog

from portal.operations.models import Announcement, FailedTask


def register() -> None:
    auditlog.register(FailedTask, include_fields=["task", "error", "retried_at", "retried_by"])
    auditlog.register(
        Announcement, include_fields=["text_zh", "text_en", "tone", "starts_at", "ends_at", "handlers", "made_by"]
    )
