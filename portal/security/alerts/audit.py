"""Which fields of alerts are logged: that one was made and handled. How often it rang it says itself."""

from auditlog.registry import auditlog

from portal.security.models import Alert, AlertSettings, WebhookEndpoint

TRACKED = {
    Alert: ["rule", "severity", "subject", "state", "handled_by"],
    # A telephone number is somebody's.
    AlertSettings: ["tenant", "locks_accounts", "suspends_devices"],
    # An address may hold a secret of whoever listens there.
    WebhookEndpoint: ["tenant", "events", "changed_at", "ended_at"],
}


def register() -> None:
    for model, fields in TRACKED.items():
        auditlog.register(model, include_fields=fields)
