"""Hostile and clumsy files, before any model sees them."""

import random
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from django.utils import translation
from PIL import Image

from recognition.engine import codes, headers
from recognition.engine.codes import FaceRejected, RejectionCode
from recognition.engine.photos import FORMATS, MAX_BYTES, MAX_PIXELS, WORKING_SIDE, decode, sniff
from tests import photos

NOISE = Image.effect_noise((320, 240), 60).convert("RGB")


def refusal(function: Callable[[bytes], object], data: bytes) -> RejectionCode | None:
    try:
        function(data)
    except FaceRejected as rejected:
        return rejected.code
    return None


def png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), *chunks]
    body = (struct.pack(">I", len(b)) + k + b + struct.pack(">I", zlib.crc32(k + b)) for k, b in parts)
    return headers.PNG_SIGNATURE + b"".join(body)


def moving(kind: str) -> bytes:
    still = Image.new("RGB", (320, 240), "red")
    return photos.encoded(still, kind, save_all=True, append_images=[NOISE], duration=40)


BAD = [
    (photos.empty(), RejectionCode.EMPTY_FILE),
    (b"\xff\xd8\xff" + b"0" * MAX_BYTES, RejectionCode.TOO_LARGE_FILE),
    (photos.pdf_named_jpg(), RejectionCode.NOT_A_PHOTO),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", RejectionCode.NOT_A_PHOTO),
    (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", RejectionCode.NOT_A_PHOTO),
    (photos.encoded(NOISE, "GIF"), RejectionCode.NOT_A_PHOTO),
    (photos.encoded(NOISE, "BMP"), RejectionCode.NOT_A_PHOTO),
    (photos.animated_gif(), RejectionCode.ANIMATED),
    (moving("WEBP"), RejectionCode.ANIMATED),
    (moving("PNG"), RejectionCode.ANIMATED),
    (photos.bomb_100mp(), RejectionCode.TOO_MANY_PIXELS),
    (png(MAX_PIXELS + 1, 1), RejectionCode.TOO_MANY_PIXELS),
    (png(0, 240), RejectionCode.DAMAGED),
    (b"\xff\xd8\xff", RejectionCode.DAMAGED),
    (b"\xff\xd8\xff\xe0\x00\x00", RejectionCode.DAMAGED),
    (b"RIFF\0\0\0\0WEBPVP8X", RejectionCode.DAMAGED),
    (headers.PNG_SIGNATURE, RejectionCode.DAMAGED),
]


@pytest.mark.parametrize(("data", "code"), BAD, ids=lambda value: str(value)[:24])
def test_a_bad_file_is_refused_with_its_code_before_and_after_the_queue(data: bytes, code: RejectionCode) -> None:
    assert refusal(sniff, data) == code
    assert refusal(decode, data) == code


@pytest.mark.parametrize("kind", FORMATS)
def test_a_still_photo_of_an_allowed_format_is_decoded(kind: str) -> None:
    data = photos.encoded(NOISE, kind)
    sniff(data)
    assert decode(data).shape == (240, 320, 3)


def test_a_lossless_webp_declares_its_size() -> None:
    header = headers.read(photos.encoded(NOISE, "WEBP", lossless=True))
    assert (header.width, header.height) == (320, 240)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_an_upload_that_broke_off_is_damaged(kind: str, share: float) -> None:
    whole = photos.encoded(NOISE, kind)
    assert refusal(decode, whole[: int(len(whole) * share)]) == RejectionCode.DAMAGED


def test_a_second_picture_behind_the_first_is_still_one_photo() -> None:
    """Phones append depth maps and gain maps: a JPEG of that kind is not an animation."""
    data = photos.encoded(NOISE, "MPO", save_all=True, append_images=[NOISE])
    sniff(data)
    assert decode(data).shape == (240, 320, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", FORMATS)
def test_exif_orientation_is_applied(kind: str, orientation: int) -> None:
    upright = Image.new("RGB", (40, 20), "black")
    upright.paste("white", (0, 0, 16, 8))  # the upper left corner is white
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's transposition that the phone's sensor made
    raw = upright if orientation == 1 else upright.transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = decode(photos.encoded(raw, kind, exif=exif))
    assert picture.shape == (20, 40, 3)
    assert picture[:6, :12].mean() > 230
    assert picture[12:].mean() < 15
    assert picture[:, 24:].mean() < 15


def test_cmyk_becomes_rgb() -> None:
    picture = decode(photos.encoded(Image.new("RGB", (64, 64), "red").convert("CMYK")))
    red, green, blue = picture.reshape(-1, 3).mean(axis=0)
    assert red > 200
    assert max(green, blue) < 60


def test_sixteen_bit_grey_is_scaled_not_cut_off() -> None:
    steps = np.linspace(0, 65535, 64 * 64).astype(np.uint16).reshape(64, 64)
    picture = decode(photos.encoded(Image.fromarray(steps), "PNG"))
    assert abs(int(picture[32, 0, 0]) - 128) < 4
    assert picture.max() == 255


def test_transparency_becomes_white() -> None:
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    assert decode(photos.encoded(clear, "PNG")).min() == 255


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_every_other_mode_becomes_rgb(mode: str) -> None:
    assert decode(photos.encoded(NOISE.convert(mode), "PNG")).shape == (240, 320, 3)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_photo_is_reduced_to_the_working_size(kind: str) -> None:
    large = Image.new("RGB", (7000, 5000), "grey")
    height, width, _ = decode(photos.encoded(large, kind)).shape
    assert width == WORKING_SIDE
    assert abs(height - WORKING_SIDE * 5 / 7) <= 1


def test_a_picture_one_pixel_high_does_not_vanish() -> None:
    assert decode(photos.encoded(Image.new("RGB", (40_000, 1)), "PNG")).shape == (1, WORKING_SIDE, 3)


def test_broken_bytes_are_refused_and_never_crash() -> None:
    """Random damage to real files gives a picture or a refusal: no other exception may leave."""
    chance = random.Random(1)  # noqa: S311 - repeatable damage, no secret
    for kind in FORMATS:
        whole = photos.encoded(NOISE.resize((80, 60)), kind)
        for _ in range(150):
            data = bytearray(whole)
            for _ in range(chance.randint(1, 8)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            cut = bytes(data[: chance.randint(1, len(data))])
            for candidate in (bytes(data), cut):
                refusal(sniff, candidate)
                refusal(decode, candidate)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff" + b"\xff" * (MAX_BYTES - 3),
        b"\xff\xd8" + b"\xff\xd0" * (MAX_BYTES // 2 - 1),
        b"\xff\xd8" + b"\xff\xe0\0\2" * (MAX_BYTES // 4 - 1),
        png(64, 64) + (b"\0\0\0\0tEXt\0\0\0\0") * (MAX_BYTES // 12 - 10),
    ],
    ids=["fill bytes", "standalone markers", "empty segments", "empty chunks"],
)
def test_a_header_without_end_is_given_up_at_once(data: bytes) -> None:
    """The web process reads headers in Python: a file must not keep it busy."""
    assert data.startswith((b"\xff\xd8\xff", headers.PNG_SIGNATURE))
    assert refusal(sniff, data) == RejectionCode.DAMAGED


def test_every_code_has_a_sentence_that_says_what_to_do() -> None:
    for code in RejectionCode:
        assert str(codes.sentence(code))
        assert str(FaceRejected(code).sentence) == str(codes.sentence(code.value))


def test_an_unknown_code_is_an_error() -> None:
    with pytest.raises(ValueError, match="unheard_of"):
        codes.sentence("unheard_of")


def test_the_sentences_name_the_limits_in_force() -> None:
    with translation.override("en"):
        assert f"{MAX_BYTES // 1_000_000} MB" in str(codes.sentence(RejectionCode.TOO_LARGE_FILE))
        assert f"{MAX_PIXELS // 1_000_000} million pixels" in str(codes.sentence(RejectionCode.TOO_MANY_PIXELS))


def test_the_web_process_gets_codes_and_sniff_without_a_model_or_a_decoder() -> None:
    heavy = ("tensorflow", "deepface", "cv2", "dlib", "mtcnn", "numpy", "PIL")
    program = (
        "import sys\n"
        "from recognition.engine import codes, headers, photos, protocol\n"
        "photos.sniff(bytes.fromhex(sys.argv[1]))\n"
        f"print([name for name in {heavy!r} if name in sys.modules])\n"
    )
    photo = photos.encoded(Image.new("RGB", (8, 8)), "PNG").hex()
    ran = subprocess.run([sys.executable, "-c", program, photo], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_real_engine_can_be_made_without_loading_its_libraries() -> None:
    heavy = ("tensorflow", "deepface", "cv2", "dlib", "mtcnn")
    program = (
        "import sys\n"
        "from recognition.engine.deepface_engine import DeepFaceEngine\n"
        "assert DeepFaceEngine().model_version\n"
        f"print([name for name in {heavy!r} if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_decoding_writes_no_file_not_even_a_temporary_one() -> None:
    program = (
        "import os, sys\n"
        "from recognition.engine import photos\n"
        "photo = bytes.fromhex(sys.argv[1])\n"
        "photos.decode(photo)\n"
        "written = []\n"
        "def hook(event, given):\n"
        "    if event == 'open' and given[2] & (os.O_WRONLY | os.O_RDWR):\n"
        "        written.append(given[0])\n"
        "sys.addaudithook(hook)\n"
        "photos.decode(photo)\n"
        "print(written)\n"
    )
    photo = photos.encoded(NOISE.resize((64, 48))).hex()
    ran = subprocess.run([sys.executable, "-c", program, photo], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
