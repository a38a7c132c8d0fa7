"""DeepFace behind our protocol. This file, `detector.py` and `camera.py` alone import deepface, tensorflow, cv2, dlib.

MTCNN finds the face on a small copy, Dlib's five-point aligner cuts it from the picture itself, and
DeepFace's Dlib network describes it. Measured numbers behind each constant: docs/models.md.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from recognition.engine import cards, fetched, liveness, measures, quality, weights
from recognition.engine.cards import ModelCard
from recognition.engine.codes import FaceRejected, RejectionCode
from recognition.engine.detector import Detector
from recognition.engine.faces import Face, only_face
from recognition.engine.liveness import Liveness, LivenessTest
from recognition.engine.photos import decode
from recognition.engine.protocol import FaceQuality, FaceResult
from recognition.engine.quality import QualityLimits

CHIP_SIDE = 150  # what the Dlib network was trained on
CHIP_PADDING = 0.25
CHIP_FACE_PX = 170  # larger faces are first reduced to this height: the cutter skips pixels, which aliases

THRESHOLD = cards.DLIB.threshold
MARGIN = cards.DLIB.margin


class LoadedBeforeFork(RuntimeError):
    """The models were loaded in another process: TensorFlow would hang here for ever."""


@dataclass(frozen=True, slots=True)
class _Models:
    detector: Detector
    card: ModelCard
    describer: Any
    landmarks: Any
    liveness: LivenessTest | None
    process: int


class DeepFaceEngine:
    """See `protocol.FaceEngine`. One photo at a time: dlib's networks are not thread-safe.

    `card` is the describing model, without one that of `settings.FACE_MODEL`. `liveness_test` takes the place of
    DeepFace's FasNet, whose weights are in no package. Raises ModelRefused for a model that may not be used.
    """

    def __init__(
        self,
        *,
        card: ModelCard | None = None,
        home: Path | None = None,
        threads: int | None = None,
        liveness_test: LivenessTest | None = None,
    ) -> None:
        self._card = card or cards.chosen()
        self.dimension = self._card.dimension
        self.threshold = cards.threshold(self._card)
        self.margin = self._card.margin
        self._home = home
        self._threads = threads
        self._liveness_test = liveness_test
        self._lock = threading.RLock()
        self._models: _Models | None = None
        # DeepFace has changed its embeddings between patch releases: its version is part of the id. Read once: finding
        # it looks through the whole environment.
        self.model_version = f"{self._card.version}/mtcnn/deepface-{version('deepface')}/{self._card.runtime}"

    def warm_up(self) -> None:
        """Loads the models and runs them once, so that the first person does not wait for it."""
        with self._lock:
            models = self._load()
            models.detector.find(np.zeros((160, 160, 3), dtype=np.uint8))
            _describe(models, np.full((self._card.side, self._card.side, 3), 128, dtype=np.uint8))

    def represent(self, photo: bytes, *, limits: QualityLimits | None = None) -> FaceResult:
        """The one face of a photo. Raises FaceRejected; WeightsError when the models are not in place."""
        limits = limits or quality.LIMITS[quality.Level.STANDARD]
        picture = decode(photo)
        try:
            if min(picture.shape[:2]) < limits.face_px:
                raise FaceRejected(RejectionCode.FACE_TOO_SMALL)
            with self._lock:
                models = self._load()
                face = only_face(models.detector.find(picture), least_px=limits.face_px)
                chip = _chip(models, picture, face)
                try:
                    measured = measures.measure(chip, face)
                    quality.require(measured, limits)
                    measured = _require_live(models, picture, face, measured)
                    return FaceResult(embedding=_described(models, picture, face, chip), quality=measured)
                finally:
                    chip.fill(0)
        finally:
            # The photo ends here; its pixels should not wait for the allocator (PIPL Art 47).
            picture.fill(0)

    def _load(self) -> _Models:
        if self._models is None:
            threads = self._threads or _configured_threads()
            self._models = _load_models(self._card, self._home, threads, self._liveness_test)
        if self._models.process != os.getpid():
            raise LoadedBeforeFork("The face models were loaded before this process was forked.")
        return self._models


def _configured_threads() -> int:
    return int(getattr(settings, "FACE_ENGINE_THREADS", 0)) or min(4, os.cpu_count() or 1)


def _load_models(card: ModelCard, home: Path | None, threads: int, liveness_test: LivenessTest | None) -> _Models:
    # Verified first: DeepFace fetches a weight file that it does not find, unchecked.
    weights.provision(home)
    fetched.verify(card, home)
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
    if liveness_test is None and liveness.state(home) == Liveness.ON:
        liveness.verify(home)
        liveness_test = _load_fasnet()
    return _Models(
        detector=Detector(modeling.build_model(task="face_detector", model_name="mtcnn").model),
        card=card,
        describer=_load_describer(card),
        landmarks=dlib.shape_predictor(str(weights.folder(home) / "shape_predictor_5_face_landmarks.dat")),
        liveness=liveness_test,
        process=os.getpid(),
    )


def _load_fasnet() -> LivenessTest:
    from deepface.modules import modeling

    try:
        test: LivenessTest = modeling.build_model(task="spoofing", model_name="Fasnet")
    except ValueError as error:
        raise weights.WeightsError(
            f"The weights of the liveness test cannot be read: replace or remove {' and '.join(liveness.FILES)}."
        ) from error
    return test


def _load_describer(card: ModelCard) -> Any:
    from deepface.modules import modeling

    try:
        return modeling.build_model(task="facial_recognition", model_name=card.name)
    except Exception as error:  # each runtime has exceptions of its own for a file that holds no network
        file = (*card.packaged, *(file.name for file in card.files))[0]
        raise weights.WeightsError(f"The weights of {card.name} cannot be read: {file}.", file) from error


def _chip(models: _Models, picture: NDArray[np.uint8], face: Face, *, side: int = CHIP_SIDE) -> NDArray[np.uint8]:
    """The upright face as a square of `side` pixels, RGB."""
    import cv2
    import dlib

    most = CHIP_FACE_PX * side / CHIP_SIDE
    if face.height > most:
        scale = most / face.height
        smaller = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        picture = smaller.astype("uint8", copy=False)
        face = face.scaled(scale)
    box = dlib.rectangle(face.left, face.top, face.right, face.bottom)
    points = models.landmarks(picture, box)
    chip: NDArray[np.uint8] = dlib.get_face_chip(picture, points, side, CHIP_PADDING)
    return chip


def _require_live(models: _Models, picture: NDArray[np.uint8], face: Face, measured: FaceQuality) -> FaceQuality:
    """Where there is a liveness test, whoever fails it is refused."""
    if models.liveness is None:
        return measured
    area = (face.left, face.top, face.right - face.left, face.height)
    is_live, sureness = models.liveness.analyze(picture[:, :, ::-1], area)
    if not is_live:
        raise FaceRejected(RejectionCode.NOT_LIVE)
    return measured.tested(float(sureness))


def _described(models: _Models, picture: NDArray[np.uint8], face: Face, chip: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The embedding of a chip, which is cut again where the network takes another size than the quality."""
    if models.card.side == CHIP_SIDE:
        return _describe(models, chip)
    own = _chip(models, picture, face, side=models.card.side)
    try:
        return _describe(models, own)
    finally:
        own.fill(0)


def _describe(models: _Models, chip: NDArray[np.uint8]) -> NDArray[np.float32]:
    shown: NDArray[Any] = np.ascontiguousarray(chip[:, :, ::-1])
    if models.card.name != cards.DLIB.name:  # Dlib's client takes bytes, DeepFace's others what its resizing gives
        shown = shown.astype(np.float32) / 255
    row = np.asarray(models.describer.forward(shown), dtype=np.float64)
    length = float(np.linalg.norm(row))
    if row.shape != (models.card.dimension,) or not np.isfinite(length) or length == 0.0:
        raise RuntimeError("The network did not return an embedding of the expected shape.")
    return (row / length).astype(np.float32)
