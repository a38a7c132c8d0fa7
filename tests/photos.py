"""Photos for tests: real ones fetched by package, bad ones made in code. None is committed.

`python -m tests.photos` fetches. The folder is var/photos, or CONSENTRY_PHOTOS. Every photo is
checked by SHA-256, so what the tests measured is what they run on.
"""

from __future__ import annotations

import hashlib
import io
import os
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from filelock import FileLock
from PIL import Image, ImageFilter


@dataclass(frozen=True)
class Archive:
    requirement: str
    sha256: str
    options: tuple[str, ...]
    inside: str  # folder of the photos within the archive
    photos: dict[str, str]  # name: SHA-256


ARCHIVES = (
    # MIT. Official photos of the White House, public domain. 32bit.png shows the same shot as obama2.jpg.
    Archive(
        requirement="face_recognition==1.3.0",
        sha256="5e5efdd1686aa566af0d3cc1313b131e4b197657a8ffd03669e6d3fad92705ec",
        # Its set-up runs to read its metadata, after its hash was checked, with our own setuptools.
        options=("--no-binary", ":all:", "--no-build-isolation"),
        inside="face_recognition-1.3.0/tests/test_images/",
        photos={
            "32bit.png": "44dca895a7d635a4aedddd91a4f37af9a8a5b44e66154282a24645a757b5f627",
            "biden.jpg": "3c17508bb91554c637a2eabddfae790e5bb1caba93130814fc2ac50be9760c4c",
            "obama.jpg": "0930e3aa8cae5920329c0c8cbc6a2ab70f47b0e67b432875beaa95cbf7e741f6",
            "obama2.jpg": "a7efcc907375274796f39646510704aa86672d59f6d5469d69af3c85590976a6",
            "obama3.jpg": "76ac6bf97c36dc2da0ad16a537d6a5ac1b10f48d49aac29a0cca9a17cdbc3ca3",
        },
    ),
    # One fixed wheel for every machine: it is opened, never installed. The astronaut is NASA's, public domain.
    Archive(
        requirement="scikit-image==0.25.2",
        sha256="24cc986e1f4187a12aa319f777b36008764e856e5013666a4a83f8df083c2641",
        options=(
            *("--only-binary", ":all:", "--implementation", "cp", "--abi", "cp311"),
            *("--python-version", "3.11", "--platform", "manylinux2014_x86_64"),
        ),
        inside="skimage/data/",
        photos={
            "astronaut.png": "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
            "chelsea.png": "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
            "coffee.png": "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
        },
    ),
    # MIT. A group of six that its authors test with; opened, never installed.
    Archive(
        requirement="insightface==2.1",
        sha256="dcd58ee79d99d689572477315f3149353afd65a36dc575f597cbb217a7bde399",
        options=("--only-binary", ":all:"),
        inside="insightface/data/images/",
        photos={"t1.jpg": "47f682e945b659f93a9e490b9c9c4a2a864abe64dace9e1a2893845ddfd69489"},
    ),
)


class PhotosUnavailable(RuntimeError):
    """The photos are not here and could not be fetched. The message says why."""


def folder() -> Path:
    return Path(os.environ.get("CONSENTRY_PHOTOS") or Path(__file__).parents[1] / "var" / "photos")


@cache
def fetch() -> Path:
    """The folder with all photos in it. Quick when they are there already; safe between processes."""
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    with FileLock(place / ".lock"):
        for archive in ARCHIVES:
            if not all(_is_intact(place / name, sha256) for name, sha256 in archive.photos.items()):
                _fetch(archive, place)
    return place


def path_of(name: str) -> Path:
    """The file of one real photo."""
    return fetch() / name


def photo(name: str) -> bytes:
    """The bytes of one real photo: `photo("obama.jpg")`."""
    return path_of(name).read_bytes()


def _is_intact(path: Path, sha256: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _fetch(archive: Archive, place: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        wanted = Path(scratch) / "wanted.txt"
        wanted.write_text(f"{archive.requirement} --hash=sha256:{archive.sha256}\n")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        command += [*archive.options, "--dest", scratch, "--requirement", str(wanted)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        packed = [path for path in Path(scratch).iterdir() if path.suffix in {".gz", ".whl"}]
        if ran.returncode or len(packed) != 1:
            raise PhotosUnavailable(f"pip could not download {archive.requirement}: {ran.stderr.strip()[-500:]}")
        for name, sha256 in archive.photos.items():
            content = _member(packed[0], archive.inside + name)
            if hashlib.sha256(content).hexdigest() != sha256:
                raise PhotosUnavailable(f"{name} in {archive.requirement} is not the photo that the tests measured")
            (place / name).write_bytes(content)


def _member(packed: Path, name: str) -> bytes:
    if packed.suffix == ".whl":
        with zipfile.ZipFile(packed) as wheel:
            return wheel.read(name)
    with tarfile.open(packed) as sdist:
        member = sdist.extractfile(name)
        if member is None:
            raise PhotosUnavailable(f"{packed.name} has no {name}")
        return member.read()


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)  # type: ignore[arg-type]  # Pillow leaves the options untyped
    return buffer.getvalue()


def opened(name: str) -> Image.Image:
    return Image.open(io.BytesIO(photo(name))).convert("RGB")


def no_face() -> bytes:
    """A cup of coffee."""
    return encoded(opened("coffee.png"))


def two_faces() -> bytes:
    """Two people side by side, equally large."""
    left, right = opened("obama.jpg").crop((205, 0, 805, 600)), opened("astronaut.png").crop((106, 0, 406, 300))
    both = Image.new("RGB", (1200, 600))
    both.paste(left.resize((600, 600)), (0, 0))
    both.paste(right.resize((600, 600)), (600, 0))
    return encoded(both, quality=95)


def background_face() -> bytes:
    """One person, and another far behind: a fifth as high."""
    picture = opened("obama.jpg")
    picture.paste(opened("astronaut.png").crop((166, 40, 286, 190)).resize((64, 80)), (20, 500))
    return encoded(picture, quality=95)


def tiny() -> bytes:
    """A face of about 45 pixels in a large photo."""
    canvas = Image.new("RGB", (900, 900), "grey")
    person = opened("obama.jpg")
    canvas.paste(person.resize((person.width // 8, person.height // 8)), (400, 400))
    return encoded(canvas, quality=95)


def blurred() -> bytes:
    """A camera that moved or did not focus: a blur of 3 % of the face's height."""
    return encoded(opened("obama.jpg").filter(ImageFilter.GaussianBlur(11)), quality=95)


def dark() -> bytes:
    return encoded(opened("obama.jpg").point(lambda level: level // 7), quality=95)


def cmyk() -> bytes:
    """What a print shop sends."""
    return encoded(opened("obama.jpg").convert("CMYK"), quality=95)


def exif_rotated() -> bytes:
    """What a phone held upright sends: sideways pixels and orientation 6."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return encoded(opened("obama.jpg").rotate(90, expand=True), exif=exif, quality=95)


def empty() -> bytes:
    return b""


def pdf_named_jpg() -> bytes:
    """The name is the sender's claim; only the content counts."""
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def truncated_png() -> bytes:
    """An upload that broke off."""
    whole = encoded(opened("astronaut.png"), "PNG")
    return whole[: len(whole) // 2]


def animated_gif() -> bytes:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)


def bomb_100mp() -> bytes:
    """100 megapixels in about 12 kB: costs nothing to send and 300 MB to decode."""
    side = 10_000
    row = b"\0" * (1 + side // 8)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(row * side, 9))
        + chunk(b"IEND", b"")
    )


# Every bad input by the code that a person must be told.
BAD_INPUTS: dict[str, Callable[[], bytes]] = {
    "no_face": no_face,
    "several_faces": two_faces,
    "face_too_small": tiny,
    "blurred": blurred,
    "too_dark": dark,
    "too_many_pixels": bomb_100mp,
    "not_a_photo": pdf_named_jpg,
    "damaged": truncated_png,
    "animated": animated_gif,
    "empty_file": empty,
}

if __name__ == "__main__":
    sys.stdout.write(f"photos in {fetch()}\n")
