"""Which fields of alerts are logged: that one was made and handled. How often it rang it says itself."""

from auditlog.registry import auditlog

from portal.security.models import Alert, AlertSettings

TRACKED = {
    Alert: ["rule", "severity", "subject", "state", "handled_by"],
    # An address may hold a secret of whoever listens there, a telephone number is somebody's.
    AlertSettings: ["tenant", "webhook_changed_at", "locks_accounts", "suspends_devices"],
}


def register() -> None:
    for model, fields in TRACKED.items():
        auditlog.register(model, include_fields=fields)
