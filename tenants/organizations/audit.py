"""Which fields of this room are logged. A new field is unlogged until it is added here."""

from collections.abc import Sequence

from auditlog.diff import model_instance_diff
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType

from tenants.organizations.models import Handler, Membership, Property, User
from tenants.organizations.scoping import TenantOwned

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
        "request_days",
        "alarm_days",
        "allows_under_14",
        "face_quality",
        "authority_name",
        "authority_phone",
        "authority_address",
        "authority_url",
        "faces_stopped_at",
        "faces_stopped_for",
    ],
    Membership: ["tenant", "user", "role", "is_active"],
    User: ["is_staff", "is_active", "is_superuser"],
}


def register() -> None:
    for model, fields in TRACKED.items():
        auditlog.register(model, include_fields=fields)


def log_changed(*, pairs: Sequence[tuple[TenantOwned, TenantOwned]]) -> None:
    """Write for rows changed by one statement, as (before, after), the entries that saving each would have."""
    kind = ContentType.objects.get_for_model(pairs[0][1]) if pairs else None
    LogEntry.objects.bulk_create(
        [
            LogEntry(
                content_type=kind,
                object_pk=str(after.pk),
                object_repr=str(after),
                action=LogEntry.Action.UPDATE,
                changes=model_instance_diff(before, after),
                additional_data=after.get_additional_data(),
            )
            for before, after in pairs
        ],
        batch_size=1_000,
    )


def log_created(*, rows: Sequence[TenantOwned], actor: User | None = None) -> None:
    """Write for rows made by `bulk_create`, which auditlog passes over, the entries that saving each would have."""
    LogEntry.objects.bulk_create(
        [
            LogEntry(
                content_type=ContentType.objects.get_for_model(row),
                object_pk=str(row.pk),
                object_repr=str(row),
                action=LogEntry.Action.CREATE,
                changes=model_instance_diff(None, row),
                additional_data=row.get_additional_data(),
                actor=actor,
                actor_email=actor.email if actor else None,
            )
            for row in rows
        ],
        batch_size=1_000,
    )
