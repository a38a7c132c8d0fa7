"""What may be sent along with a message: told by its content, never by its name. PDF or plain text, no picture."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from tenants.rights.kinds import AttachmentKind

MOST_BYTES = 2 * 1000 * 1000
MOST_PAPERS = 3
KEPT_FOR = timedelta(days=90)
KEPT_AFTER_CLOSING = timedelta(days=30)

_PIECE = 64  # bytes read at once
_MOST_OF_PIECE = _PIECE * 1032  # deflate makes no more of them
# A picture is a stream of its own, whose dictionary always stands in the open (ISO 32000-2, 7.5.7); the last two
# are filters that only pictures have. A face or an identity card would come as one.
_PICTURE = re.compile(rb"/Subtype\s*/Image\b|/(?:DCT|DCF|JPX|CCITTFax|CCF|JBIG2)(?:Decode)?\b")
# What acts, hides or carries another file is no paper.
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|Encrypt|OpenAction|AA)\b")
# A small picture can also stand within the drawing of a page.
_INLINE = re.compile(rb"(?<!\S)(BI|ID)(?=\s)")
_MOST_OF_INLINE = 2000  # bytes between the two
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
# A picture that was written out as text: a long run without a space. It is looked for where a run begins only.
_RUN = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_=-]{600,}")
_ALLOWED_CONTROLS = frozenset("\t\n\r\f")


class NotAPaper(ValueError):
    """`code` says why: `empty`, `too_large`, `too_much` (once unpacked), `not_taken`, `picture` or `active`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def kind_of(content: bytes) -> AttachmentKind:
    """Return what a paper is. Raises NotAPaper for anything but a PDF without pictures or plain UTF-8 text."""
    if not content:
        raise NotAPaper("empty")
    if len(content) > MOST_BYTES:
        raise NotAPaper("too_large")
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return AttachmentKind.PDF
    _check_text(content)
    return AttachmentKind.TEXT


def plain_name(name: str) -> str:
    """Return a file name without its folders and without anything that a header or a page could trip over."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*;')
    return kept.strip(". ")[-120:]


def _check_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-1024:]:
        raise NotAPaper("not_taken")
    names = _ESCAPED.sub(lambda found: bytes([int(found.group(1), 16)]), content)
    if _ACTIVE.search(names):
        raise NotAPaper("active")
    if _PICTURE.search(names):
        raise NotAPaper("picture")
    for drawing in _inflated(content):
        if _ACTIVE.search(drawing):
            raise NotAPaper("active")
        if _PICTURE.search(drawing) or _has_inline(drawing):
            raise NotAPaper("picture")


def _has_inline(drawing: bytes) -> bool:
    """Look for BI and a near ID in one pass: what is sent here was made by anybody, and costs nobody a minute."""
    begun = None
    for found in _INLINE.finditer(drawing):
        if found.group(1) == b"BI":
            begun = found.end()
            continue
        is_near = begun is not None and found.start() - begun <= _MOST_OF_INLINE + 2
        if is_near and b"\x00" not in drawing[begun : found.start()]:
            return True
    return False


@dataclass
class _Left:
    """What the streams of a file may still cost together. They may overlap, and all of them are looked into."""

    unpacked: int = 8 * 1000 * 1000
    read: int = 4 * MOST_BYTES
    streams: int = 5000

    def spend(self, *, unpacked: int = 0, read: int = 0, streams: int = 0) -> None:
        """Raises NotAPaper when it is too much."""
        self.unpacked, self.read, self.streams = self.unpacked - unpacked, self.read - read, self.streams - streams
        if min(self.unpacked, self.read, self.streams) < 0:
            raise NotAPaper("too_much")


def _inflated(content: bytes) -> Iterator[bytes]:
    """Yield what the streams unpack to, each as far as it does. Raises NotAPaper past the bounds for all of them."""
    left, whole = _Left(), memoryview(content)  # no copy of the rest for every stream
    for found in _STREAM.finditer(content):
        left.spend(streams=1)
        text = _inflate(whole[found.end() :], left)
        yield _ESCAPED.sub(lambda escaped: bytes([int(escaped.group(1), 16)]), text)


def _inflate(rest: memoryview, left: _Left) -> bytes:
    """Unpack a stream to its end or its first error. Its checksum is not looked at: readers show it all the same."""
    if not _is_packed(bytes(rest[:2])):
        return b""
    unpacking, parts, read = zlib.decompressobj(-zlib.MAX_WBITS), [], 2
    while not unpacking.eof and read < len(rest):
        piece = rest[read : read + _PIECE]
        read += len(piece)
        left.spend(read=len(piece))
        try:
            parts.append(unpacking.decompress(piece))
        except zlib.error:
            left.spend(unpacked=_MOST_OF_PIECE)  # how much it made of this piece nobody knows
            break
        left.spend(unpacked=len(parts[-1]))
    return b"".join(parts)


def _is_packed(head: bytes) -> bool:
    """Say whether two bytes are the header of zlib, without a dictionary of its own (RFC 1950, 2.2)."""
    return len(head) == 2 and head[0] & 15 == 8 and int.from_bytes(head) % 31 == 0 and not head[1] & 32


def _check_text(content: bytes) -> None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotAPaper("not_taken") from None
    if any(ord(c) < 32 and c not in _ALLOWED_CONTROLS for c in text) or "\x7f" in text:
        raise NotAPaper("not_taken")
    if _RUN.search(text):
        raise NotAPaper("picture")
