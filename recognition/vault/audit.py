"""Which fields of this room are logged: that a key or a template exists, never its bytes."""

from auditlog.registry import auditlog

from recognition.vault.models import FaceTemplate, HandlerKey, PersonKey

TRACKED = {
    HandlerKey: ["handler", "generation", "master"],
    PersonKey: ["person", "destroyed_at"],
    FaceTemplate: ["person", "model_version"],
}


def register() -> None:
    for model, fields in TRACKED.items():
        auditlog.register(model, include_fields=fields)
