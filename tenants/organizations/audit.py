"""Which fields of this room are logged. A new field is unlogged until it is added here."""

from auditlog.registry import auditlog

from tenants.organizations.models import Handler, Membership, Property, User

TRACKED = {
    Handler: [
        "name",
        "credit_code",
        "contact_phone",
        "contact_email",
        "address",
        "contract_signed_on",
        "contract_ends_on",
    ],
    Property: [
        "handler",
        "slug",
        "kind",
        "name",
        "name_en",
        "address",
        "storage_mode",
        "face_days",
        "event_days",
        "allows_under_14",
        "faces_stopped_at",
        "faces_stopped_for",
    ],
    Membership: ["tenant", "user", "role", "is_active"],
    User: ["is_staff", "is_active", "is_superuser"],
}


def register() -> None:
    for model, fields in TRACKED.items():
        auditlog.register(model, include_fields=fields)
