"""Which fields of this room are logged. A new field is unlogged until it is added here."""

import json
import uuid
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from auditlog.diff import get_field_value
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.encoding import smart_str

from tenants.organizations.limits import LIMITS
from tenants.organizations.models import (
    AccessReview,
    EmergencyAccess,
    Handler,
    Membership,
    NotificationSettings,
    Property,
    User,
)
from tenants.organizations.scoping import TenantOwned


def log_of(tenant_id: uuid.UUID) -> QuerySet[LogEntry]:
    """Return a property's own log, by a column that PostgreSQL makes of each entry (portal/security/audit/walls.py)."""
    house = RawSQL('"auditlog_logentry"."tenant"', [], output_field=TextField())
    return LogEntry.objects.alias(house=house).filter(house=str(tenant_id))


TRACKED = {
    Handler: [
        "name",
        "credit_code",
        "contact_phone",
        "contact_email",
        "address",
        "contract_signed_on",
        "contract_ends_on",
        *LIMITS,
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
        *LIMITS,
    ],
    Membership: ["tenant", "user", "role", "is_active"],
    EmergencyAccess: ["tenant", "staff", "scope", "started_at", "ends_at", "ended_at", "ended_by"],
    AccessReview: ["tenant", "reviewed_by", "reviewed_at", "due_on"],
    User: ["is_staff", "is_active", "is_superuser"],
    # Who chose not to be told of what.
    NotificationSettings: ["ways", "digest_hour", "language"],
}


def register() -> None:
    for model, fields in TRACKED.items():
        auditlog.register(model, include_fields=fields)


# One value holds all rows. Django's `bulk_create` writes this table with fifteen parameters a row, because an address
# among them needs a cast, and most of the time of erasing thousands went into that.
_WRITE = """INSERT INTO auditlog_logentry (content_type_id, object_pk, object_repr, action, changes, changes_text,
        additional_data, timestamp, actor_id)
    SELECT row.kind, row.pk, row.said, %s, row.changes, '', row.more, %s, %s
    FROM jsonb_to_recordset(%s) AS row(kind int, pk text, said text, changes jsonb, more jsonb)"""
_AT_ONCE = 2_000


def log_changed(*, pairs: Sequence[tuple[TenantOwned, TenantOwned]]) -> None:
    """Write for rows changed by one statement, as (before, after), the entries that saving each would have."""
    _write(LogEntry.Action.UPDATE, [(after, _changes(before, after)) for before, after in pairs])


def log_created(*, rows: Sequence[TenantOwned], actor: User | None = None) -> None:
    """Write for rows made by `bulk_create`, which auditlog passes over, the entries that saving each would have."""
    _write(LogEntry.Action.CREATE, [(row, _changes(None, row)) for row in rows], actor=actor)


def log_deleted(*, rows: Sequence[TenantOwned]) -> None:
    """Write for rows deleted with auditlog switched off the entries that deleting each would have."""
    _write(LogEntry.Action.DELETE, [(row, _changes(row, None)) for row in rows])


def _write(action: int, said: Sequence[tuple[TenantOwned, dict[str, Any]]], *, actor: User | None = None) -> None:
    entries = [
        {
            "kind": ContentType.objects.get_for_model(row).pk,
            "pk": str(row.pk),
            "said": str(row),
            "changes": changes,
            "more": row.get_additional_data(),
        }
        for row, changes in said
        if changes
    ]
    with connection.cursor() as cursor:
        for begin in range(0, len(entries), _AT_ONCE):
            some = json.dumps(entries[begin : begin + _AT_ONCE])
            cursor.execute(_WRITE, [action, timezone.now(), actor.pk if actor else None, some])


def _changes(before: TenantOwned | None, after: TenantOwned | None) -> dict[str, tuple[str, str]]:
    """Say of the tracked fields what auditlog's `model_instance_diff` says, which looks at all others as well.

    Nothing is masked: a field is tracked or it is not.
    """
    row = after or before
    if row is None:
        return {}
    values = ((field.name, _value(before, field), _value(after, field)) for field in _tracked(type(row)))
    return {name: (smart_str(old), smart_str(new)) for name, old, new in values if old != new}


def _value(row: TenantOwned | None, field: Any) -> Any:
    return "None" if row is None else get_field_value(row, field)


@cache
def _tracked(model: type[TenantOwned]) -> Iterable[Any]:
    names = auditlog.get_model_fields(model)["include_fields"]
    return [field for field in model._meta.concrete_fields if field.name in names]
