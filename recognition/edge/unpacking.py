"""Open archives within bounds, in memory. What is larger or deeper than the bounds is not opened at all."""

import bz2
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

MAX_MEMBERS = 200
_CHUNK = 64 * 1024


class TooMuch(Exception):
    """It unpacks to more than may be looked at, so it is refused unseen."""


class Budget:
    """How many bytes may still be looked at, over everything that one request holds."""

    def __init__(self, size: int) -> None:
        self.left = size

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise TooMuch


def members(data: bytes, budget: Budget) -> Iterator[bytes] | None:
    """Return what an archive holds, one after the other; None when these bytes are no archive. Raises TooMuch.

    A broken archive yields what could be read of it.
    """
    if data[:2] == b"\x1f\x8b":
        return _stream(zlib.decompressobj(31), data, budget)
    if data[:3] == b"BZh" and data[4:10] == b"1AY&SY":
        return _stream(bz2.BZ2Decompressor(), data, budget)
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06") or zipfile.is_zipfile(io.BytesIO(data)):
        return _zip(data, budget)
    if data[257:262] == b"ustar":
        return _tar(data, budget)
    if len(data) > 8 and data[0] & 0x0F == 8 and data[0] >> 4 <= 7 and int.from_bytes(data[:2]) % 31 == 0:
        return _zlib(data, budget)
    return None


def _stream(opener: Any, data: bytes, budget: Budget) -> Iterator[bytes]:
    yield _inflate(opener, data, budget)


def _zlib(data: bytes, budget: Budget) -> Iterator[bytes]:
    """Two bytes are little evidence: only what really unpacks is one."""
    unpacked = _inflate(zlib.decompressobj(), data, budget)
    if unpacked:
        yield unpacked


def _inflate(opener: Any, data: bytes, budget: Budget) -> bytes:
    """Unpack one stream, chunk by chunk; of a broken one what came before the break."""
    found, waiting = bytearray(), data
    while not opener.eof:
        try:
            piece = opener.decompress(waiting, _CHUNK)
        except (zlib.error, OSError, EOFError, ValueError):
            break
        budget.take(len(piece))
        found += piece
        waiting = getattr(opener, "unconsumed_tail", b"")  # bz2 keeps its own
        if not piece and not waiting:
            break
    return bytes(found)


def _zip(data: bytes, budget: Budget) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_MEMBERS or any(entry.flag_bits & 1 for entry in entries):
                raise TooMuch  # an encrypted member cannot be looked at
            for entry in entries:
                with archive.open(entry) as member:
                    yield _all_of(member, budget)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise TooMuch from error


def _tar(data: bytes, budget: Budget) -> Iterator[bytes]:
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for number, entry in enumerate(archive):
                if number >= MAX_MEMBERS:
                    raise TooMuch
                member = archive.extractfile(entry) if entry.isreg() else None
                if member is not None:
                    yield _all_of(member, budget)
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise TooMuch from error


def _all_of(member: IO[bytes], budget: Budget) -> bytes:
    found = bytearray()
    while piece := member.read(_CHUNK):
        budget.take(len(piece))
        found += piece
    return bytes(found)
