"""Pictures of places: judged by content, bounded, written anew, nothing else kept."""

import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from portal.web.pdf import draw
from portal.web.pictures import LONGEST_SIDE, MAX_BYTES, rewrite


def picture(form: str = "JPEG", size: tuple[int, int] = (400, 200), **options: object) -> bytes:
    written = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(written, form, **options)
    return written.getvalue()


def code(data: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        rewrite(data)
    return refused.value.code


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_comes_back_as_a_fresh_jpeg(form: str) -> None:
    again = Image.open(io.BytesIO(rewrite(picture(form))))
    assert (again.format, again.size) == ("JPEG", (400, 200))


def test_where_and_with_what_it_was_taken_is_gone_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SECRET-CAMERA"
    taken = picture(exif=exif)
    assert b"SECRET-CAMERA" in taken
    written = rewrite(taken)
    assert b"SECRET-CAMERA" not in written
    again = Image.open(io.BytesIO(written))
    assert again.size == (200, 400)
    assert not again.getexif()


def test_a_large_one_is_made_smaller() -> None:
    again = Image.open(io.BytesIO(rewrite(picture(size=(4000, 1000), quality=30))))
    assert again.size == (LONGEST_SIDE, LONGEST_SIDE // 4)


def test_what_shows_through_becomes_white() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(written, "PNG")
    assert Image.open(io.BytesIO(rewrite(written.getvalue()))).getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (picture() + bytes(MAX_BYTES), "too_large"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture"),
        (b"\xff\xd8\xff", "not_a_picture"),
        (picture()[:300], "not_a_picture"),
        (picture("PNG")[:200], "not_a_picture"),
        (picture("GIF"), "not_a_picture"),
        (picture("TIFF"), "not_a_picture"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, why: str) -> None:
    assert code(data) == why


def test_a_small_file_of_very_many_pixels_is_not_decoded() -> None:
    written = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(written, "PNG")
    assert len(written.getvalue()) < MAX_BYTES
    assert code(written.getvalue()) == "not_a_picture"


def test_drawing_a_pdf_does_not_let_half_pictures_pass() -> None:
    """WeasyPrint's import tells Pillow to be content with them, for the whole process."""
    draw("components/note.html", {"text": "x"}, styles=[])
    assert code(picture("PNG")[:200]) == "not_a_picture"
