"""Where a terminal's pictures come from."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from recognition.engine.camera import Camera

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})


@dataclass(frozen=True)
class Sight:
    """A picture, and who the person says to be (1:1) when that is known."""

    photo: bytearray = field(repr=False)
    person: uuid.UUID | None = None
    name: str = ""


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

    def look(self) -> Sight | None:
        for path in sorted(self._folder.iterdir()):
            if path.name in self._seen or path.suffix.lower() not in SUFFIXES:
                continue
            self._seen.add(path.name)
            return Sight(read_photo(path), _person(path.name), path.name)
        return None


class Lens:
    """A camera, which looks only when it is asked to: nobody who only passes by is looked at."""

    def __init__(self, number: int) -> None:
        self._camera = Camera(number)

    def look(self) -> Sight | None:
        return Sight(self._camera.take(), name="camera")


def read_photo(path: Path) -> bytearray:
    """A file's bytes where they can be overwritten."""
    photo = bytearray(path.stat().st_size)
    with path.open("rb") as file:
        length = file.readinto(photo)
    del photo[length:]
    return photo


def _person(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(name[:36])
    except ValueError:
        return None
