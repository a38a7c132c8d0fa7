"""PDF files from the portal's own templates, drawn in the web process.

Nothing is fetched: the style sheets are read from the portal's own `static/`, codes are inline SVG, fonts are the
system's. An address in a text that asks for anything else is refused, so that no manager's text can make the
server call out.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from PIL import ImageFile

STYLES = settings.BASE_DIR / "static" / "css"


class Refused(ValueError):
    """Something in a document wanted to be fetched."""


def refuse(url: str, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
    """The fetcher of every document: it fetches nothing."""
    raise Refused(f"A document may not fetch {url[:80]}.")


def draw(template: str, context: dict[str, Any], *, styles: Sequence[str]) -> Any:
    """Lay a template out; the answer has `pages` and `write_pdf()`. `styles` are names of files in static/css."""
    from weasyprint import CSS, HTML  # loads Pango: only where a PDF is asked for

    # Its import tells Pillow, for the whole process, that half a picture will do. For an upload it will not.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    sheets = [CSS(filename=str(STYLES / name), url_fetcher=refuse) for name in styles]
    return HTML(string=render_to_string(template, context), url_fetcher=refuse).render(stylesheets=sheets)
