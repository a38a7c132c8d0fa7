"""A signed assessment on paper holds every word that was signed, and fetches nothing."""

from collections.abc import Callable

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import enter_tenant
from tenants.transparency.services import assessments
from tests import factories

pytestmark = pytest.mark.django_db

At = Callable[..., str]


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    return "".join(pages.split())


def test_the_file_holds_what_was_signed(client: Client, tenant: Property, owner: User, at: At) -> None:
    draft = assessments.start_draft(tenant=tenant, actor=owner)
    texts = {field: f"第{n}段：住户双手提物时不便刷卡。" for n, field in enumerate(draft.texts)}
    risks = [{"title": "人脸特征泄露", "likelihood": 2, "impact": 5, "measure": "一人一密钥", "owner": "隐私负责人"}]
    factories.make_device(tenant)
    edited = assessments.edit(
        tenant=tenant, assessment=draft, actor=owner, conclusion="acceptable", risks=risks, **texts
    )
    signer = factories.colleague_of(tenant, owner)
    signed = assessments.sign(tenant=tenant, assessment=edited, actor=signer, people_count=1)
    answer = client.get(at("assessment_pdf", signed), HTTP_ACCEPT_LANGUAGE="en")
    assert answer["Content-Type"] == "application/pdf"
    said = words(answer.content)
    wanted = [
        *texts.values(),
        "人脸特征泄露",
        "一人一密钥",
        "隐私负责人",
        signed.content_hash,
        tenant.handler.credit_code,
    ]
    assert [word for word in wanted if "".join(str(word).split()) not in said] == []


def test_the_same_version_gives_the_same_file(client: Client, tenant: Property, at: At) -> None:
    signed = factories.make_assessment(tenant)
    assert client.get(at("assessment_pdf", signed)).content == client.get(at("assessment_pdf", signed)).content


def test_a_draft_has_no_file(client: Client, tenant: Property, owner: User, at: At) -> None:
    draft = assessments.start_draft(tenant=tenant, actor=owner)
    assert client.get(at("assessment_pdf", draft))["Location"] == at("assessment", draft)


def test_a_replaced_version_says_so(client: Client, tenant: Property, at: At) -> None:
    first = factories.make_assessment(tenant)
    factories.make_assessment(tenant)
    enter_tenant(tenant.pk)
    said = words(client.get(at("assessment_pdf", first), HTTP_ACCEPT_LANGUAGE="en").content)
    assert "Alaterversionhasreplacedthisone" in said


def test_a_small_handler_gets_its_own_table_and_a_declaration_on_page_and_paper(
    client: Client, tenant: Property, owner: User, at: At
) -> None:
    draft = assessments.start_draft(tenant=tenant, actor=owner)
    texts = {field: f"第{n}项的内容" for n, field in enumerate(draft.texts, start=1)}
    written = texts | {"conclusion": "acceptable", "track": "small"}
    draft = assessments.edit(tenant=tenant, assessment=draft, actor=owner, **written)
    signer = factories.colleague_of(tenant, owner)
    signed = assessments.sign(tenant=tenant, assessment=draft, actor=signer, people_count=1)
    page = client.get(at("assessment", signed), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    table = BeautifulSoup(page, "html.parser").select_one("table.annex")
    assert [cell.text for cell in table.select("thead th")] == [
        "No.", "Situation", "Content", "Conclusion", "Remarks",
    ]  # fmt: skip
    rows = [[cell.text for cell in row.select("td")] for row in table.select("tbody tr")]
    assert [row[2] for row in rows] == list(texts.values())
    assert {("☑" in row[3], "☐" in row[3]) for row in rows} == {(True, True)}
    said = words(client.get(at("assessment_pdf", signed), HTTP_ACCEPT_LANGUAGE="en").content)
    for text in (
        "Declaration",
        f"{tenant.handler.name} declares that",
        "Signature:",
        "Check its official text",
        *texts.values(),
    ):
        assert text in page
        assert "".join(text.split()) in said, text


def test_the_full_form_has_no_such_table(client: Client, tenant: Property, at: At) -> None:
    signed = factories.make_assessment(tenant)
    page = client.get(at("assessment", signed), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "annex" not in page
    assert "Declaration" not in page
