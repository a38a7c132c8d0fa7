"""Which fields of this room are logged. Nonces, boots and reports are not: they come every minute and decide nothing.

Orders are not either: each is a record itself, with its times and the signed receipt, and says what became of a copy.
"""

from auditlog.registry import auditlog

from recognition.edge.models import DeviceKey, DeviceLoss

TRACKED = {
    DeviceKey: ["device", "thumbprint", "paired_at", "revoked_at", "is_copied"],
    DeviceLoss: ["device", "declared_at", "confirmed_at", "taken_back_at", "returned_at"],
}


def register() -> None:
    for model, fields in TRACKED.items():
        auditlog.register(model, include_fields=fields)
