"""What a paper may cost: counted in bytes unpacked and read, for all streams of a file together."""

import secrets
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from tenants.rights.kinds import AttachmentKind
from tenants.rights.rules import papers
from tenants.rights.rules.papers import NotAPaper, kind_of

HEAD, END = b"%PDF-1.7\n", b"\n%%EOF"
MOST = 8 * 1000 * 1000


class Counted:
    """zlib's own, with what went in and came out."""

    work = {"streams": 0, "read": 0, "unpacked": 0}

    def __init__(self, bits: int = zlib.MAX_WBITS) -> None:
        self.work["streams"] += 1
        self.inner = zlib.decompressobj(bits)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def decompress(self, piece: bytes, *most: int) -> bytes:
        self.work["read"] += len(piece)
        out = self.inner.decompress(piece, *most)
        self.work["unpacked"] += len(out)
        return out


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    Counted.work = {"streams": 0, "read": 0, "unpacked": 0}

    class Zlib:
        decompressobj = Counted
        error, MAX_WBITS = zlib.error, zlib.MAX_WBITS

    monkeypatch.setattr(papers, "zlib", Zlib)
    return Counted.work


def pdf(*parts: bytes) -> bytes:
    return HEAD + b"".join(b"stream\n" + part + b"\nendstream\n" for part in parts) + END


def stored(part: bytes) -> bytes:
    """A block of deflate that holds these bytes as they are; another one follows."""
    return b"\x00" + len(part).to_bytes(2, "little") + (len(part) ^ 0xFFFF).to_bytes(2, "little") + part


def without_checksum(part: bytes) -> bytes:
    return zlib.compress(part, 9)[:-4] + b"\x00\x00\x00\x00"


def broken(part: bytes) -> bytes:
    """Unpacks to this, and breaks then: there is no third kind of block."""
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"\x78\x01" + packing.compress(part) + packing.flush(zlib.Z_FULL_FLUSH) + b"\x07" * 100


@pytest.mark.parametrize(
    "content",
    [
        pdf(*[zlib.compress(b"a" * 1_000_000, 9)] * 500),
        pdf(*[without_checksum(b"a" * 1_000_000)] * 500),
        pdf(*[broken(b"a" * 20_000)] * 4000),
        HEAD + stored(b"stream\n\x78\x01") * 140_000 + END,
        pdf(*[zlib.compress(b"")] * 20_000),
    ],
    ids=["many", "many without a checksum", "many that break", "overlapping", "many empty"],
)
def test_a_paper_costs_no_more_than_its_bounds(content: bytes, work: dict[str, int]) -> None:
    with pytest.raises(NotAPaper) as refused:
        kind_of(content)
    assert refused.value.code == "too_much"
    assert work["unpacked"] <= MOST + 66_048 and work["read"] <= MOST and work["streams"] <= 5000, work


@pytest.mark.parametrize("ends", [without_checksum, broken])
def test_what_stands_before_a_break_is_looked_at(ends: Callable[[bytes], bytes]) -> None:
    """A reader shows it, too."""
    with pytest.raises(NotAPaper) as refused:
        kind_of(pdf(ends(b"q BI /W 8 /H 8 ID \x01\x02 EI Q " + secrets.token_hex(200).encode())))
    assert refused.value.code == "picture"


def test_an_ordinary_paper_is_taken(work: dict[str, int]) -> None:
    page = zlib.compress(b"BT (hello) Tj ET\n" * 200)
    assert kind_of(pdf(*[page] * 300)) == AttachmentKind.PDF
    assert work["streams"] == 300
