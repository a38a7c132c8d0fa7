"""My page answers in the order of what people ask, and hands out what is theirs without their asking for it."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from portal.security.models import AccessEvent
from portal.web.reads.certificates import verdict
from tenants.organizations.models import Property
from tenants.organizations.trail import Kind
from tenants.people.kinds import FaceState
from tenants.people.services import passes
from tenants.people.services.links import open_link
from tenants.people.services.persons import move_face
from tenants.rights import jobs
from tenants.rights.certificate_text import Verdict, check
from tenants.rights.models import Certificate
from tenants.rights.services.withdrawals import withdraw
from tenants.transparency.models import Notice
from tests import factories
from tests.portal.web.public.conftest import Own
from tests.recognition.steps import erase


def in_use(own: Own) -> None:
    factories.make_active_device(own.tenant)
    factories.agree(open_link(tenant=own.tenant, token=own.token))
    move_face(person=own.person, target=FaceState.ENROLLED, enrolled_on=timezone.localdate())


def test_it_answers_in_the_order_of_what_people_ask(client: Client, own: Own) -> None:
    in_use(own)
    factories.make_guardian(own.tenant, guardian=own.person)
    passes.issue_card(tenant=own.tenant, person=own.person, number="0004567890AB")
    page = client.get(own.url()).content.decode()
    asked = (
        "Yes. Doors that use your face: 1.", "<dt>Where</dt>", "<dt>Until</dt>", "<dt>Who can see it</dt>",
        "<dt>Agreed to</dt>", "Stop using my face", "My pass", "My requests", "My receipts", "My children",
    )  # fmt: skip
    places = [page.find(words) for words in asked]
    assert -1 not in places
    assert places == sorted(places)
    assert "You have: Card (ends in 90AB)" in page


def test_what_was_agreed_to_leads_to_the_notice_that_was_read(client: Client, own: Own, notice: Notice) -> None:
    in_use(own)
    factories.make_notice(own.tenant, retention_en="Nine days.")
    facts = client.get(own.url()).content.decode().split("<dt>Agreed to</dt>")[1].split("</dl>")[0]
    assert facts.count(f"/notice/{notice.version}/") == len(own.person.consents.all())
    withdraw(visit=open_link(tenant=own.tenant, token=own.token))
    assert "<dt>Agreed to</dt>" not in client.get(own.url()).content.decode()


@pytest.mark.parametrize(
    ("mode", "words"), [("portal", "Nobody. No picture is kept."), ("on_device", "Nobody. It stays in the device.")]
)
def test_it_says_who_can_see_the_face(client: Client, db: None, mode: str, words: str) -> None:
    tenant = factories.make_property(storage_mode=mode)
    factories.make_lawful(tenant)
    own = Own(tenant)
    in_use(own)
    assert words in client.get(own.url()).content.decode()


def test_whoever_just_pressed_stop_gets_the_certificate_without_a_request(client: Client, own: Own) -> None:
    in_use(own)
    erasure = erase(withdraw(visit=open_link(tenant=own.tenant, token=own.token)))
    file = own.url("me_certificate", erasure.pk)
    assert file not in client.get(own.url()).content.decode()
    assert client.get(file).status_code == 404
    jobs.certify(tenant_id=own.tenant.pk, erasure_id=erasure.pk)
    page = client.get(own.url()).content.decode()
    assert file in page and Certificate.objects.get().number in page
    answer = client.get(file)
    assert answer["Content-Disposition"].startswith("attachment") and "no-store" in answer["Cache-Control"]
    assert check(answer.content).verdict == Verdict.VALID
    assert verdict(check(answer.content))["facts"]["person"] == str(own.person.pk)
    assert client.get(file, {"format": "pdf"})["Content-Type"] == "application/pdf"
    noted = AccessEvent.objects.filter(kind=Kind.EVIDENCE_READ).latest("at")
    assert (noted.actor, noted.subject) == (f"person:{own.person.pk}", f"certificate:{Certificate.objects.get().pk}")
    assert own.token not in json.dumps(noted.facts)


def test_a_certificate_of_somebody_else_is_not_found(client: Client, own: Own, tenant: Property) -> None:
    stranger = Own(tenant)
    in_use(stranger)
    erasure = erase(withdraw(visit=open_link(tenant=tenant, token=stranger.token)))
    jobs.certify(tenant_id=tenant.pk, erasure_id=erasure.pk)
    assert client.get(stranger.url("me_certificate", erasure.pk)).status_code == 200
    assert client.get(own.url("me_certificate", erasure.pk)).status_code == 404


def test_a_guardian_gets_the_certificate_of_the_child(client: Client, db: None) -> None:
    tenant = factories.allow_children(factories.make_property())
    guardian = factories.make_guardian(tenant)
    own = Own.__new__(Own)
    own.tenant, own.person = tenant, guardian.guardian
    visit = factories.make_guardian_visit(guardian)
    own.token = factories.make_link(tenant, guardian.guardian)
    factories.agree(visit)
    erasure = erase(withdraw(visit=visit))
    jobs.certify(tenant_id=tenant.pk, erasure_id=erasure.pk)
    child = guardian.child_id
    assert own.url("child_certificate", child, erasure.pk) in client.get(own.url("child", child)).content.decode()
    assert client.get(own.url("child_certificate", child, erasure.pk)).status_code == 200
    assert client.get(own.url("me_certificate", erasure.pk)).status_code == 404
