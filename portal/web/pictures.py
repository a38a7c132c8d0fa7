"""Pictures of places: a sign, a floor plan. Judged by content, decoded within bounds, written anew without metadata.

Not for photos of people: those go to the recognition worker unopened (docs/decisions/0006).
"""

import io
import warnings

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from recognition.engine import headers

MAX_BYTES = 3_000_000
MAX_PIXELS = 25_000_000
LONGEST_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP")


def as_jpeg(image: Image.Image) -> bytes:
    """Return a picture as JPEG bytes without metadata."""
    written = io.BytesIO()
    image.save(written, "JPEG", quality=82, optimize=True)
    return written.getvalue()


def rewrite(data: bytes) -> bytes:
    """Return an uploaded JPEG, PNG or WebP upright, at most LONGEST_SIDE wide or high, as a fresh JPEG.

    Raises ValidationError: `empty`, `too_large`, `not_a_picture`. The declared name and type are not looked at.
    """
    if not data:
        raise ValidationError(_("The file is empty."), code="empty")
    if len(data) > MAX_BYTES:
        raise ValidationError(_("The picture is too large (3 MB)."), code="too_large")
    try:
        header = headers.read(data)
        if header.format in FORMATS and not header.animated and 0 < header.width * header.height <= MAX_PIXELS:
            return as_jpeg(_decoded(data))
    except Exception as error:
        # Whatever a decoder raises on hostile bytes means the same to the person who sent them.
        raise _not_a_picture() from error
    raise _not_a_picture()


def size(jpeg: bytes) -> tuple[int, int]:
    """Return width and height of a picture that `rewrite` gave."""
    header = headers.read(jpeg)
    return header.width, header.height


def _decoded(data: bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        if image.width * image.height > MAX_PIXELS:
            raise ValueError("more pixels than the header said")
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG: decode at a fraction, in bounded memory
        image.load()
    upright = ImageOps.exif_transpose(image)
    flat = Image.new("RGB", upright.size, "white")
    over = upright.convert("RGBA")
    flat.paste(over, mask=over.getchannel("A"))
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return flat


def _not_a_picture() -> ValidationError:
    return ValidationError(
        _("This is not a picture that can be read. Choose a JPEG, PNG or WebP."), code="not_a_picture"
    )
