"""A face engine without a model, for tests of everything around it. Never runs in production (engine.E001)."""

import hashlib
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognition.engine.codes import FaceRejected, RejectionCode
from recognition.engine.protocol import FaceQuality, FaceResult
from recognition.engine.quality import QualityLimits

_TAG = b"WHO:"


def face_photo(who: str) -> bytes:
    """A real small JPEG whose trailing bytes tell the fake engine whom it shows."""
    buffer = BytesIO()
    Image.new("RGB", (64, 64), "#caa").save(buffer, "JPEG")
    return buffer.getvalue() + _TAG + who.encode()


class FakeEngine:
    """Every name has its own direction in space; a photo without a name has no face.

    What follows a slash is the day: "li/2" is another photo of "li", 0.98 similar to it.
    """

    model_version = "fake-1"
    dimension = 128
    threshold = 0.5
    margin = 0.05

    def represent(self, photo: bytes, *, limits: QualityLimits | None = None) -> FaceResult:
        _before, tag, shown = photo.partition(_TAG)
        if not tag:
            raise FaceRejected(RejectionCode.NO_FACE)
        who, slash, _day = shown.partition(b"/")
        row = self._direction(who) + (0.2 * self._direction(shown) if slash else 0)
        quality = FaceQuality(face_px=64, confidence=1.0, sharpness=100.0, brightness=128.0)
        return FaceResult(embedding=row / np.linalg.norm(row), quality=quality)

    def _direction(self, name: bytes) -> NDArray[np.float32]:
        seed = int.from_bytes(hashlib.sha256(name).digest()[:8], "big")
        return np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)

    def warm_up(self) -> None:
        """There is nothing to load."""
