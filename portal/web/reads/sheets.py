"""Poster, door sign, flyer and desk script: what stands on them, the same on the page and in the PDF."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.pdf import Drawer, draw
from portal.web.qr import qr_svg
from portal.web.reads.notices import permanent_address
from portal.web.reads.ways import doors_of, ways_at
from tenants.organizations.models import Property
from tenants.premises.kinds import MethodKind
from tenants.premises.models import AccessPoint
from tenants.transparency.models import Notice

# The largest type that fits one sheet.
SIZES = ("sheet-roomy", "", "sheet-dense", "sheet-densest")
STYLES = ("poster.css", "flyer.css")


@dataclass(frozen=True)
class Sheet:
    """`use` says where it belongs. A sheet in both languages at once has one file for all readers; one that
    `hangs_at_a_door` is printed for each."""

    name: str
    template: str
    title: Promise
    use: Promise
    is_bilingual: bool = False
    hangs_at_a_door: bool = False


POSTER = Sheet(
    "poster",
    "public/_poster.html",
    gettext_lazy("Poster"),
    gettext_lazy("A4. Hang it beside the device, at eye level."),
    hangs_at_a_door=True,
)
SIGN = Sheet(
    "sign",
    "public/_door_sign.html",
    gettext_lazy("Door sign"),
    gettext_lazy("A5, lying. Hang it on the door at eye level, so that it is read before the device sees anybody."),
    hangs_at_a_door=True,
)
FLYER = Sheet(
    "flyer",
    "public/_flyer.html",
    gettext_lazy("Flyer"),
    gettext_lazy("Three on a lying A4 sheet. Cut along the lines, and lay them out at the desk and in letter boxes."),
)
DESK = Sheet(
    "desk",
    "public/_desk_script.html",
    gettext_lazy("Desk script"),
    gettext_lazy("A4, in both languages. It lies behind the desk, where whoever answers can read it."),
    is_bilingual=True,
)
SHEETS = {sheet.name: sheet for sheet in (POSTER, SIGN, FLYER, DESK)}


def face_doors(tenant: Property) -> QuerySet[AccessPoint]:
    """Return the doors that offer a face, each of which may have a sheet of its own."""
    return AccessPoint.objects.filter(tenant=tenant, methods__kind=MethodKind.FACE).select_related(AccessPoint.CHAIN)


def address_on(request: HttpRequest, notice: Notice) -> str:
    """Return where the code on a sheet leads; a draft has no address yet."""
    return permanent_address(request, notice) if notice.content_hash else ""


def contents(
    *, sheet: Sheet, tenant: Property, notice: Notice, address: str, door: AccessPoint | None = None
) -> dict[str, Any]:
    """Return what a sheet says, in the language of the moment, for one door or for all."""
    return {
        "tenant": tenant,
        "notice": notice,
        "told": dict(notice.items),
        "address": address,
        "code": qr_svg(address, label=_("QR code of the notice's public address")) if address else "",
        "door": door,
        "ways": _ways(tenant, door),
        "columns": [_column(code, tenant, door) for code, _name in settings.LANGUAGES] if sheet.is_bilingual else [],
    }


def _ways(tenant: Property, door: AccessPoint | None) -> str:
    """Only what works today at the door where it hangs, as conveniently as a face: a sign must be true (Art 5)."""
    return ways_at(door) if door else doors_of(tenant).methods


def _column(language: str, tenant: Property, door: AccessPoint | None) -> dict[str, str]:
    with translation.override(language):
        return {"language": language, "ways": _ways(tenant, door)}


def pdf(
    *,
    sheet: Sheet,
    tenant: Property,
    notice: Notice,
    address: str,
    language: str,
    door: AccessPoint | None = None,
    drawer: Drawer = draw,
) -> bytes:
    """Return the sheet as a PDF in a language, in the largest type that stays on one page.

    A text that fits none goes on overleaf; then the code stands above it, so that the first page has it whatever
    becomes of the others.
    """
    with translation.override(language):
        context = contents(sheet=sheet, tenant=tenant, notice=notice, address=address, door=door)
        context |= {"sheet": sheet.template, "language": language}
        for size in SIZES:
            document = drawer("print/sheet.html", context | {"size": size}, styles=STYLES)
            if len(document.pages) == 1:
                return document.write_pdf()
        context |= {"size": "sheet-long", "is_long": True}
        return drawer("print/sheet.html", context, styles=STYLES).write_pdf()
