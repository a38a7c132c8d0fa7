"""Which fields of this room are logged. Captures are not: they live for seconds and hold a photo."""

from auditlog.registry import auditlog

from recognition.enrollment.models import Enrollment, PhotoBatch

TRACKED = {
    Enrollment: ["person", "requested_by", "state", "reason", "model_version", "warning"],
    PhotoBatch: ["started_by", "stopped_at"],
}


def register() -> None:
    for model, fields in TRACKED.items():
        auditlog.register(model, include_fields=fields)
