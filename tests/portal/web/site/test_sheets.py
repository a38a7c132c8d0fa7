"""Poster and door sign as PDF: the code on the paper leads to exactly that version, and nothing is fetched."""

import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.urls import resolve, reverse
from PIL import Image

from portal.stack.parts import has_cjk_font, has_pango
from portal.web.demo.texts import COMPOUND, notice_texts
from portal.web.pdf import CannotDraw, Refused, draw, refuse
from portal.web.urls import site
from portal.web.views.assessment_files import AssessmentFile
from portal.web.views.me import Receipt
from portal.web.views.sheets import DeskFile, FlyerFile, PosterFile, SignFile
from tenants.clearance.services import activate_device
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.premises.kinds import MethodKind
from tenants.premises.models import AccessPoint, Device
from tenants.premises.services.doors import update_door
from tenants.transparency.models import Notice
from tests import factories

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not has_pango(), reason="Pango is not installed, so WeasyPrint cannot write a PDF."),
]

A4, A4_LYING, A5 = (210, 297), (297, 210), (210, 148)
LANGUAGES = ("zh-hans", "en")


@pytest.fixture
def notice(tenant: Property) -> Notice:
    """The demonstration's texts, so that the sheets are as full as in life."""
    notice = factories.make_notice(tenant, **notice_texts(COMPOUND, tenant.handler))
    factories.make_active_device(tenant)
    return notice


@pytest.fixture
def pdf(client: Client, at: Callable[..., str]) -> Callable[..., bytes]:
    def fetch(sheet: str, notice: Notice, language: str = "zh-hans", door: AccessPoint | None = None) -> bytes:
        wanted = {"language": language} | ({"door": str(door.pk)} if door else {})
        answer = client.get(at(f"notice_{sheet}_pdf", notice), wanted)
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_no_sheet_holds_goes_on_overleaf_and_the_first_sheet_has_the_code(
    tenant: Property, notice: Notice, pdf: Callable[..., bytes], language: str
) -> None:
    enter_tenant(tenant.pk)
    endless = factories.make_notice(tenant, rights_en="Stop here. " * 350, rights_zh="停手。" * 1050)
    content = pdf("poster", endless, language)
    sizes = millimetres(content)
    assert len(sizes) > 1
    assert set(sizes) == {A4}
    # Between two pages stands the foot of the first: a word is whole, a sentence may not be.
    word, times = ("here.", 350) if language == "en" else ("手", 1050)
    assert text_of(content).count(word) == times
    first, *others = pages(content)
    (code,) = zxingcpp.read_barcodes(first)
    assert f"/{endless.version}/" in code.text
    assert [page for page in others if zxingcpp.read_barcodes(page)] == []
    assert f"1/{len(sizes)}" in text_of(content)


def test_a_sign_with_every_way_to_pass_stays_on_one_sheet(
    tenant: Property, notice: Notice, pdf: Callable[..., bytes]
) -> None:
    enter_tenant(tenant.pk)
    door = factories.make_door(tenant, methods=tuple(MethodKind), name="Gate " * 16)
    factories.make_device(tenant, door)
    for sheet, size, gates in (("sign", A5, 16), ("poster", A4, 16), ("flyer", A4_LYING, 0), ("desk", A4, 0)):
        content = pdf(sheet, notice, "en", door)
        assert millimetres(content) == [size]
        assert [way for way in ("Card", "PIN", "QRpass", "Staffeddesk") if way not in text_of(content)] == []
        assert text_of(content).count("Gate") == gates
        assert zxingcpp.read_barcodes(pages(content)[0])


def test_a_way_on_other_terms_is_not_printed_as_the_same_door_and_free(
    client: Client, tenant: Property, notice: Notice, pdf: Callable[..., bytes], at: Callable[..., str]
) -> None:
    enter_tenant(tenant.pk)
    door = Device.objects.get().access_point
    dear = {"pin": {"fee": Decimal(20), "distance_m": 80}, "face": {}, "card": {}}
    update_door(tenant=tenant, door=door, zone=door.zone, name=door.name, methods=dear)
    for sheet in ("sign", "poster"):
        for chosen in (None, door):
            words = text_of(pdf(sheet, notice, "en", chosen))
            assert "Card" in words
            assert "PIN" not in words
        page = client.get(at(f"notice_{sheet}", notice), HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert f"PIN at {door.name}: costs 20 yuan, 80 m from the door" in page


def test_a_sheet_for_every_door_names_only_what_opens_every_door(
    client: Client, tenant: Property, notice: Notice, pdf: Callable[..., bytes], at: Callable[..., str]
) -> None:
    enter_tenant(tenant.pk)
    other = factories.make_door(tenant, methods=(MethodKind.FACE, MethodKind.PIN))
    activate_device(tenant=tenant, device=factories.make_device(tenant, other)[0])
    words = text_of(pdf("sign", notice, "en"))
    assert not any(way in words for way in ("Card", "PIN"))
    assert "Askthestaff" in words
    assert "thesamedoor" not in words
    page = client.get(at("notice_sign", notice), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Choose a door" in page
    chosen = client.get(at("notice_sign", notice), {"door": str(other.pk)}, HTTP_ACCEPT_LANGUAGE="en")
    assert chosen.context["ways"] == "PIN"
    assert f"door={other.pk}" in chosen.content.decode()
    assert "PIN" in text_of(pdf("sign", notice, "en", other))


def test_a_door_that_is_not_ours_has_no_sheet_here(client: Client, notice: Notice, at: Callable[..., str]) -> None:
    for wrong in ("x", "00000000-0000-4000-8000-000000000000", "\x00"):
        page = client.get(at("notice_sign", notice), {"door": wrong})
        assert (page.status_code, page.context["door"]) == (200, None)


@pytest.mark.parametrize(
    ("address", "is_local"),
    [
        ("https://doors.example.cn", False),
        ("https://doors.example.cn/", False),
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", True),
        ("http://0.0.0.0", True),
        ("http://[::1]:8000", True),
        ("http://desk.local", True),
        ("", True),
    ],
)
def test_the_code_leads_where_the_public_gets_and_not_where_the_manager_sits(
    client: Client, notice: Notice, at: Callable[..., str], settings: Any, address: str, is_local: bool
) -> None:
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = address, ["127.0.0.1"]
    page = client.get(at("notice_sign", notice), HTTP_HOST="127.0.0.1", HTTP_ACCEPT_LANGUAGE="en")
    expected = address.rstrip("/") or "http://127.0.0.1"
    assert page.context["address"].startswith(f"{expected}/p/")
    assert ("Do not print this yet" in page.content.decode()) == is_local


def no_pango(*_args: object, **_kwargs: object) -> None:
    raise CannotDraw("cannot load library 'libpango-1.0-0'")


def test_without_pango_every_file_says_what_is_missing(
    client: Client, tenant: Property, notice: Notice, at: Callable[..., str]
) -> None:
    signed, visit = factories.make_assessment(tenant), factories.make_visit(tenant)
    factories.agree(visit)
    link = factories.make_link(tenant, visit.person)
    consent = visit.person.consents.first()
    files = {
        PosterFile: at("notice_poster_pdf", notice),
        SignFile: at("notice_sign_pdf", notice),
        FlyerFile: at("notice_flyer_pdf", notice),
        DeskFile: at("notice_desk_pdf", notice),
        AssessmentFile: at("assessment_pdf", signed),
        Receipt: reverse("me_receipt", args=[tenant.slug, link, consent.pk]) + "?format=pdf",
    }
    for view, address in files.items():
        # A request as the middleware leaves it.
        request = client.get(address, HTTP_ACCEPT_LANGUAGE="en").wsgi_request
        enter_tenant(tenant.pk)
        answer = view.as_view(drawer=no_pango)(request, **resolve(urlsplit(address).path).kwargs)
        assert answer.status_code == 503, view
        assert "libpango-1.0-0" in answer.content.decode()


def test_every_file_is_tried_without_pango() -> None:
    """The one that takes a format is found by its own page; the others by their address."""
    found = {entry.callback.view_class for entry in site.urlpatterns if "pdf" in str(entry.pattern)}
    assert found == {PosterFile, SignFile, FlyerFile, DeskFile, AssessmentFile}


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
