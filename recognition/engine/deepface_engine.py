"""DeepFace behind our protocol: the only file that imports deepface, tensorflow, cv2 or dlib.

MTCNN finds the face on a small copy, Dlib's five-point aligner cuts it from the picture itself, and
DeepFace's Dlib network describes it. Measured numbers behind each constant: docs/models.md.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from recognition.engine import weights
from recognition.engine.codes import FaceRejected, RejectionCode
from recognition.engine.photos import decode
from recognition.engine.protocol import FaceQuality, FaceResult

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DETECTION_SIDE = 640  # the detector's time and memory grow with the pixels: 8.6 GB on a full photo
CHIP_SIDE = 150  # what the Dlib network was trained on
CHIP_PADDING = 0.25
CHIP_FACE_PX = 170  # larger faces are first reduced to this height: the cutter skips pixels, which aliases
SHARPNESS_MARGIN = 25  # left out of the blur measure: a chip's rim may lie outside the photo

MIN_CONFIDENCE = 0.80
MIN_FACE_PX = 80
MIN_SHARPNESS = 25.0
BRIGHTNESS_RANGE = (35.0, 230.0)

# Somebody far in the background is not a second person before the camera.
SECOND_FACE_SHARE = 1 / 3
SECOND_FACE_CONFIDENCE = 0.90

THRESHOLD = 0.935
MARGIN = 0.01


class LoadedBeforeFork(RuntimeError):
    """The models were loaded in another process: TensorFlow would hang here for ever."""


@dataclass(frozen=True, slots=True)
class _Models:
    detector: Any
    describer: Any
    landmarks: Any
    process: int


@dataclass(frozen=True, slots=True)
class _Face:
    left: int
    top: int
    right: int
    bottom: int
    confidence: float

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def scaled(self, by: float) -> _Face:
        left, top, right, bottom = (round(edge * by) for edge in (self.left, self.top, self.right, self.bottom))
        return _Face(left, top, right, bottom, self.confidence)


class DeepFaceEngine:
    """See `protocol.FaceEngine`. One photo at a time: dlib's networks are not thread-safe."""

    dimension = 128
    threshold = THRESHOLD
    margin = MARGIN

    def __init__(self, *, home: Path | None = None, threads: int | None = None) -> None:
        self._home = home
        self._threads = threads
        self._lock = threading.RLock()
        self._models: _Models | None = None

    @property
    def model_version(self) -> str:
        # DeepFace has changed its embeddings between patch releases: its version is part of the id.
        return f"dlib-resnet-v1/mtcnn/deepface-{version('deepface')}/tensorflow"

    def warm_up(self) -> None:
        """Loads the models and runs them once, so that the first person does not wait for it."""
        import numpy as np

        with self._lock:
            models = self._load()
            models.detector.detect_faces(np.zeros((160, 160, 3), dtype=np.uint8))
            models.describer.forward(np.full((CHIP_SIDE, CHIP_SIDE, 3), 128, dtype=np.uint8))

    def represent(self, photo: bytes) -> FaceResult:
        """The one face of a photo. Raises FaceRejected; WeightsError when the models are not in place."""
        picture = decode(photo)
        try:
            if min(picture.shape[:2]) < MIN_FACE_PX:
                raise FaceRejected(RejectionCode.FACE_TOO_SMALL)
            with self._lock:
                models = self._load()
                face = _only_face(_detect(models, picture))
                chip = _chip(models, picture, face)
                try:
                    quality = _quality(chip, face)
                    return FaceResult(embedding=_describe(models, chip), quality=quality)
                finally:
                    chip.fill(0)
        finally:
            # The photo ends here; its pixels should not wait for the allocator (PIPL Art 47).
            picture.fill(0)

    def _load(self) -> _Models:
        if self._models is None:
            self._models = _load_models(self._home, self._threads or _configured_threads())
        if self._models.process != os.getpid():
            raise LoadedBeforeFork("The face models were loaded before this process was forked.")
        return self._models


def _configured_threads() -> int:
    return int(getattr(settings, "FACE_ENGINE_THREADS", 0)) or min(4, os.cpu_count() or 1)


def _load_models(home: Path | None, threads: int) -> _Models:
    # Verified first: DeepFace fetches a weight file that it does not find, unchecked.
    weights.provision(home)
    # Libraries read these once, when they are first imported.
    os.environ["DEEPFACE_HOME"] = str(home or settings.DEEPFACE_HOME)
    os.environ["DEEPFACE_BACKEND_ENGINE"] = "tensorflow"
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    os.environ["OMP_NUM_THREADS"] = str(threads)
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import cv2
    import dlib
    import tensorflow
    from deepface.modules import modeling

    cv2.setNumThreads(threads)
    try:
        tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
        tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:
        pass  # another engine of this process has run TensorFlow already, within the same bounds
    return _Models(
        detector=modeling.build_model(task="face_detector", model_name="mtcnn"),
        describer=modeling.build_model(task="facial_recognition", model_name="Dlib"),
        landmarks=dlib.shape_predictor(str(weights.folder(home) / "shape_predictor_5_face_landmarks.dat")),
        process=os.getpid(),
    )


def _detect(models: _Models, picture: NDArray[np.uint8]) -> list[_Face]:
    """All faces, the largest first, in pixels of the full picture."""
    import cv2
    import numpy as np

    height, width = picture.shape[:2]
    scale = min(1.0, DETECTION_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = picture if scale == 1.0 else cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    areas = models.detector.detect_faces(np.ascontiguousarray(small[:, :, ::-1]))
    faces = [
        _Face(area.x, area.y, area.x + area.w, area.y + area.h, float(area.confidence or 0.0)).scaled(1 / scale)
        for area in areas
    ]
    return sorted(faces, key=lambda face: face.height, reverse=True)


def _only_face(faces: list[_Face]) -> _Face:
    faces = [face for face in faces if face.confidence >= MIN_CONFIDENCE]
    if not faces:
        raise FaceRejected(RejectionCode.NO_FACE)
    largest = faces[0]
    for other in faces[1:]:
        is_near = other.height >= largest.height * SECOND_FACE_SHARE
        if is_near and other.confidence >= SECOND_FACE_CONFIDENCE:
            raise FaceRejected(RejectionCode.SEVERAL_FACES)
    if largest.height < MIN_FACE_PX:
        raise FaceRejected(RejectionCode.FACE_TOO_SMALL)
    return largest


def _chip(models: _Models, picture: NDArray[np.uint8], face: _Face) -> NDArray[np.uint8]:
    import cv2
    import dlib

    if face.height > CHIP_FACE_PX:
        scale = CHIP_FACE_PX / face.height
        smaller = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        picture = smaller.astype("uint8", copy=False)
        face = face.scaled(scale)
    box = dlib.rectangle(face.left, face.top, face.right, face.bottom)
    points = models.landmarks(picture, box)
    chip: NDArray[np.uint8] = dlib.get_face_chip(picture, points, CHIP_SIDE, CHIP_PADDING)
    return chip


def _quality(chip: NDArray[np.uint8], face: _Face) -> FaceQuality:
    import cv2

    inner = chip[SHARPNESS_MARGIN:-SHARPNESS_MARGIN, SHARPNESS_MARGIN:-SHARPNESS_MARGIN]
    grey = cv2.cvtColor(inner, cv2.COLOR_RGB2GRAY)
    quality = FaceQuality(
        face_px=face.height,
        confidence=face.confidence,
        sharpness=float(cv2.Laplacian(grey, cv2.CV_64F).var()),
        brightness=float(grey.mean()),
    )
    darkest, brightest = BRIGHTNESS_RANGE
    if quality.brightness < darkest:
        raise FaceRejected(RejectionCode.TOO_DARK)
    if quality.brightness > brightest:
        raise FaceRejected(RejectionCode.TOO_BRIGHT)
    if quality.sharpness < MIN_SHARPNESS:
        raise FaceRejected(RejectionCode.BLURRED)
    return quality


def _describe(models: _Models, chip: NDArray[np.uint8]) -> NDArray[np.float32]:
    import numpy as np

    row = np.asarray(models.describer.forward(np.ascontiguousarray(chip[:, :, ::-1])), dtype=np.float64)
    length = float(np.linalg.norm(row))
    if row.shape != (DeepFaceEngine.dimension,) or not np.isfinite(length) or length == 0.0:
        raise RuntimeError("The network did not return an embedding of the expected shape.")
    return (row / length).astype(np.float32)
