"""Anybody can check a certificate, without an account or JavaScript; whoever asked downloads it by their code."""

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.limits import CERTIFICATES_BY_ADDRESS
from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.rights import jobs
from tenants.rights.kinds import RequestKind
from tenants.rights.models import Certificate, Erasure
from tenants.rights.services import answering, certificates, identity, requests
from tests import factories
from tests.recognition.steps import erase

NAME = "欧阳锦绣"


@pytest.fixture
def asked(tenant: Property) -> tuple[Certificate, str]:
    """A certificate that somebody asked for, and their tracking code."""
    factories.make_lawful(tenant)
    person = factories.make_person(tenant, NAME)
    officer = factories.make_member(tenant, Role.PRIVACY_OFFICER)
    request, code = requests.receive(tenant=tenant, kind=RequestKind.DELETE, name=NAME, contact="13800138000")
    request = identity.prove_in_person(tenant=tenant, request=request, person=person, actor=officer)
    answering.answer(tenant=tenant, request=request, text="正在删除。", actor=officer)
    jobs.certify(tenant_id=tenant.pk, erasure_id=erase(Erasure.objects.get()).pk)
    return Certificate.objects.get(), code


def page(client: Client, tenant: Property, **data: object) -> str:
    answer = client.post(reverse("certificate_check", args=[tenant.slug]), data)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    return answer.content.decode()


def test_pasted_or_as_a_file_a_genuine_one_is_shown_in_words(
    client: Client, tenant: Property, asked: tuple[Certificate, str]
) -> None:
    file = certificates.file(asked[0])
    for data in (
        {"text": file.decode()},
        {"text": f"\r\n {file.decode()} \r\n"},
        {"file": SimpleUploadedFile("c.json", file, content_type="application/json")},
    ):
        shown = page(client, tenant, **data)
        assert "This certificate is genuine and unchanged." in shown
        assert asked[0].number in shown
        assert "Name and contact: 1 erased, 0 left" in shown


def test_a_changed_one_a_foreign_one_and_something_else_are_told_apart(
    client: Client, tenant: Property, asked: tuple[Certificate, str], settings: object
) -> None:
    file = certificates.file(asked[0]).decode()
    changed = page(client, tenant, text=file.replace('"keys_destroyed":', '"keys_destroyed": '))
    assert "This certificate was changed." in changed
    assert asked[0].number not in changed, "What it claims is not repeated"
    assert "This is no certificate" in page(client, tenant, text="Hello")
    assert "Paste the certificate" in page(client, tenant)
    settings.EVIDENCE_PUBLIC_KEYS = ""
    assert "is not known here" in page(client, tenant, text=file)


def test_the_page_opens_empty_and_shows_the_public_keys(client: Client, tenant: Property) -> None:
    from tenants.rights import signing

    shown = client.get(reverse("certificate_check", args=[tenant.slug])).content.decode()
    for key in signing.public_keys():
        assert key in shown


def test_one_address_checks_so_many_and_is_told(
    client: Client, tenant: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _time in range(CERTIFICATES_BY_ADDRESS.count):
        CERTIFICATES_BY_ADDRESS.count_one("127.0.0.1")
    answer = client.post(reverse("certificate_check", args=[tenant.slug]), {"text": "x"})
    assert answer.status_code == 429


def test_whoever_asked_downloads_it_with_the_code_and_nobody_else(
    client: Client, tenant: Property, asked: tuple[Certificate, str]
) -> None:
    certificate, code = asked
    address = reverse("request_certificate", args=[tenant.slug, code])
    answer = client.get(address)
    assert (answer.status_code, answer.content) == (200, certificates.file(certificate))
    assert "attachment" in answer["Content-Disposition"]
    sheet = client.get(address, {"format": "pdf"})
    assert sheet["Content-Type"] == "application/pdf"
    words = "".join(part.get_textpage().get_text_bounded() for part in pypdfium2.PdfDocument(sheet.content))
    assert certificate.number in words
    assert NAME not in words
    assert client.get(reverse("request_certificate", args=[tenant.slug, "AAAA-BBBB-CCCC-DDDD"])).status_code == 404
    other = factories.make_property()
    assert client.get(reverse("request_certificate", args=[other.slug, code])).status_code == 404


def test_the_tracking_page_leads_to_it_once_it_is_issued(
    client: Client, tenant: Property, asked: tuple[Certificate, str]
) -> None:
    code = asked[1]
    file = reverse("request_certificate", args=[tenant.slug, code])
    shown = client.get(reverse("request_track", args=[tenant.slug, code])).content.decode()
    assert f'href="{file}"' in shown and f'href="{file}?format=pdf"' in shown
    factories.rewrite(Erasure.objects.all(), is_certified=False)
    assert file not in client.get(reverse("request_track", args=[tenant.slug, code])).content.decode()


def test_a_wrong_code_and_one_without_a_certificate_say_what_to_do(client: Client, tenant: Property) -> None:
    wrong = client.get(reverse("request_certificate", args=[tenant.slug, "AAAA-BBBB-CCCC-DDDD"]))
    assert "Please compare every letter and digit" in wrong.content.decode()
    _request, code = requests.receive(tenant=tenant, kind=RequestKind.DELETE, name=NAME, contact="13800138000")
    early = client.get(reverse("request_certificate", args=[tenant.slug, code]), follow=True)
    assert "We have your request" in early.content.decode()
