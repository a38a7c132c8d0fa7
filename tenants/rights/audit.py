"""Which fields of this room are logged: never who asked, nor what they wrote."""

from auditlog.registry import auditlog

from tenants.rights.models import Erasure, ErasureReceipt, RightsRequest

TRACKED = {
    RightsRequest: ["number", "kind", "state", "person", "due_on", "closed_at"],
    Erasure: ["person", "reason", "scope", "completed_at"],
    ErasureReceipt: ["erasure", "store", "erased", "remaining"],
}


def register() -> None:
    for model, fields in TRACKED.items():
        auditlog.register(model, include_fields=fields)
