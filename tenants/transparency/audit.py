"""Which fields of this room are logged. Notices are public, so their texts may be; those of an assessment are not.

What a signed assessment says is frozen, and its fingerprint is logged.
"""

from auditlog.registry import auditlog

from tenants.transparency.models import Assessment, Contribution, Notice, Risk
from tenants.transparency.rules.notices import FIELDS

TRACKED = {
    Notice: [
        "version",
        "state",
        "storage_mode",
        "allows_under_14",
        "effective_on",
        "content_hash",
        "needs_new_consent",
        "asks_again_for",
        *FIELDS,
    ],
    Assessment: [
        "version",
        "state",
        "track",
        "conclusion",
        "signed_by",
        "content_hash",
        "stale_since",
        "stale_for",
        "covers_until",
    ],
    Risk: ["assessment", "number", "kind", "likelihood", "impact", "due_on", "done_on"],
    Contribution: ["assessment", "user"],
}


def register() -> None:
    for model, fields in TRACKED.items():
        auditlog.register(model, include_fields=fields)
