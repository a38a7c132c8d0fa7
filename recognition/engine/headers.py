"""Reads what a photo's first bytes declare, without any decoder.

The web process sees hostile files; a C decoder there is a risk it does not need. Formats: JPEG
(ITU-T T.81 B.2), PNG and its animation chunk (W3C PNG third edition), WebP (RFC 9649).
"""

from dataclasses import dataclass

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_PARTS = 2_000  # a real photo has dozens; a made one could have millions, each costing time
_STANDALONE_MARKERS = {0x01, *range(0xD0, 0xD9)}
_FRAME_MARKERS = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Header:
    format: str  # JPEG, PNG, WEBP or GIF
    width: int
    height: int
    animated: bool


class UnknownFormat(ValueError):
    """The first bytes belong to none of the formats read here."""


class BrokenHeader(ValueError):
    """The format is known but its header is cut off or contradicts itself."""


def read(data: bytes) -> Header:
    """What the file says it is. Raises UnknownFormat or BrokenHeader."""
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
        if data.startswith(PNG_SIGNATURE):
            return _png(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
        if data.startswith((b"GIF87a", b"GIF89a")):
            return _gif(data)
    except IndexError as error:
        raise BrokenHeader("the header is cut off") from error
    raise UnknownFormat("no known photo format")


def _number(data: bytes, start: int, length: int, order: str = "big") -> int:
    part = data[start : start + length]
    if len(part) != length:
        raise BrokenHeader("the header is cut off")
    return int.from_bytes(part, "big" if order == "big" else "little")


def _jpeg(data: bytes) -> Header:
    # Phones append a second picture (depth, gain map) behind the first: still one photo.
    at = 2
    for _ in range(MAX_PARTS):
        if data[at] != 0xFF:
            raise BrokenHeader("a JPEG segment does not start where it should")
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte before the marker
            at += 1
            continue
        at += 2
        if marker in _STANDALONE_MARKERS:
            continue
        if marker in {0xD9, 0xDA}:
            raise BrokenHeader("the JPEG has no frame before its data")
        if marker in _FRAME_MARKERS:
            return Header("JPEG", _number(data, at + 5, 2), _number(data, at + 3, 2), animated=False)
        length = _number(data, at, 2)
        if length < 2:
            raise BrokenHeader("a JPEG segment has no length")
        at += length
    raise BrokenHeader("the JPEG has too many segments before its picture")


def _png(data: bytes) -> Header:
    if data[12:16] != b"IHDR":
        raise BrokenHeader("the PNG does not begin with its header")
    width, height = _number(data, 16, 4), _number(data, 20, 4)
    at, animated = 8, False
    for _ in range(MAX_PARTS):
        kind = data[at + 4 : at + 8]
        if kind == b"IDAT" or at >= len(data):
            return Header("PNG", width, height, animated)
        animated = animated or kind == b"acTL"
        at += 12 + _number(data, at, 4)
    raise BrokenHeader("the PNG has too many chunks before its picture")


def _webp(data: bytes) -> Header:
    kind = data[12:16]
    if kind == b"VP8X":
        animated = bool(data[20] & 0x02)
        return Header("WEBP", 1 + _number(data, 24, 3, "little"), 1 + _number(data, 27, 3, "little"), animated)
    if kind == b"VP8L":
        bits = _number(data, 21, 4, "little")
        return Header("WEBP", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF), animated=False)
    if kind == b"VP8 ":
        width, height = _number(data, 26, 2, "little"), _number(data, 28, 2, "little")
        return Header("WEBP", width & 0x3FFF, height & 0x3FFF, animated=False)
    raise BrokenHeader("the WebP has no picture chunk")


def _gif(data: bytes) -> Header:
    # Refused either way; more than one graphic control block only chooses the better sentence.
    width, height = _number(data, 6, 2, "little"), _number(data, 8, 2, "little")
    return Header("GIF", width, height, animated=data.count(b"\x21\xf9\x04") > 1)
