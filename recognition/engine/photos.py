"""From untrusted bytes to pixels: `sniff` in the web process, `decode` in the recognition worker.

Photos are never written to a file, not even a temporary one. Importing this loads neither NumPy
nor Pillow: only `decode` does.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from recognition.engine import headers
from recognition.engine.codes import FaceRejected, RejectionCode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

MAX_BYTES = 10 * 1000 * 1000
MAX_PIXELS = 50 * 1000 * 1000
FORMATS = ("JPEG", "PNG", "WEBP")
CONTENT_TYPES = ("image/jpeg", "image/png", "image/webp")  # for the file chooser of a page

# A face worth enrolling is still several hundred pixels high at this size, and no photo costs
# the worker more than 27 MB of pixels after it is decoded.
WORKING_SIDE = 3000
# From twice this size on a JPEG is decoded at half, quarter or eighth: a third of the time for 12 megapixels.
DRAFT_SIDE = 2000


def sniff(data: bytes) -> None:
    """Refuses by declared content what the worker would refuse anyway, without decoding anything.

    Raises FaceRejected: EMPTY_FILE, TOO_LARGE_FILE, NOT_A_PHOTO, ANIMATED, TOO_MANY_PIXELS, DAMAGED.
    The name and the content type that a browser sends are not evidence and are not looked at.
    """
    if not data:
        raise FaceRejected(RejectionCode.EMPTY_FILE)
    if len(data) > MAX_BYTES:
        raise FaceRejected(RejectionCode.TOO_LARGE_FILE)
    try:
        header = headers.read(data)
    except headers.UnknownFormat as error:
        raise FaceRejected(RejectionCode.NOT_A_PHOTO) from error
    except headers.BrokenHeader as error:
        raise FaceRejected(RejectionCode.DAMAGED) from error
    if header.animated:
        raise FaceRejected(RejectionCode.ANIMATED)
    if header.format not in FORMATS:
        raise FaceRejected(RejectionCode.NOT_A_PHOTO)
    _refuse_size(header.width, header.height)


def decode(data: bytes) -> NDArray[np.uint8]:
    """RGB pixels (height, width, 3), upright by EXIF, longest side at most WORKING_SIDE.

    Raises FaceRejected: as `sniff`, and DAMAGED when the bytes end early or make no picture.
    """
    sniff(data)
    import numpy as np

    try:
        # Copied, because a view of Pillow's memory cannot be wiped after use.
        return np.array(_upright_rgb(data), dtype=np.uint8)
    except FaceRejected:
        raise
    except Exception as error:
        # Whatever a decoder raises on hostile bytes means the same to the person who sent them.
        raise FaceRejected(RejectionCode.DAMAGED) from error


def _refuse_size(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise FaceRejected(RejectionCode.DAMAGED)
    if width * height > MAX_PIXELS:
        raise FaceRejected(RejectionCode.TOO_MANY_PIXELS)


def _upright_rgb(data: bytes) -> Image:
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = Image.open(io.BytesIO(data), formats=FORMATS)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise FaceRejected(RejectionCode.TOO_MANY_PIXELS) from error
    with image:
        # The decoder's own reading of the size decides, should it differ from the header's.
        _refuse_size(*image.size)
        share = min(1.0, DRAFT_SIDE / max(image.size))
        image.draft("RGB", (max(1, int(image.width * share)), max(1, int(image.height * share))))
        image.load()
        orientation = image.getexif().get(0x0112, 1)
        small = _rgb(_bounded(_plain(image)))
    small.getexif()[0x0112] = orientation
    return ImageOps.exif_transpose(small)


def _plain(image: Image) -> Image:
    """In a mode that can be reduced. Most are one already, and a copy of 50 megapixels costs 200 MB."""
    from PIL import Image as Pillow

    if image.mode.startswith("I"):  # 16 bit grey; a plain conversion would cut off, not scale
        import numpy as np

        return Pillow.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def _rgb(image: Image) -> Image:
    from PIL import Image as Pillow

    if image.mode == "RGBA":
        white = Pillow.new("RGBA", image.size, "white")
        white.alpha_composite(image)
        image = white
    return image.convert("RGB")


def _bounded(image: Image) -> Image:
    longest = max(image.size)
    if longest <= WORKING_SIDE:
        return image
    scale = WORKING_SIDE / longest
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, reducing_gap=2.0)
