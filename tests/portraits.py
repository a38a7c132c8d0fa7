"""Portraits that a person should take again, made of real ones in code, each by the code that tells them what to do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.photos import encoded, opened, photo

# obama.jpg: eyes and tip of the nose in its pixels.
EYES, NOSE = ((443, 212), (548, 210)), (497, 275)
PROFILE = (828, 0, 1090, 276)  # of t1.jpg: who stands on the right


def masked(colour: str = "#7fb4dd") -> bytes:
    """A mask of cloth from the bridge of the nose to below the chin, with folds."""
    picture = opened("obama.jpg")
    cloth = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(cloth)
    draw.polygon([(398, 265), (497, 248), (592, 262), (575, 375), (497, 400), (415, 378)], fill=colour)
    for y in (295, 325, 355):
        draw.line([(410, y), (497, y + 8), (582, y - 2)], fill=(0, 0, 0, 60), width=2)
    picture.paste(cloth, mask=cloth.filter(ImageFilter.GaussianBlur(1)))
    return encoded(picture, quality=95)


def in_dark_glasses() -> bytes:
    picture = opened("obama.jpg")
    draw = ImageDraw.Draw(picture)
    for x, y in EYES:
        draw.ellipse((x - 44, y - 30, x + 44, y + 36), fill=(28, 26, 28))
    draw.line([(480, 208), (512, 207)], fill=(28, 26, 28), width=6)
    return encoded(picture, quality=95)


def in_clear_glasses() -> bytes:
    picture = opened("obama.jpg")
    draw = ImageDraw.Draw(picture)
    for x, y in EYES:
        draw.ellipse((x - 44, y - 30, x + 44, y + 36), outline=(28, 26, 28), width=5)
    draw.line([(487, 208), (504, 207)], fill=(28, 26, 28), width=5)
    return encoded(picture, quality=95)


def lit_from_one_side() -> bytes:
    """A window on the right and no light on the left: down to a quarter."""
    pixels = np.asarray(opened("obama.jpg"), dtype=np.float64)
    across = (np.arange(pixels.shape[1]) - NOSE[0]) / 105
    share = 0.25 + 0.75 / (1 + np.exp(-6 * across))
    return encoded(Image.fromarray((pixels * share[None, :, None]).astype(np.uint8)), quality=95)


def overexposed() -> bytes:
    return encoded(opened("obama.jpg").point(lambda level: min(255, level * 2)), quality=95)


def tilted() -> bytes:
    """Upside up, but lying nearly on a shoulder."""
    return encoded(opened("obama.jpg").rotate(42, resample=Image.Resampling.BICUBIC, fillcolor="grey"), quality=95)


def in_profile() -> bytes:
    """One of the group, who looks past the camera."""
    return encoded(opened("t1.jpg").crop(PROFILE), quality=95)


def group() -> bytes:
    return photo("t1.jpg")


def crowd() -> bytes:
    """Four hundred faces in one made picture: detectors compare each with each."""
    face = opened("obama.jpg").crop((330, 40, 650, 440)).resize((100, 125))
    picture = Image.new("RGB", (2000, 2500))
    for at in range(400):
        picture.paste(face, (at % 20 * 100, at // 20 * 125))
    return encoded(picture)


def screen() -> bytes:
    """A photo of a screen that shows a person: dark frame, cold white, lifted black, and pixels that beat together."""
    room = Image.new("RGB", (1400, 1050), (60, 58, 55))
    ImageDraw.Draw(room).rounded_rectangle((250, 60, 1150, 990), 30, fill=(12, 12, 12))
    shown = opened("obama.jpg").resize((840, 1050)).crop((0, 0, 840, 870))
    pixels = np.asarray(shown, dtype=np.float64)
    y, x = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    beat = 1 + 0.10 * np.sin(2 * np.pi * (x * 0.31 + y * 0.045)) + 0.08 * np.sin(2 * np.pi * y * 0.27)
    lit = 25 + pixels * beat[..., None] * np.array((0.77, 0.81, 0.90))
    picture = Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.8))
    room.paste(picture, (280, 90))
    return encoded(room.rotate(2, resample=Image.Resampling.BICUBIC), quality=85)


def drawing() -> bytes:
    """A face drawn by a child's hand: skin, hair, eyes, a nose and a red mouth."""
    picture = Image.new("RGB", (600, 600), "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((120, 60, 480, 540), fill="#f2c9a0", outline="black", width=6)
    for x in (220, 380):
        draw.ellipse((x - 40, 220, x + 40, 270), fill="white", outline="black", width=4)
        draw.ellipse((x - 16, 229, x + 16, 261), fill="black")
        draw.arc((x - 50, 170, x + 50, 230), 200, 340, fill="black", width=8)
    draw.line((300, 270, 280, 360, 315, 365), fill="black", width=5)
    draw.arc((220, 360, 380, 450), 20, 160, fill="red", width=10)
    draw.pieslice((110, 30, 490, 250), 180, 360, fill="#553311")
    return encoded(picture)


# Every portrait that is refused by the code that a person must be told.
TO_BE_TAKEN_AGAIN: dict[str, tuple[Callable[[], bytes], ...]] = {
    "no_face": (drawing,),
    "several_faces": (group, crowd),
    "mouth_covered": (masked, lambda: masked("#1c1c1e"), lambda: masked("#f2f2ee")),
    "eyes_covered": (in_dark_glasses,),
    "uneven_light": (lit_from_one_side,),
    "too_bright": (overexposed,),
    "tilted": (tilted,),
    "turned_away": (in_profile,),
}
