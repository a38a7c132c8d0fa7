"""By which bytes a picture, an array or an archive is known. Pure, and nothing is decoded as a picture."""

import array
import math
import re

# Enough to tell floats from chance: 32 random values are never all of an ordinary size.
FEWEST_FLOATS = 32
SMALLEST, LARGEST = 1e-9, 1e4

SMALLEST_PICTURE = 100  # bytes, of those whose beginning is so short that a key or a signature may have it
_SHORT_STARTS = (
    b"\xff\xd8\xff",  # JPEG
    b"\xff\x0a",  # JPEG XL
    b"\xff\x4f\xff\x51",  # JPEG 2000
    b"II*\x00",  # TIFF
    b"MM\x00*",
    b"II+\x00",
    b"MM\x00+",
)
_STARTS = (
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"\x00\x00\x00\x0cjP  ",  # JPEG 2000
    b"\x00\x00\x00\x0cJXL ",  # JPEG XL
    b"\x93NUMPY",
    b"8BPS",
    b"%PDF-",  # carries pictures
    b"\x89HDF\r\n\x1a\n",
)
_BRANDS = (b"hei", b"hev", b"mif", b"msf", b"avi", b"jxl", b"mp4", b"iso", b"qt ")
_BMP_HEADERS = {12, 16, 40, 52, 56, 64, 108, 124}
# Longer signatures, which chance does not write into the middle of other bytes.
_ANYWHERE = re.compile(
    rb"\xff\xd8\xff(?:\xe0..JFIF|\xe1..(?:Exif|http)|\xe2..ICC|\xee..Adobe|\xdb\x00[\x43\x84]|\xfe\x00)"
    rb"|\x89PNG\r\n\x1a\n|RIFF....WEBP|GIF8[79]a|\x93NUMPY[\x01-\x03]\x00"
    rb"|\x00ftyp(?:heic|heix|hevc|mif1|msf1|avif|avis)|\x00\x00\x00\x0c(?:jP  |JXL )\r\n\x87\n",
    re.DOTALL,
)
_PICKLE = re.compile(rb"numpy|ndarray|torch|array\n|\x05array|\x8c\x05array|PIL\.|tensor")
# Archives that this portal does not open: what is in them cannot be seen, so they are refused as they are.
_CLOSED = (b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x04\x22\x4d\x18", b"MSCF")


def is_picture(data: bytes) -> bool:
    """Say whether bytes begin as a picture, a stored array or a closed archive does."""
    if data.startswith(_STARTS) or data.startswith(_CLOSED):
        return True
    if len(data) >= SMALLEST_PICTURE and data.startswith(_SHORT_STARTS):
        return True
    if data[:4] == b"RIFF" and data[8:12] in (b"WEBP", b"AVI "):
        return True
    if data[4:8] == b"ftyp" and data[8:11].lower() in _BRANDS:
        return True
    if data[:2] == b"BM" and len(data) > 26 and int.from_bytes(data[14:18], "little") in _BMP_HEADERS:
        return True
    return data[:1] == b"\x80" and data[1:2] in b"\x02\x03\x04\x05" and bool(_PICKLE.search(data[:4096]))


def has_picture(data: bytes) -> bool:
    """Say whether a picture or an array begins anywhere in bytes that are no text."""
    return is_picture(data) or bool(_ANYWHERE.search(data))


def is_vector(data: bytes) -> bool:
    """Say whether bytes are floats as a template is: all finite and of an ordinary size. Both widths, both orders."""
    return any(_are_floats(data, code) for code in ("f", "d"))


def _are_floats(data: bytes, code: str) -> bool:
    width = array.array(code).itemsize
    data = data[: len(data) - len(data) % width]
    if len(data) < FEWEST_FLOATS * width:
        return False
    for swap in (False, True):
        values = array.array(code, data)
        if swap:
            values.byteswap()
        if all(value == 0 or SMALLEST <= abs(value) <= LARGEST for value in values) and any(values):
            return all(math.isfinite(value) for value in values)
    return False


def is_text(data: bytes) -> bool:
    """Say whether bytes are ordinary text in UTF-8, without control characters."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text)


_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
