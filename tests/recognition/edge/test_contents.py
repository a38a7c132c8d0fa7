"""What of a face is found in a request, one test for each form, and what passes."""

import base64
import bz2
import gzip
import io
import json
import math
import pickle
import random
import secrets
import struct
import tarfile
import textwrap
import uuid
import zipfile
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from recognition.edge.contents import find_face_bytes

JSON = "application/json"


def picture(kind: str = "JPEG", size: int = 64) -> bytes:
    noise = random.Random(4)  # noqa: S311 - noise of a picture
    image = Image.frombytes("RGB", (size, size), noise.randbytes(size * size * 3))
    into = io.BytesIO()
    image.save(into, kind)
    return into.getvalue()


def template(dimension: int = 128) -> bytes:
    chance = random.Random(5)  # noqa: S311 - not a secret
    values = [chance.gauss(0, 1) for _ in range(dimension)]
    length = math.sqrt(sum(value * value for value in values))
    return struct.pack(f"<{dimension}f", *(value / length for value in values))


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def found(value: object, *, content_type: str = JSON) -> str:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return find_face_bytes(body, content_type=content_type)


JPEG, VECTOR = picture(), template()
KINDS = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "JPEG2000"]
HEADS = {
    "heic": b"\x00\x00\x00\x18ftypheic" + bytes(100),
    "avif": b"\x00\x00\x00\x1cftypavif" + bytes(100),
    "jxl": b"\x00\x00\x00\x0cJXL \r\n\x87\n" + bytes(100),
    "jxl bare": b"\xff\x0a" + bytes(100),
    "npy": b"\x93NUMPY\x01\x00v\x00{'descr': '<f4'}" + VECTOR,
    "pickle": pickle.dumps({"numpy": [1.0] * 10}, protocol=5),
    "array": pickle.dumps(__import__("array").array("f", [0.1] * 99)),
}


def zipped(data: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "nothing")
        archive.writestr("b", data)
    return into.getvalue()


def tarred(data: bytes) -> bytes:
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w") as archive:
        entry = tarfile.TarInfo("b")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return into.getvalue()


WRAPPINGS: dict[str, Callable[[bytes], object]] = {
    "base64": b64,
    "base64url": lambda data: base64.urlsafe_b64encode(data).decode().rstrip("="),
    "hex": lambda data: data.hex(),
    "hex in pairs": lambda data: data.hex(" "),
    "hex with colons": lambda data: data.hex(":"),
    "lines": lambda data: base64.encodebytes(data).decode(),
    "short pieces": lambda data: " ".join(textwrap.wrap(b64(data), 7)),
    "after words": lambda data: "here it is 3 " + "\n".join(textwrap.wrap(b64(data), 60)),
    "pieces in a list": lambda data: textwrap.wrap(b64(data), 50),
    "data URI": lambda data: f"data:image/jpeg;base64,{b64(data)}",
    "percent": lambda data: "".join(f"%{byte:02x}" for byte in data),
    "JSON in JSON": lambda data: json.dumps({"receipt": json.dumps({"v": b64(data)})}),
    "base64 twice": lambda data: b64(b64(data).encode()),
    "as a key": lambda data: {b64(data): 1},
}


@pytest.mark.parametrize("what", [JPEG, VECTOR], ids=["picture", "template"])
@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_a_picture_and_a_template_are_found_in(wrapping: str, what: bytes) -> None:
    assert found({"note": "ordinary", "deep": [{"er": WRAPPINGS[wrapping](what)}]})


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_picture_is_found_raw_and_wrapped(kind: str) -> None:
    data = picture(kind)
    assert found(data, content_type="image/x-anything")
    assert found({"text": "\n".join(textwrap.wrap(b64(data), 76))}) == "picture"


@pytest.mark.parametrize("name", HEADS)
def test_every_other_file_of_faces_is_found_raw_and_wrapped(name: str) -> None:
    assert found(HEADS[name])
    assert found({"text": " ".join(textwrap.wrap(b64(HEADS[name]), 40))})


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, zlib.compress, zipped, tarred])
@pytest.mark.parametrize("what", [JPEG, VECTOR], ids=["picture", "template"])
def test_what_is_packed_is_found(pack: Callable[[bytes], bytes], what: bytes) -> None:
    assert found({"text": b64(pack(what))})
    assert found({"text": "\n".join(textwrap.wrap(b64(pack(zipped(what))), 76))})


def test_a_part_of_a_form_is_found_whatever_it_says_it_is() -> None:
    def form(content: bytes, kind: str = "text/plain") -> bytes:
        return b'--b\r\nContent-Disposition: form-data; name="note"\r\nContent-Type: %s\r\n\r\n%s\r\n--b--\r\n' % (
            kind.encode(),
            content,
        )

    multipart = 'multipart/form-data; boundary="b"'
    for content in (JPEG, VECTOR, b64(JPEG).encode(), zipped(JPEG), secrets.token_bytes(300)):
        assert found(form(content), content_type=multipart)
    assert not found(form("两位住户，一张卡。".encode()), content_type=multipart)
    assert found(b"note=" + b64(JPEG).replace("+", "%2B").encode(), content_type="application/x-www-form-urlencoded")
    assert find_face_bytes(b"", query="note=" + b64(JPEG).replace("+", "%2B"))


def test_numbers_as_a_template_has_them_are_found() -> None:
    values = list(struct.unpack("<128f", VECTOR))
    assert found({"v": values}) == found([values[:64]]) == "numbers"
    assert found({"rows": [values[at : at + 8] for at in range(0, 128, 8)]}) == "numbers"
    assert found({f"v{at}": value for at, value in enumerate(values)}) == "numbers"
    assert found({"v": ", ".join(f"{value:.6f}" for value in values)}) == "numbers"
    assert not found({"v": values[:40]})


def test_doubles_and_the_other_order_are_found() -> None:
    values = struct.unpack("<128f", VECTOR)
    for form in ("<128d", ">128f", ">128d"):
        assert found({"v": "\n".join(textwrap.wrap(b64(struct.pack(form, *values)), 64))}) == "template"


def test_a_bomb_and_what_lies_too_deep_are_refused_unseen() -> None:
    nested = b"nothing at all"
    for _level in range(12):
        nested = gzip.compress(nested)
    for data in (gzip.compress(bytes(40_000_000)), zipped(bytes(40_000_000)), bz2.compress(bytes(40_000_000)), nested):
        assert found({"text": "\n".join(textwrap.wrap(b64(data), 76))})


ORDINARY = {
    "a long text": "第十三条 设备应当设在公共区域。The quick brown fox jumps over 12 lazy dogs, and again. " * 200,
    "a long text without stops": "the quick brown fox jumps over the lazy dog and 7 sleepy cats " * 200,
    "UUIDs in a list": [str(uuid.UUID(int=number * 2**90 + 77)) for number in range(1, 400)],
    "UUIDs in lines": "\n".join(str(uuid.UUID(int=number * 2**91 + 12345)) for number in range(1, 400)),
    "events": {
        "events": [
            {"id": str(uuid.UUID(int=n * 7**40)), "at": "2026-01-05T08:00:00+08:00", "method": "face", "person": None,
             "allowed": False, "rule": "no_match"}
            for n in range(1, 500)
        ]
    },
    "a receipt": {
        "receipt": json.dumps(
            {"v": 1, "device": str(uuid.UUID(int=3**70)), "order": 17, "kind": "delete", "person": None}
        ),
        "signature": b64(random.Random(1).randbytes(64)),  # noqa: S311 - any bytes
    },
    "keys": {name: b64(random.Random(at).randbytes(32)) for at, name in enumerate(("signing_key", "sealing_key"))},  # noqa: S311
    "a pairing code": {"code": f"cpc_{'3f' * 16}_{'a7' * 16}_{'09' * 32}"},
    "addresses": "https://portal.example/p/palm-bay/notice/1/8b9f889f6ec0c795/ " * 20,
    "rooms": ", ".join(str(room) for room in range(101, 999)),
    "prices": "1.50 元, 2.00 元, 13.80 元。" * 60,
    "hashes": "\n".join(f"{number:064x}"[::-1] for number in range(3**30, 3**30 + 50)),
}  # fmt: skip


@pytest.mark.parametrize("name", ORDINARY)
def test_what_people_and_terminals_really_send_passes(name: str) -> None:
    assert found({"text": ORDINARY[name]}) == ""


def test_signatures_and_keys_pass_whatever_their_bytes() -> None:
    chance = random.Random(9)  # noqa: S311 - any bytes
    for _time in range(2000):
        body = {
            "signature": b64(chance.randbytes(64)),
            "key": b64(chance.randbytes(32)),
            "hex": chance.randbytes(64).hex(),
        }
        assert found(body) == ""


HOSTILE = [
    ("a" * 500_000, "bytes"), ("1" * 500_000, "bytes"), ("%41" * 170_000, "bytes"),
    ("9 " * 250_000, "too_much"), ("H4sI " * 100_000, "too_much"), ("A " * 250_000, "too_much"),
    ("Ab Cd " * 85_000, "too_much"), (("41 " * 23 + "zz ") * 7_000, "too_much"), (["A1"] * 85_000, "too_much"),
    ("a " * 250_000, ""), ("0.1" * 160_000, ""), ("ab:" * 160_000, ""), ("[" * 500_000, ""), (" " * 500_000, ""),
    (("1.5 " * 62 + "zz ") * 2_000, ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "answer"), HOSTILE, ids=[str(text[:6]) for text, _answer in HOSTILE])
def test_a_hostile_text_is_judged(text: object, answer: str) -> None:
    """Read again for each of its places, one of these would take an hour."""
    assert found({"text": text}) == answer


def test_a_form_of_thousands_of_parts_is_refused() -> None:
    assert find_face_bytes(b"--a" * 170_000, content_type="multipart/form-data; boundary=a") == "too_much"
