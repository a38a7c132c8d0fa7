"""Poster and door sign: what stands on them, the same on the page and in the PDF."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

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


@dataclass(frozen=True)
class Sheet:
    name: str
    template: str


POSTER = Sheet("poster", "public/_poster.html")
SIGN = Sheet("sign", "public/_door_sign.html")


def face_doors(tenant: Property) -> QuerySet[AccessPoint]:
    """Return the doors that offer a face, each of which may have a sheet of its own."""
    return AccessPoint.objects.filter(tenant=tenant, methods__kind=MethodKind.FACE).select_related(AccessPoint.CHAIN)


def contents(
    request: HttpRequest, *, tenant: Property, notice: Notice, door: AccessPoint | None = None
) -> dict[str, Any]:
    """Return what both sheets say, in the language of the moment, for one door or for all. A draft has no code yet."""
    address = permanent_address(request, notice) if notice.content_hash else ""
    return {
        "tenant": tenant,
        "notice": notice,
        "told": dict(notice.items),
        "address": address,
        "code": qr_svg(address, label=_("QR code of the notice's public address")) if address else "",
        "door": door,
        # Only what works today at the door where it hangs, as conveniently as a face: a sign must be true (Art 5).
        "ways": ways_at(door) if door else doors_of(tenant).methods,
    }


def pdf(
    request: HttpRequest,
    *,
    sheet: Sheet,
    tenant: Property,
    notice: Notice,
    language: str,
    door: AccessPoint | None = None,
    drawer: Drawer = draw,
) -> bytes:
    """Return the sheet as a PDF in a language, in the largest type that stays on one page.

    A text that fits none goes on overleaf; then the code stands above it, so that the first page has it whatever
    becomes of the others.
    """
    with translation.override(language):
        context = contents(request, tenant=tenant, notice=notice, door=door)
        context |= {"sheet": sheet.template, "language": language}
        for size in SIZES:
            document = drawer("print/sheet.html", context | {"size": size}, styles=["poster.css"])
            if len(document.pages) == 1:
                return document.write_pdf()
        context |= {"size": "sheet-long", "is_long": True}
        return drawer("print/sheet.html", context, styles=["poster.css"]).write_pdf()
