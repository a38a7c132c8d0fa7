"""A face that the detector found, and the rule that there must be exactly one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recognition.engine.codes import FaceRejected, RejectionCode

MIN_CONFIDENCE = 0.80

# Somebody far in the background is not a second person before the camera.
SECOND_FACE_SHARE = 1 / 3
SECOND_FACE_CONFIDENCE = 0.90

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Face:
    """A box and five points in pixels: eyes, nose, corners of the mouth, each left in the picture first."""

    left: int
    top: int
    right: int
    bottom: int
    confidence: float
    points: tuple[Point, ...] = ()

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def scaled(self, by: float) -> Face:
        left, top, right, bottom = (round(edge * by) for edge in (self.left, self.top, self.right, self.bottom))
        points = tuple((x * by, y * by) for x, y in self.points)
        return Face(left, top, right, bottom, self.confidence, points)


def only_face(faces: Sequence[Face], *, least_px: int) -> Face:
    """The one person before the camera. Raises FaceRejected: NO_FACE, SEVERAL_FACES, FACE_TOO_SMALL."""
    found = sorted(
        (face for face in faces if face.confidence >= MIN_CONFIDENCE), key=lambda face: face.height, reverse=True
    )
    if not found:
        raise FaceRejected(RejectionCode.NO_FACE)
    largest = found[0]
    for other in found[1:]:
        is_near = other.height >= largest.height * SECOND_FACE_SHARE
        if is_near and other.confidence >= SECOND_FACE_CONFIDENCE:
            raise FaceRejected(RejectionCode.SEVERAL_FACES)
    if largest.height < least_px:
        raise FaceRejected(RejectionCode.FACE_TOO_SMALL)
    return largest
