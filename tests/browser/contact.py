"""`python -m tests.browser.contact FOLDER`: the pictures of all pages on one sheet for each language and width.

The folder is that of CONSENTRY_SHOTS; the sheets (contact-desk-zh.png and so on) go into it. `make shots` does both.
"""

import argparse
from pathlib import Path

from PIL import Image, ImageDraw

COLUMNS = {"desk": 8, "phone": 16}
WIDTHS = {"desk": 400, "phone": 200}  # of one picture
LONGEST = 560  # what a long page has below is looked at in its own picture
GAP, TITLE = 12, 16


def sheet(pictures: list[Path], *, columns: int, width: int) -> Image.Image:
    """Return the pictures in rows, each under its name."""
    down, across = -(-len(pictures) // columns), width + GAP
    paper = Image.new("RGB", (columns * across + GAP, down * (LONGEST + TITLE + GAP) + GAP), "#d0d0d0")
    pen = ImageDraw.Draw(paper)
    for place, file in enumerate(pictures):
        left, top = GAP + place % columns * across, GAP + place // columns * (LONGEST + TITLE + GAP)
        with Image.open(file) as picture:
            small = picture.convert("RGB")
            small = small.resize((width, round(small.height * width / small.width)), Image.Resampling.LANCZOS)
        paper.paste(small.crop((0, 0, width, min(LONGEST, small.height))), (left, top + TITLE))
        pen.text((left, top), file.stem.rsplit("-", 2)[0], fill="black")
    return paper


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    folder: Path = options.parse_args().folder
    for kind, width in WIDTHS.items():
        for language in ("zh", "en"):
            pictures = sorted(folder.glob(f"*-{kind}-{language}.png"))
            if pictures := [file for file in pictures if not file.stem.startswith("contact-")]:
                target = folder / f"contact-{kind}-{language}.png"
                sheet(pictures, columns=COLUMNS[kind], width=width).save(target)
                print(f"{target}: {len(pictures)} pages")


if __name__ == "__main__":
    main()
