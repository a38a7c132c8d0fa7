"""Which fields of this room are logged: never who asked, nor what they wrote."""

from auditlog.registry import auditlog

from tenants.rights.models import (
    Certificate,
    Complaint,
    Erasure,
    ErasureReceipt,
    IdentityCode,
    LegalHold,
    Package,
    RequestAttachment,
    RequestMessage,
    RightsRequest,
)

TRACKED = {
    RightsRequest: [
        "number",
        "kind",
        "state",
        "person",
        "asked_by",
        "channel",
        "assigned_to",
        "identity_by",
        "identity_checked_by",
        "due_on",
        "paused_on",
        "extended_on",
        "escalated_at",
        "merged_into",
        "refusal_code",
        "closed_at",
    ],
    RequestMessage: ["request", "kind", "template", "author", "delivery", "sent_at"],
    RequestAttachment: ["message", "kind", "size", "expires_at", "erased_at"],
    IdentityCode: ["request", "sent_at", "attempts", "used_at"],
    Complaint: ["number", "state", "person", "assigned_to", "due_on", "escalated_at", "answered_by", "answered_at"],
    Package: ["request", "kind", "state", "built_at", "expires_at", "downloads", "erased_at"],
    LegalHold: [
        "kind",
        "person",
        "article",
        "ends_on",
        "asked_by",
        "approved_by",
        "lifted_by",
        "lifted_at",
        "ended_at",
    ],
    Certificate: ["erasure", "number", "key_id", "issued_at"],
    Erasure: ["person", "reason", "scope", "approved_by", "escalated_at", "completed_at"],
    ErasureReceipt: ["erasure", "store", "erased", "remaining"],
}


def register() -> None:
    for model, fields in TRACKED.items():
        auditlog.register(model, include_fields=fields)
