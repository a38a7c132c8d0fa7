"""Paper for the desk as PDF: three flyers on one sheet, and what the desk says and never says in both languages."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
import zxingcpp
from django.test import Client
from django.urls import resolve

from portal.stack.parts import has_cjk_font, has_pango
from portal.web.demo.texts import COMPOUND, notice_texts
from tenants.organizations.models import Property
from tenants.transparency.models import Notice
from tests import factories
from tests.portal.web.site.test_sheets import A4, A4_LYING, LANGUAGES, millimetres, pages, text_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not has_pango(), reason="Pango is not installed, so WeasyPrint cannot write a PDF."),
]


@pytest.fixture
def notice(tenant: Property) -> Notice:
    """The demonstration's texts, so that the sheets are as full as in life."""
    notice = factories.make_notice(tenant, **notice_texts(COMPOUND, tenant.handler))
    factories.make_active_device(tenant)
    return notice


@pytest.fixture
def pdf(client: Client, at: Callable[..., str]) -> Callable[[str, Notice, str], bytes]:
    return lambda sheet, notice, language: client.get(at(f"notice_{sheet}_pdf", notice), {"language": language}).content


@pytest.mark.parametrize("language", LANGUAGES)
def test_three_flyers_lie_on_one_sheet_and_each_has_the_code(
    notice: Notice, pdf: Callable[[str, Notice, str], bytes], language: str
) -> None:
    content = pdf("flyer", notice, language)
    assert millimetres(content) == [A4_LYING]
    codes = zxingcpp.read_barcodes(pages(content)[0])
    assert len(codes) == 3
    assert {resolve(urlsplit(code.text).path).kwargs["version"] for code in codes} == {notice.version}
    words = text_of(content)
    assert words.count("Youneednotuseit" if language == "en" else "同一扇门") == 3


@pytest.mark.skipif(not has_cjk_font(), reason="No Chinese font is installed (fonts-noto-cjk).")
def test_the_desk_script_is_one_sheet_in_both_languages(
    client: Client, notice: Notice, pdf: Callable[[str, Notice, str], bytes], at: Callable[..., str]
) -> None:
    """Whoever prints it, in whichever language: each column names the other ways in its own."""
    for language in LANGUAGES:
        content = pdf("desk", notice, language)
        assert millimetres(content) == [A4]
        words = text_of(content)
        assert "Thisiswhatwesay" in words and "Thiswenever" in words
        assert "yourface,orCard" in words
        assert "门禁卡" in words
        assert len(zxingcpp.read_barcodes(pages(content)[0])) == 1
    page = client.get(at("notice_desk", notice), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "PDF in both languages" in page and "PDF in Chinese" not in page
    assert page.count('class="desk-column"') == 2


def test_flyer_and_desk_script_are_offered_on_the_page_of_a_published_notice(
    client: Client, notice: Notice, at: Callable[..., str]
) -> None:
    page = client.get(at("notice", notice)).content.decode()
    for sheet in ("flyer", "desk"):
        assert at(f"notice_{sheet}", notice) in page
        assert client.get(at(f"notice_{sheet}", notice)).status_code == 200
