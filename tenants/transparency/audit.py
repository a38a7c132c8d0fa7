"""Which fields of this room are logged. Notices are public, so their texts may be."""

from auditlog.registry import auditlog

from tenants.transparency.models import Notice
from tenants.transparency.rules.notices import FIELDS

TRACKED = {Notice: ["version", "state", "storage_mode", "content_hash", "needs_new_consent", *FIELDS]}


def register() -> None:
    for model, fields in TRACKED.items():
        auditlog.register(model, include_fields=fields)
