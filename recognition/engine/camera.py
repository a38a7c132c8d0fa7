"""One picture from a camera of this machine, in memory only. The reference terminal's eye."""

from __future__ import annotations

from typing import Any

JPEG_QUALITY = 95
_SETTLING_FRAMES = 3  # the first ones are dark, or were taken before anybody stood there


class NoCamera(RuntimeError):
    """The camera cannot be opened or gives no picture. The message says which."""


class Camera:
    """A camera by its number (0 is the first). It is opened for each picture, so its light shows when it looks."""

    def __init__(self, number: int) -> None:
        self._number = number

    def take(self) -> bytearray:
        """A JPEG of what stands before it now; the caller overwrites it. Raises NoCamera."""
        import cv2

        lens: Any = cv2.VideoCapture(self._number)
        try:
            for _frame in range(_SETTLING_FRAMES):
                lens.grab()
            has_picture, frame = lens.read()
        finally:
            lens.release()
        if not has_picture:
            raise NoCamera(f"Camera {self._number} gives no picture.")
        try:
            is_encoded, coded = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        finally:
            frame.fill(0)
        if not is_encoded:
            raise NoCamera(f"The picture of camera {self._number} cannot be encoded.")
        try:
            return bytearray(coded.data)
        finally:
            coded.fill(0)
