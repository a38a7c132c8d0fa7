"""Receipts: a record in the form of ISO/IEC TS 27560, and a PDF, with nothing in them that opens a page."""

import json
from datetime import timedelta

import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone

from portal.web.pdf import draw
from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.people.kinds import ConsentDecision, ConsentPurpose
from tenants.people.models import Consent
from tenants.people.services.desk import record_paper_consent
from tenants.people.services.links import open_link
from tenants.rights.services.withdrawals import withdraw
from tenants.transparency.models import Notice
from tests import factories
from tests.portal.web.public.conftest import Own

SECTIONS = {"record_header", "pii_processing", "party_identification", "events"}


def answer(own: Own, decision: ConsentDecision = ConsentDecision.AGREE) -> Consent:
    factories.agree(open_link(tenant=own.tenant, token=own.token), decision)
    return own.person.consents.filter(purpose=ConsentPurpose.RECOGNITION).get()


def record(client: Client, own: Own, consent: Consent) -> dict:
    response = client.get(own.url("me_receipt", consent.pk), {"format": "json"})
    assert response["Content-Disposition"].startswith("attachment")
    assert own.token not in response.content.decode()
    return response.json()


def test_a_record_has_the_sections_of_the_standard(client: Client, own: Own, notice: Notice) -> None:
    consent = answer(own)
    contents = record(client, own, consent)
    assert set(contents) == SECTIONS
    assert contents["record_header"] == {
        "schema_version": "ISO/IEC TS 27560:2023",
        "record_id": str(consent.pk),
        "pii_principal_id": str(own.person.pk),
    }
    (purpose,) = contents["pii_processing"]["purposes"]
    until = timezone.localdate() + timedelta(days=own.tenant.face_days)
    assert (purpose["lawful_basis"], purpose["consent_period_ends_on"]) == ("consent", until.isoformat())
    assert purpose["retention_period"] == notice.retention_zh
    assert purpose["withdrawal_method"] and purpose["recipient_third_parties"] and purpose["storage_locations"]
    assert contents["party_identification"][0]["party_id"] == own.tenant.handler.credit_code


def test_a_record_is_pseudonymous(client: Client, own: Own) -> None:
    text = json.dumps(record(client, own, answer(own)), ensure_ascii=False)
    assert not any(known in text for known in ("李阿姨", "13800138000", "3-1202"))


def test_a_record_tells_every_event(client: Client, own: Own) -> None:
    consent = answer(own)
    withdraw(visit=open_link(tenant=own.tenant, token=own.token))
    given, taken_back = record(client, own, consent)["events"]
    assert (given["event_state"], taken_back["event_state"]) == ("consent_given", "consent_withdrawn")
    assert (taken_back["entity_role"], taken_back["channel"]) == ("pii_principal", "link")
    page = client.get(own.url("me_receipt", consent.pk)).content.decode()
    assert "Taken back by" in page and "The person" in page


def test_a_guardians_withdrawal_is_recorded_as_the_guardians(client: Client, tenant: Property) -> None:
    guardian = factories.make_guardian(factories.allow_children(tenant))
    visit = factories.make_guardian_visit(guardian)
    factories.agree(visit)
    withdraw(visit=visit)
    own = Own.__new__(Own)
    own.tenant, own.person = tenant, guardian.child
    own.token = factories.make_link(tenant, guardian.child)
    events = record(client, own, guardian.child.consents.first())["events"]
    assert [event["entity_role"] for event in events] == ["guardian", "guardian"]


def test_a_no_is_recorded_as_a_no_and_has_no_period(client: Client, own: Own) -> None:
    contents = record(client, own, answer(own, ConsentDecision.DECLINE))
    assert contents["events"][0]["event_state"] == "consent_refused"
    assert contents["pii_processing"]["purposes"][0]["consent_period_ends_on"] is None


def test_an_answer_on_paper_names_its_sheet(client: Client, own: Own, tenant: Property, notice: Notice) -> None:
    consent = record_paper_consent(
        tenant=tenant,
        person=own.person,
        purpose=ConsentPurpose.RECOGNITION,
        decision=ConsentDecision.AGREE,
        notice=notice,
        assisted_by=factories.make_member(tenant, Role.FRONT_DESK),
        was_read_aloud=True,
        scan=factories.make_scan(),
        signed_on=timezone.localdate(),
    )
    (event,) = record(client, own, consent)["events"]
    assert (event["channel"], event["sheet_sha256"]) == ("desk_paper", consent.paper.scan_sha256)
    assert "On paper at the desk" in client.get(own.url("me_receipt", consent.pk)).content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pdf_names_the_company_and_not_the_person(client: Client, own: Own, language: str) -> None:
    client.cookies["django_language"] = language
    response = client.get(own.url("me_receipt", answer(own).pk), {"format": "pdf"})
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-") and response.content.rstrip().endswith(b"%%EOF")
    assert response["Cache-Control"] == "no-store"
    pages = list(pypdfium2.PdfDocument(response.content))
    text = "".join(page.get_textpage().get_text_bounded() for page in pages)
    assert str(own.tenant.handler.name) in text
    assert not any(known in text for known in ("李阿姨", "13800138000", "3-1202", own.token))


def test_the_receipt_on_paper_shows_what_the_page_shows(own: Own) -> None:
    consent = Consent.objects.select_related("notice", "guardian", "paper").get(pk=answer(own).pk)
    context = {"tenant": own.tenant, "consent": consent, "notice": consent.notice, "address": "", "language": "en"}
    document = draw("print/receipt.html", context, styles=["receipt.css"])
    assert 1 <= len(document.pages) <= 2
