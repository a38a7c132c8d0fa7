"""Poster and door sign: what stands on them, the same on the page and in the PDF."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from portal.web.pdf import draw
from portal.web.qr import qr_svg
from portal.web.reads.notices import permanent_address
from portal.web.reads.residents import doors_of
from tenants.organizations.models import Property
from tenants.transparency.models import Notice

# The largest type that fits one sheet; a text too long for the smallest goes on to a second.
SIZES = ("sheet-roomy", "", "sheet-dense", "sheet-densest")


@dataclass(frozen=True)
class Sheet:
    name: str
    template: str


POSTER = Sheet("poster", "public/_poster.html")
SIGN = Sheet("sign", "public/_door_sign.html")


def contents(request: HttpRequest, *, tenant: Property, notice: Notice) -> dict[str, Any]:
    """Return what both sheets say, in the language of the moment. A draft has no code yet."""
    address = permanent_address(request, notice) if notice.content_hash else ""
    return {
        "tenant": tenant,
        "notice": notice,
        "told": dict(notice.items),
        "address": address,
        "code": qr_svg(address, label=_("QR code of the notice's public address")) if address else "",
        # Only what works today: a sign must be true (Measures Art 5).
        "ways": doors_of(tenant).methods,
    }


def pdf(request: HttpRequest, *, sheet: Sheet, tenant: Property, notice: Notice, language: str) -> bytes:
    """Return the sheet as a PDF in a language, in the largest type that stays on one page."""
    with translation.override(language):
        context = contents(request, tenant=tenant, notice=notice) | {"sheet": sheet.template, "language": language}
        document = None
        for size in SIZES:
            document = draw("print/sheet.html", context | {"size": size}, styles=["poster.css"])
            if len(document.pages) == 1:
                break
        return document.write_pdf()
