"""Poster and door sign as PDF: the code on the paper leads to exactly that version, and nothing is fetched."""

import io
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from portal.stack.parts import has_cjk_font, has_pango
from portal.web.demo.texts import COMPOUND, notice_texts
from portal.web.pdf import Refused, draw, refuse
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.premises.kinds import MethodKind
from tenants.transparency.models import Notice
from tests import factories

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not has_pango(), reason="Pango is not installed, so WeasyPrint cannot write a PDF."),
]

A4, A5 = (210, 297), (210, 148)
LANGUAGES = ("zh-hans", "en")


@pytest.fixture
def notice(tenant: Property) -> Notice:
    """The demonstration's texts, so that the sheets are as full as in life."""
    notice = factories.make_notice(tenant, **notice_texts(COMPOUND, tenant.handler))
    factories.make_active_device(tenant)
    return notice


@pytest.fixture
def pdf(client: Client, at: Callable[..., str]) -> Callable[..., bytes]:
    def fetch(sheet: str, notice: Notice, language: str = "zh-hans") -> bytes:
        answer = client.get(at(f"notice_{sheet}_pdf", notice), {"language": language})
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        return answer.content

    return fetch


def pages(content: bytes) -> list[Image.Image]:
    return [page.render(scale=2).to_pil() for page in pypdfium2.PdfDocument(io.BytesIO(content))]


def text_of(content: bytes) -> str:
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(content)))
    return re.sub(r"\s", "", text)


def millimetres(content: bytes) -> list[tuple[int, int]]:
    sizes = [page.get_size() for page in pypdfium2.PdfDocument(io.BytesIO(content))]
    return [(round(width / 72 * 25.4), round(height / 72 * 25.4)) for width, height in sizes]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("sheet", "size"), [("poster", A4), ("sign", A5)])
def test_the_code_on_the_paper_leads_to_exactly_this_version(
    tenant: Property,
    notice: Notice,
    pdf: Callable[..., bytes],
    sheet: str,
    size: tuple[int, int],
    language: str,
) -> None:
    content = pdf(sheet, notice, language)
    assert millimetres(content) == [size], "One sheet"
    (picture,) = pages(content)
    (code,) = zxingcpp.read_barcodes(picture)
    # Another version comes into force; the paper still hangs.
    factories.make_notice(tenant, rights_zh="改了措辞")
    page = Client().get(urlsplit(code.text).path)
    assert (page.status_code, page.context["notice"].pk) == (200, notice.pk)
    assert page.context["notice"].content_hash == notice.content_hash
    assert notice.content_hash in page.content.decode()


@pytest.mark.skipif(not has_cjk_font(), reason="No Chinese font is installed (fonts-noto-cjk).")
@pytest.mark.parametrize("sheet", ["poster", "sign"])
def test_a_sheet_says_what_happens_here_and_that_one_need_not(
    tenant: Property, notice: Notice, pdf: Callable[..., bytes], sheet: str
) -> None:
    english = text_of(pdf(sheet, notice, "en"))
    assert "Facerecognitionisusedhere" in english
    assert "Youneednotuseit" in english
    assert "Card" in english
    chinese = text_of(pdf(sheet, notice, "zh-hans"))
    assert tenant.name in chinese
    assert "门禁卡" in chinese


def test_the_poster_carries_the_items_that_a_passer_by_needs(notice: Notice, pdf: Callable[..., bytes]) -> None:
    words = text_of(pdf("poster", notice, "en"))
    for item in ("handler_contact", "purpose_method", "retention", "rights", "complaint"):
        # Characters that only another font has, such as a Chinese name, are left out of the comparison.
        plain = re.sub(r"[^A-Za-z0-9]", "", getattr(notice, f"{item}_en"))
        assert plain in re.sub(r"[^A-Za-z0-9]", "", words), item


def test_a_long_text_gets_smaller_type_and_stays_on_one_sheet(
    tenant: Property, notice: Notice, pdf: Callable[..., bytes]
) -> None:
    enter_tenant(tenant.pk)
    long = factories.make_notice(tenant, **notice_texts(COMPOUND, tenant.handler) | {"rights_en": "Stop here. " * 60})
    assert millimetres(pdf("poster", long, "en")) == [A4]


def test_a_text_that_no_sheet_holds_goes_on_to_a_second(
    tenant: Property, notice: Notice, pdf: Callable[..., bytes]
) -> None:
    enter_tenant(tenant.pk)
    endless = factories.make_notice(tenant, rights_en="Stop here. " * 350)
    content = pdf("poster", endless, "en")
    assert set(millimetres(content)) == {A4}
    assert text_of(content).count("Stophere.") == 350


def test_a_sign_with_every_way_to_pass_stays_on_one_sheet(
    tenant: Property, notice: Notice, pdf: Callable[..., bytes]
) -> None:
    enter_tenant(tenant.pk)
    factories.make_door(tenant, methods=tuple(MethodKind))
    assert millimetres(pdf("sign", notice, "en")) == [A5]


def test_an_unknown_language_gives_the_readers_own(client: Client, at: Callable[..., str], notice: Notice) -> None:
    answer = client.get(at("notice_sign_pdf", notice), {"language": "../etc"}, HTTP_ACCEPT_LANGUAGE="en")
    assert answer["Content-Disposition"].endswith('-en.pdf"')


def test_what_a_manager_writes_fetches_nothing(tenant: Property, notice: Notice, pdf: Callable[..., bytes]) -> None:
    enter_tenant(tenant.pk)
    tricky = '<img src="http://169.254.169.254/secret"><link rel=stylesheet href="file:///etc/passwd">'
    written = factories.make_notice(tenant, rights_en=tricky)
    assert "169.254.169.254/secret" in text_of(pdf("poster", written, "en")), "Shown as text, not followed"


@pytest.mark.parametrize(
    "address", ["http://example.com/a.png", "file:///etc/passwd", "/static/img/logo.svg", "data:,"]
)
def test_the_fetcher_of_documents_fetches_nothing(address: str) -> None:
    with pytest.raises(Refused):
        refuse(address)


def test_a_missing_style_sheet_is_an_error_and_not_an_ugly_poster(notice: Notice) -> None:
    with pytest.raises(FileNotFoundError):
        draw("print/sheet.html", {"sheet": "public/_door_sign.html", "notice": notice}, styles=["no-such.css"])
