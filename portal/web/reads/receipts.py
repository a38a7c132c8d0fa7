"""What a person keeps of an answer: a record in the form of ISO/IEC TS 27560:2023, and the same as a PDF.

The sections are the standard's: header, PII processing, party identification, events. The person is named by
their random id only, and no address in it opens anything that is theirs alone.
"""

from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from portal.web.pdf import Drawer, draw
from portal.web.reads.notices import permanent_address
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property
from tenants.people.kinds import ConsentChannel, ConsentDecision, ConsentPurpose, GivenBy, WithdrawnBy
from tenants.people.models import Consent
from tenants.transparency.models import Notice

SCHEMA = "ISO/IEC TS 27560:2023"
ARTICLES = {
    ConsentPurpose.RECOGNITION: "PIPL 29; Measures for the Application of Facial Recognition Technology, Art 6",
    ConsentPurpose.TRANSMISSION: "PIPL 29; Measures for the Application of Facial Recognition Technology, Art 8",
}


def record(request: HttpRequest, *, tenant: Property, consent: Consent) -> dict[str, Any]:
    """Return one answer as a consent record, JSON-ready. The notice's words are those of the language shown."""
    with translation.override(consent.language or None):
        return {
            "record_header": {
                "schema_version": SCHEMA,
                "record_id": str(consent.pk),
                "pii_principal_id": str(consent.person_id),
            },
            "pii_processing": _processing(request, tenant, consent),
            "party_identification": _parties(tenant),
            "events": _events(consent),
        }


def pdf(request: HttpRequest, *, tenant: Property, consent: Consent, drawer: Drawer = draw) -> bytes:
    """Return the receipt as a PDF in the reader's language."""
    context = {
        "tenant": tenant,
        "consent": consent,
        "notice": consent.notice,
        "address": permanent_address(request, consent.notice),
        "language": translation.get_language(),
    }
    return drawer("print/receipt.html", context, styles=["receipt.css"]).write_pdf()


def _processing(request: HttpRequest, tenant: Property, consent: Consent) -> dict[str, Any]:
    notice, told = consent.notice, dict(consent.notice.items)
    notice.tenant = tenant
    purpose = ConsentPurpose(consent.purpose)
    return {
        "privacy_notice": permanent_address(request, notice),
        "privacy_notice_version": notice.version,
        "privacy_notice_sha256": consent.notice_hash,
        "language": consent.language,
        "purposes": [
            {
                "purpose": str(purpose.label),
                "purpose_type": purpose.value,
                "purpose_description": told.get("purpose_method", ""),
                "lawful_basis": "consent",
                "lawful_basis_reference": ARTICLES[purpose],
                "pii_information": [
                    {"pii_type": "face template", "pii_optional": True, "sensitive_pii_category": True}
                ],
                "collection_method": "photo handed in by the person, or taken by the device at the door",
                "storage_locations": _storage(notice),
                "retention_period": told.get("retention", ""),
                "consent_period_ends_on": consent.ends_on.isoformat() if consent.ends_on else None,
                "recipient_third_parties": told.get("recipients", ""),
                "withdrawal_method": _(
                    "One press on the personal page, a signed sheet at the front desk, or a request on the public page."
                    " No reason is needed."
                ),
                "privacy_rights": told.get("rights", ""),
                "jurisdiction": "CN",
            }
        ],
        "services": [tenant.name],
    }


def _storage(notice: Notice) -> list[str]:
    return ["portal, encrypted"] if notice.storage_mode == StorageMode.PORTAL else ["the device at the door"]


def _parties(tenant: Property) -> list[dict[str, Any]]:
    handler = tenant.handler
    return [
        {
            "party_id": handler.credit_code,
            "party_name": handler.name,
            "party_role": "pii_controller",
            "party_address": handler.address,
            "party_phone": handler.contact_phone,
            "party_email": handler.contact_email,
            "party_contact": handler.contact_name,
        },
        {"party_name": "12377", "party_role": "authority", "party_phone": "12377"},
    ]


def _events(consent: Consent) -> list[dict[str, Any]]:
    """Return what happened to the answer, oldest first."""
    given = {
        "event_time": consent.decided_at.isoformat(),
        "event_type": "explicit",
        "event_state": "consent_given" if consent.decision == ConsentDecision.AGREE else "consent_refused",
        "entity_id": str(consent.guardian.guardian_id if consent.guardian else consent.person_id),
        "entity_role": "guardian" if consent.given_by == GivenBy.GUARDIAN else "pii_principal",
        "channel": consent.channel,
    }
    if consent.channel == ConsentChannel.DESK_PAPER and consent.paper:
        given |= {"signed_on": consent.paper.signed_on.isoformat(), "sheet_sha256": consent.paper.scan_sha256}
    events = [given]
    if consent.withdrawn_at:
        is_guardian = consent.withdrawn_by in {WithdrawnBy.GUARDIAN, WithdrawnBy.GUARDIAN_SHEET}
        is_on_paper = consent.withdrawn_by in {WithdrawnBy.PERSON_SHEET, WithdrawnBy.GUARDIAN_SHEET}
        events.append(
            {
                "event_time": consent.withdrawn_at.isoformat(),
                "event_type": "explicit",
                "event_state": "consent_withdrawn",
                "entity_role": "guardian" if is_guardian else "pii_principal",
                "channel": (ConsentChannel.DESK_PAPER if is_on_paper else ConsentChannel.LINK).value,
            }
        )
    return events
