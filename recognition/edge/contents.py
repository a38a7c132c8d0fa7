"""Find the bytes of a picture or of a template in a request, whatever its name or wrapping (Measures Art 8).

Where faces stay on the terminals nothing of a face may come here, and no address takes a file. So what is no text is
refused as it is, and text is looked through for what is wrapped in it. Pure and bounded: what is nested deeper or
unpacks to more than the bounds is refused unseen.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import unquote_to_bytes

from recognition.edge.formats import FEWEST_FLOATS, has_picture, is_picture, is_text, is_vector
from recognition.edge.unpacking import MAX_MEMBERS, Budget, TooMuch, members

MAX_DEPTH = 6
MAX_BYTES = 4 * 1024 * 1024  # eight times what an address takes
MANY_NUMBERS = 64
# A public key has 32 bytes, a signature 64; nothing sealed comes from a terminal. More in one word is something else.
LONGEST_WORD = 200
LONG_FOR_A_WORD = 24
SHORTEST_RAW = 64
FEWEST_PAIRS = 24

_WORD = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
# Each begins where a word begins, and counts what it repeats: a long text is read once.
_RUN = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]+(?:\s+[A-Za-z0-9+/_=-]+)+")
_HEX_PAIRS = re.compile(r"(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[\s:,;-]{1,3})+(?:0x|\\x)?(?:[0-9A-Fa-f]{2})?")
_DECIMALS = re.compile(r"(?:-?\d{0,9}\.\d{1,24}(?:[eE][-+]?\d{1,3})?[\s,;|\[\]]{1,4})+")
_DATA_URI = re.compile(r"data:\s*(?:image|video|audio|application/octet-stream|application/x-)", re.IGNORECASE)
_BOUNDARY = re.compile(rb'boundary="?([^";,\s]{1,200})"?', re.IGNORECASE)
_ODD_IN_WORDS = dict.fromkeys(map(ord, "0123456789+/ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
_WINDOW = 4 * 2 * FEWEST_FLOATS * 2  # characters of base64 that hold enough floats of either width
_WINDOW_COST = 256  # to look at one costs as much time as to pass over so many bytes


class Found(Exception):
    """What was found, in one word: `picture`, `template`, `numbers`, `bytes`, `too_much`."""


def find_face_bytes(body: bytes, *, content_type: str = "", query: str = "") -> str:
    """Say in one word what of a face a request carries, or nothing. See Found."""
    budget = Budget(MAX_BYTES)
    try:
        _text(unquote_to_bytes(query.replace("+", " ")).decode(errors="replace"), budget, 0)
        for part in _parts(body, content_type):
            _look(part, budget, 0)
        if "urlencoded" in content_type:
            _look(unquote_to_bytes(body.replace(b"+", b" ")), budget, 0)
    except Found as found:
        return str(found)
    except TooMuch:
        return "too_much"
    return ""


def _parts(body: bytes, content_type: str) -> Iterator[bytes]:
    """Yield the contents of a form's parts; without a boundary the body as it is."""
    boundary = _BOUNDARY.search(content_type.encode(errors="replace"))
    if not content_type.lower().startswith("multipart/") or boundary is None:
        yield body
        return
    parts = body.split(b"--" + boundary[1], MAX_MEMBERS + 1)
    if len(parts) > MAX_MEMBERS:
        raise TooMuch
    for part in parts:
        head, gap, content = part.partition(b"\r\n\r\n")
        yield content.removesuffix(b"\r\n") if gap else head
        yield head


def _look(data: bytes, budget: Budget, depth: int) -> None:
    """Look through bytes as they came. Raises Found, TooMuch."""
    budget.take(len(data))
    if is_text(data) and not is_picture(data):
        _text(data.decode(), budget, depth)
        return
    _unwrapped(data, budget, depth)
    if len(data) >= SHORTEST_RAW:
        raise Found("bytes")


def _unwrapped(data: bytes, budget: Budget, depth: int) -> None:
    """Look through bytes that were wrapped in something, without refusing them for being bytes."""
    if depth > MAX_DEPTH:
        raise TooMuch
    if has_picture(data):
        raise Found("picture")
    if is_text(data):
        _text(data.decode(), budget, depth)
        return
    if is_vector(data):
        raise Found("template")
    inner = members(data, budget)
    for content in inner or ():
        _unwrapped(content, budget, depth + 1)


def _text(text: str, budget: Budget, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise TooMuch
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if isinstance(document, dict | list):
        _document(document, budget, depth)
    else:
        _string(text, budget, depth)


def _document(document: Any, budget: Budget, depth: int) -> None:
    """Look through every text of a JSON document, keys too, and count its numbers."""
    numbers, waiting = 0, [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            waiting += [*node.keys(), *node.values()]
        elif isinstance(node, list):
            waiting += node
            pieces = [piece for piece in node if isinstance(piece, str)]
            if len(pieces) > 1:
                _split(" ".join(pieces), budget, depth)
        elif isinstance(node, str):
            _nested(node, budget, depth)
        elif isinstance(node, int | float) and not isinstance(node, bool):
            numbers += 1
    if numbers >= MANY_NUMBERS:
        raise Found("numbers")


def _nested(text: str, budget: Budget, depth: int) -> None:
    """A text in a document may be a document itself, as a receipt is."""
    if text[:1] in "[{" and text[:1]:
        _text(text, budget, depth + 1)
    else:
        _string(text, budget, depth)


def _string(text: str, budget: Budget, depth: int) -> None:
    if _DATA_URI.search(text):
        raise Found("picture")
    # Each run is counted when it is over, not asked for many at once: a long text is read once.
    if any(run[0].count(".") >= MANY_NUMBERS - 1 for run in _DECIMALS.finditer(text)):
        raise Found("numbers")
    if "%" in text:
        plain = unquote_to_bytes(text)
        if len(plain) < len(text.encode(errors="replace")):
            budget.take(len(plain))
            _unwrapped(plain, budget, depth + 1)
    for pairs in _HEX_PAIRS.finditer(text):
        if len(pairs[0]) >= 3 * FEWEST_PAIRS:
            _unwrapped(bytes.fromhex(re.sub(r"0x|\\x|[\s:,;-]", "", pairs[0])), budget, depth + 1)
    for word in _WORD.finditer(text):
        _word(word[0], budget, depth)
    _split(text, budget, depth)


def _word(word: str, budget: Budget, depth: int) -> None:
    """One unbroken word, read as base64, base64url and hex."""
    for data in _decoded(word):
        budget.take(len(data))
        _unwrapped(data, budget, depth + 1)
        if len(data) > LONGEST_WORD and not is_text(data):
            raise Found("bytes")


def _split(text: str, budget: Budget, depth: int) -> None:
    """Words that only together are base64 or hex, from wherever they begin."""
    for run in _RUN.finditer(text):
        pieces = run[0].split()
        joined = "".join(pieces)
        if not _looks_encoded(joined, pieces):
            continue
        start = 0
        for piece in pieces:
            window = joined[start : start + _WINDOW]
            if len(window) >= 16 and _looks_encoded(window, (piece,)):
                budget.take(_WINDOW_COST)
                _from(joined, window, start, budget, depth)
            start += len(piece)


def _from(joined: str, window: str, start: int, budget: Budget, depth: int) -> None:
    for head in _decoded(window):
        if is_picture(head) or (len(window) == _WINDOW and is_vector(head)):
            raise Found("picture" if is_picture(head) else "template")
        if head[:2] in (b"\x1f\x8b", b"PK", b"BZ", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda") or (
            head[257:262] == b"ustar"
        ):
            for data in _decoded(joined[start:]):
                budget.take(len(data))
                _unwrapped(data, budget, depth + 1)
    if start == 0:
        for data in _decoded(joined):
            budget.take(len(data))
            _unwrapped(data, budget, depth + 1)


def _looks_encoded(text: str, pieces: Iterable[str]) -> bool:
    """Tell base64 and hex from words of a language, which are short, small and without digits. It only saves time."""
    odd = len(text) - len(text.translate(_ODD_IN_WORDS))
    return odd * 16 >= len(text) or any(len(piece) >= LONG_FOR_A_WORD for piece in pieces)


def _decoded(word: str) -> Iterator[bytes]:
    stripped = word.rstrip("=")
    if len(stripped) % 2 == 0:
        with suppress(ValueError):
            yield bytes.fromhex(stripped)
    usable = stripped[: len(stripped) - 1] if len(stripped) % 4 == 1 else stripped
    plain = usable.translate({ord("-"): "+", ord("_"): "/"})
    try:
        yield base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return
