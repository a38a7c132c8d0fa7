"""What can be measured of a face with five points and its aligned picture, without another model.

No 68-point landmarks: the known file was trained on photos whose licence excludes commercial use. So whatever needs
eyelids or a jaw line is either measured roughly or not claimed; docs/models.md says which, with numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.engine import quality
from recognition.engine.faces import Face
from recognition.engine.protocol import FaceQuality

# Boxes of the aligned picture of 150 pixels: left, right, top, bottom. Dlib's cutter puts the corners of the eyes at
# (37, 46), (58, 48), (90, 48), (111, 46) and the base of the nose at (74, 88).
_Box = tuple[int, int, int, int]
_INNER: _Box = (25, 125, 25, 125)  # a chip's rim may lie outside the photo
_EYES: tuple[_Box, ...] = ((36, 60, 38, 56), (90, 114, 38, 56))
_EYE_BANDS: tuple[_Box, ...] = ((37, 59, 42, 52), (91, 113, 42, 52))
_BELOW_THE_EYES: tuple[_Box, ...] = ((36, 60, 60, 76), (90, 114, 60, 76), (66, 84, 56, 76))
_BROW: tuple[_Box, ...] = ((66, 84, 36, 58), (58, 92, 20, 34))
_NOSE: tuple[_Box, ...] = ((60, 90, 74, 90),)  # never bearded, always under a mask
_CHEEKS: tuple[_Box, ...] = ((38, 58, 72, 90), (92, 112, 72, 90))
_LEFT_CHEEK: _Box = (34, 58, 58, 84)
_RIGHT_CHEEK: _Box = (92, 116, 58, 84)

_DETAIL_LOST = 250  # grey level
_GREY = np.array((0.299, 0.587, 0.114))
_RED = 0.713  # of YCbCr: how far red lies above grey
_FAINTEST_RED = 0.03  # below it the photo has no colour to judge by

# Five points of a mean head in millimetres: eyes, tip of the nose, corners of the mouth; x right, y down, z forward.
_HEAD = np.array([(-31.5, 0, 0), (31.5, 0, 0), (0, 38, 30), (-25, 68, 8), (25, 68, 8)], dtype=np.float64)
_HEAD -= _HEAD.mean(axis=0)


@dataclass(frozen=True, slots=True)
class _Planes:
    grey: NDArray[np.float64]
    red: NDArray[np.float64]

    def level(self, boxes: tuple[_Box, ...]) -> float:
        return max(1.0, float(np.median(_cut(self.grey, boxes))))

    def redness(self, boxes: tuple[_Box, ...]) -> float:
        return float(np.median(_cut(self.red, boxes))) / max(25.0, self.level(boxes))


def measure(chip: NDArray[np.uint8], face: Face) -> FaceQuality:
    """All measures of one aligned face, (150, 150, 3) RGB, and their score. Refuses nothing."""
    grey = chip @ _GREY
    planes = _Planes(grey=grey, red=(chip[:, :, 0] - grey) * _RED)
    inner = _part(grey, _INNER)
    yaw, pitch, roll = pose(np.asarray(face.points, dtype=np.float64))
    found = FaceQuality(
        face_px=face.height,
        confidence=face.confidence,
        sharpness=_sharpness(inner),
        brightness=float(inner.mean()),
        overexposed=float((inner >= _DETAIL_LOST).mean()),
        evenness=_evenness(planes),
        yaw=yaw,
        pitch=pitch,
        roll=roll,
        eyes_seen=_eyes_seen(planes),
        mouth_seen=_mouth_seen(planes),
        eyes_open=_eyes_open(planes),
    )
    return found.scored(quality.score(found))


def pose(points: NDArray[np.float64]) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees of five points (5, 2): eyes, nose, corners of the mouth, as in `Face`.

    The points are explained by the mean head seen from far away (DeMenthon and Davis 1995, without the iteration).
    Heads differ: the pitch of frontal photos came out between -22 and 19 degrees, so only large angles mean anything.
    """
    across = points[1] - points[0]
    if not across.any():
        return 0.0, 0.0, 0.0
    seen, *_rest = np.linalg.lstsq(_HEAD, points - points.mean(axis=0), rcond=None)
    right, down = (axis / max(1e-9, float(np.linalg.norm(axis))) for axis in seen.T)
    yaw, pitch = (float(np.degrees(np.arcsin(np.clip(axis[2], -1.0, 1.0)))) for axis in (right, down))
    return yaw, pitch, float(np.degrees(np.arctan2(across[1], across[0])))


def _sharpness(grey: NDArray[np.float64]) -> float:
    """The variance of the Laplacian."""
    middle = grey[1:-1, 1:-1]
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return float((around - 4 * middle).var())


def _evenness(planes: _Planes) -> float:
    """The darker cheek over the lighter one, 0 to 1: light from one side."""
    left, right = planes.level((_LEFT_CHEEK,)), planes.level((_RIGHT_CHEEK,))
    return min(left, right) / max(left, right)


def _eyes_seen(planes: _Planes) -> float:
    """How light the lighter parts around the eyes are against the skin below: dark glass leaves nothing light there."""
    return float(np.percentile(_cut(planes.grey, _EYES), 75)) / planes.level(_BELOW_THE_EYES)


def _mouth_seen(planes: _Planes) -> float | None:
    """How red nose and cheeks are against the brow; cloth is not red like skin of any shade. None without colour."""
    brow = planes.redness(_BROW)
    if brow < _FAINTEST_RED:
        return None
    return max(planes.redness(_NOSE), planes.redness(_CHEEKS)) / brow


def _eyes_open(planes: _Planes) -> float:
    """How much changes across the less lively eye: white and iris of an open one. Blur and small faces lower it too."""
    skin = planes.level(_BELOW_THE_EYES)
    return min(float(np.abs(np.diff(_part(planes.grey, band), axis=1)).mean()) / skin for band in _EYE_BANDS)


def _part(plane: NDArray[np.float64], box: _Box) -> NDArray[np.float64]:
    left, right, top, bottom = box
    return plane[top:bottom, left:right]


def _cut(plane: NDArray[np.float64], boxes: tuple[_Box, ...]) -> NDArray[np.float64]:
    return np.concatenate([_part(plane, box).ravel() for box in boxes])
