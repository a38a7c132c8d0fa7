"""Which fields of this room are logged. Nonces, boots and reports are not: they come every minute and decide nothing."""

from auditlog.registry import auditlog

from recognition.edge.models import DeviceCopy, DeviceKey, DeviceOrder

TRACKED = {
    DeviceKey: ["device", "thumbprint", "paired_at", "revoked_at", "is_copied"],
    DeviceOrder: ["device", "number", "kind", "person", "state", "reason"],
    DeviceCopy: ["device", "person", "state"],
}


def register() -> None:
    for model, fields in TRACKED.items():
        auditlog.register(model, include_fields=fields)
