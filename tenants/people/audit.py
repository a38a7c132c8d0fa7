"""Which fields of this room are logged: states and dates, never a name, a phone or a link."""

from auditlog.registry import auditlog

from tenants.people.models import Consent, Person, PersonalLink, PersonIdentity

TRACKED = {
    Person: ["kind", "age_band", "stay_ends_on", "face_state", "face_enrolled_on", "erased_at"],
    PersonIdentity: ["person"],
    PersonalLink: ["person", "expires_at", "revoked_at"],
    Consent: ["person", "purpose", "decision", "notice", "decided_at", "withdrawn_at"],
}


def register() -> None:
    for model, fields in TRACKED.items():
        auditlog.register(model, include_fields=fields)
