"""Which fields of this room are logged."""

from auditlog.registry import auditlog

from tenants.premises.models import AccessMethod, AccessPoint, Device, Zone

TRACKED = {
    Zone: ["name", "kind"],
    AccessPoint: ["zone", "name"],
    AccessMethod: ["access_point", "kind", "is_live", "out_of_order_since"],
    Device: [
        "access_point",
        "name",
        "vendor",
        "model",
        "serial",
        "mode",
        "state",
        "suspended_for",
        "credential_issued_at",
    ],
}


def register() -> None:
    for model, fields in TRACKED.items():
        auditlog.register(model, include_fields=fields)
