"""Which fields of this room are logged: states and dates, never a name, a phone or a link."""

from auditlog.registry import auditlog

from tenants.people.models import (
    Consent,
    Guardian,
    Invitation,
    MinorAccess,
    MinorAccessView,
    PaperForm,
    Pass,
    PassDoor,
    Person,
    PersonalLink,
    PersonIdentity,
    PromptRecord,
    Registration,
)

TRACKED = {
    Person: [
        "kind",
        "age_band",
        "age_band_until",
        "stay_ends_on",
        "face_state",
        "face_enrolled_on",
        "face_stored",
        "erased_at",
        "restricted_at",
        "died_on",
    ],
    PersonIdentity: ["person"],
    PersonalLink: ["person", "reason", "made_by", "expires_at", "revoked_at"],
    Pass: ["person", "kind", "state", "valid_from", "valid_until", "is_for_all_doors", "generation", "stopped_at"],
    PassDoor: ["credential", "access_point"],
    Guardian: ["child", "guardian", "relationship", "evidence", "recorded_by", "ended_at"],
    PaperForm: ["person", "guardian", "purpose", "decision", "notice", "signed_on", "was_read_aloud", "assisted_by"],
    Registration: ["person", "made_by", "expires_at", "used_at", "cancelled_at"],
    Invitation: ["person", "channel", "state", "reason", "asked_by", "asked_at", "attempts", "sent_at"],
    PromptRecord: ["person", "child", "purpose", "channel", "prompted_at"],
    MinorAccess: ["person", "asked_by", "decided_by", "decided_at", "ends_at"],
    MinorAccessView: ["access", "viewed_at"],
    Consent: [
        "person",
        "purpose",
        "decision",
        "notice",
        "decided_at",
        "withdrawn_at",
        "withdrawn_by",
        "ends_on",
        "given_by",
        "guardian",
        "channel",
    ],
}


def register() -> None:
    for model, fields in TRACKED.items():
        auditlog.register(model, include_fields=fields)
