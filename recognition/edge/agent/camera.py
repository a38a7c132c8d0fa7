"""Where a terminal's pictures come from."""

from __future__ import annotations

import logging
import stat
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from recognition.engine.camera import Camera
from recognition.engine.photos import MAX_BYTES

logger = logging.getLogger(__name__)

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})


@dataclass(frozen=True)
class Sight:
    """A picture, and who the person says to be (1:1) when that is known."""

    photo: bytearray = field(repr=False)
    person: uuid.UUID | None = None
    name: str = ""


class NoPicture(ValueError):
    """A folder, a pipe or the like with the name of a picture."""


class Eyes(Protocol):
    def look(self) -> Sight | None:
        """The next picture, or None when there is none."""


class Folder:
    """Each picture of a folder once, by name, as if somebody stood there and pressed the button.

    Move a picture in when it is complete. A name that begins with a person's id (a UUID) asks 1:1, any other 1:N.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[str] = set()
        self._is_there = True

    def look(self) -> Sight | None:
        """Raises OSError or NoPicture for one that cannot be read; it is passed over from then on."""
        for path in self._places():
            if path.name in self._seen or path.suffix.lower() not in SUFFIXES:
                continue
            self._seen.add(path.name)
            return Sight(read_photo(path), _person(path.name), path.name)
        return None

    def _places(self) -> list[Path]:
        try:
            places = sorted(self._folder.iterdir())
        except OSError as gone:
            if self._is_there:  # said once, not each second
                logger.warning("The folder of pictures cannot be read: %s", gone)
            self._is_there = False
            return []
        self._is_there = True
        return places


class Lens:
    """A camera, which looks only when it is asked to: nobody who only passes by is looked at."""

    def __init__(self, number: int) -> None:
        self._camera = Camera(number)

    def look(self) -> Sight | None:
        return Sight(self._camera.take(), name="camera")


def read_photo(path: Path) -> bytearray:
    """A file's bytes where they can be overwritten; of a larger one than the engine takes only so much as shows it.

    Raises OSError; NoPicture.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise NoPicture(f"{path.name} is no file.")
    photo = bytearray(min(status.st_size, MAX_BYTES + 1))
    with path.open("rb") as file:
        length = file.readinto(photo)
    del photo[length:]
    return photo


def _person(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(name[:36])
    except ValueError:
        return None
