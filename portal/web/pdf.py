"""PDF files from the portal's own templates, drawn in the web process.

Nothing is fetched: the style sheets are read from the portal's own `static/`, codes are inline SVG, fonts are the
system's. An address in a text that asks for anything else is refused, so that no manager's text can make the
server call out.
"""

import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from PIL import ImageFile

STYLES = settings.BASE_DIR / "static" / "css"
# `draw`, or what stands in for it: it takes what `draw` takes.
Drawer = Callable[..., Any]
logger = logging.getLogger(__name__)


class Refused(ValueError):
    """Something in a document wanted to be fetched."""


class CannotDraw(RuntimeError):
    """This machine lacks what draws a PDF."""


def refuse(url: str, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
    """The fetcher of every document: it fetches nothing."""
    raise Refused(f"A document may not fetch {url[:80]}.")


def draw(template: str, context: dict[str, Any], *, styles: Sequence[str]) -> Any:
    """Lay a template out; the answer has `pages` and `write_pdf()`. `styles` are names of files in static/css.

    Raises CannotDraw when Pango is not installed.
    """
    try:
        from weasyprint import CSS, HTML  # loads Pango: only where a PDF is asked for
    except OSError as error:
        raise CannotDraw(str(error)) from error

    # Its import tells Pillow, for the whole process, that half a picture will do. For an upload it will not.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    sheets = [CSS(filename=str(STYLES / name), url_fetcher=refuse) for name in styles]
    return HTML(string=render_to_string(template, context), url_fetcher=refuse).render(stylesheets=sheets)


def answer(request: HttpRequest, write: Callable[[], bytes], *, name: str, disposition: str = "inline") -> HttpResponse:
    """Return the PDF that `write` gives, or a page that says what the machine lacks."""
    try:
        body = write()
    except CannotDraw as error:
        logger.error("No PDF: %s", error)
        return render(request, "no_pdf.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
    return HttpResponse(
        body, content_type="application/pdf", headers={"Content-Disposition": f'{disposition}; filename="{name}.pdf"'}
    )
