"""Hostile files: real photos of small size, damaged in every way that a sender can think of. Always the same ones."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Iterator

from PIL import Image

from tests.photos import encoded, opened

Chance = random.Random
Damage = Callable[[bytes, Chance], bytes]

PNG_START = 8
EXIF_MARK = b"Exif\0\0"


def mutated(count: int, *, seed: int = 4) -> Iterator[tuple[str, bytes]]:
    """`count` files, each with the name of its damage. One in four shows a face, so that damage reaches the models."""
    chance = random.Random(seed)  # noqa: S311 - repeatable damage, no secret
    faces, others = _seeds(opened("obama.jpg").crop((330, 40, 650, 440)).resize((176, 220))), _seeds(_scene())
    for number in range(count):
        damage = DAMAGES[number % len(DAMAGES)]
        seeds = faces if chance.random() < 0.25 else others
        data = damage(chance.choice(seeds), chance)
        if chance.random() < 0.3:
            data = chance.choice(DAMAGES)(data, chance)
        yield damage.__name__.strip("_"), data


def _scene() -> Image.Image:
    return opened("coffee.png").resize((120, 80))


def _seeds(picture: Image.Image) -> list[bytes]:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x9286] = 6, "a photo", b"UNICODE\0said"
    return [
        encoded(picture, exif=exif, quality=90),
        encoded(picture, quality=90, progressive=True),
        encoded(picture.convert("CMYK")),
        encoded(picture, "PNG", exif=exif),
        encoded(picture.convert("P"), "PNG"),
        encoded(picture.convert("RGBA"), "PNG"),
        encoded(picture, "WEBP", exif=exif),
        encoded(picture, "WEBP", lossless=True),
    ]


def _flipped(data: bytes, chance: Chance) -> bytes:
    """A few bytes anywhere."""
    body = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 64))):
        if body:
            body[chance.randrange(len(body))] = chance.randrange(256)
    return bytes(body)


def _flipped_at_the_start(data: bytes, chance: Chance) -> bytes:
    """A few bytes where formats declare what follows."""
    body = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        if body:
            body[chance.randrange(min(len(body), 120))] = chance.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF))
    return bytes(body)


def _truncated(data: bytes, chance: Chance) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _with_a_hole(data: bytes, chance: Chance) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.randint(1, 400) :]


def _with_a_run(data: bytes, chance: Chance) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + bytes([chance.choice((0, 0xFF, 0x20))]) * chance.randint(1, 5000) + data[start:]


def _shuffled(data: bytes, chance: Chance) -> bytes:
    """PNG chunks in another order, their sums intact; other formats in blocks, their first block in its place."""
    parts = _chunks(data)
    if len(parts) < 3:
        step = max(16, len(data) // chance.randint(3, 12))
        parts = [data[at : at + step] for at in range(0, len(data), step)]
    head, rest = parts[:1], parts[1:]
    chance.shuffle(rest)
    return (data[:PNG_START] if _is_png(data) else b"") + b"".join([*head, *rest])


def _lying(data: bytes, chance: Chance) -> bytes:
    """Another width, height, depth or colour than the picture has, and sums that fit the lie."""
    size = [chance.choice((0, 1, 2, 8, 300, 6000, 7070, 16384, 65535)) for _ in range(2)]
    if _is_png(data):
        depth, kind = chance.choice((1, 2, 4, 8, 16, 3)), chance.choice((0, 2, 3, 4, 6, 5))
        header = struct.pack(">IIBBBBB", *size, depth, kind, 0, 0, chance.choice((0, 1)))
        return data[:PNG_START] + _chunk(b"IHDR", header) + data[PNG_START + 25 :]
    body = bytearray(data)
    if data[:4] == b"RIFF":
        at = 24 if data[12:16] == b"VP8X" else 26
        body[at : at + 4] = struct.pack("<HH", *size)
        return bytes(body)
    for marker in (b"\xff\xc0", b"\xff\xc2"):
        at = data.find(marker)
        if at >= 0:
            body[at + 5 : at + 10] = struct.pack(">HHB", *size, chance.choice((0, 1, 2, 3, 4, 255)))
    return bytes(body)


def _with_strange_exif(data: bytes, chance: Chance) -> bytes:
    """An orientation out of range, entries that point past the end or to themselves, or noise."""
    order, mark = chance.choice((("<", b"II"), (">", b"MM")))
    entries = [
        (0x0112, chance.choice((3, 4, 9)), 1, chance.choice((0, 3, 6, 9, 255, 65535))),
        (0x8769, 4, 1, chance.choice((8, 0, 0xFFFFFFFF))),
        (0x010E, 2, chance.choice((1, 0xFFFFFF, 0x7FFFFFFF)), chance.choice((8, 0xFFFF0000))),
    ]
    tiff = mark + struct.pack(f"{order}HIH", 42, 8, chance.choice((len(entries), 0, 65535)))
    tiff += b"".join(struct.pack(f"{order}HHII", *entry) for entry in entries) + struct.pack(f"{order}I", 8)
    blob = EXIF_MARK + chance.choice((tiff, chance.randbytes(64), tiff[: chance.randrange(len(tiff))]))
    if data[:2] == b"\xff\xd8":
        return data[:2] + b"\xff\xe1" + struct.pack(">H", len(blob) + 2) + blob + data[2:]
    if _is_png(data):
        return data[: PNG_START + 25] + _chunk(b"eXIf", blob[len(EXIF_MARK) :]) + data[PNG_START + 25 :]
    return data + b"EXIF" + struct.pack("<I", len(blob)) + blob


def _of_two(data: bytes, chance: Chance) -> bytes:
    """One format's beginning on another's body."""
    other = encoded(Image.new("RGB", (40, 30), "red"), chance.choice(("JPEG", "PNG", "WEBP", "GIF", "BMP")))
    at = chance.randrange(min(len(data), len(other), 64) + 1)
    return other[:at] + data[at:] if chance.random() < 0.5 else data + other


def _is_png(data: bytes) -> bool:
    return data.startswith(b"\x89PNG\r\n\x1a\n")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _chunks(data: bytes) -> list[bytes]:
    if not _is_png(data):
        return []
    found, at = [], PNG_START
    while at + 12 <= len(data):
        length = struct.unpack(">I", data[at : at + 4])[0]
        found.append(data[at : at + 12 + length])
        at += 12 + length
    return found


DAMAGES: tuple[Damage, ...] = (
    _flipped,
    _flipped_at_the_start,
    _truncated,
    _with_a_hole,
    _with_a_run,
    _shuffled,
    _lying,
    _with_strange_exif,
    _of_two,
)
