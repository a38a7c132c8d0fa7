"""One card for each face model: what it is, whose it is, what it was measured to do, and what it cannot do.

Read by the command `provision_models`, by docs/model-cards.md (a test compares them), and by the engine, which takes
the shape of its pictures and its thresholds from here. Importing this loads no library.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

_MODELS = "https://github.com/serengil/deepface_models/releases/download/v1.0/"
_NOT_MEASURED = (
    "Not measured here: the threshold is DeepFace's own. Run `manage.py evaluate_faces` on the site's volunteers."
)
_BY_GROUP = "Error rates differ between groups of people (NIST IR 8280); we have no measurement by group."


@dataclass(frozen=True, slots=True)
class WeightFile:
    """A file that comes by no package. We could not fetch it, so we know no SHA-256 of it."""

    name: str
    address: str
    most_bytes: int  # a download ends here, whatever the server goes on sending


@dataclass(frozen=True, slots=True)
class Measured:
    """Error rates at one threshold, with the upper ends of 95 %: docs/models.md says on which pairs."""

    threshold: float
    fmr: float
    fmr_up_to: float
    fnmr: float
    fnmr_up_to: float


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model. `packaged` names files of `weights.WEIGHTS`, `files` what has to be fetched."""

    name: str  # DeepFace's
    job: str  # find, align, describe, liveness
    licence: str
    source: str
    limits: tuple[str, ...]
    packaged: tuple[str, ...] = ()
    files: tuple[WeightFile, ...] = ()
    is_commercial: bool = True  # False: the licence, or that of the training photos, forbids commercial use
    version: str = ""  # begins the id that is stored with each template
    runtime: str = "tensorflow"
    dimension: int = 0
    side: int = 0  # pixels of the square picture that the network takes
    metric: str = ""
    threshold: float = 0.0  # least similarity of one person's photos
    margin: float = 0.0
    measured: tuple[Measured, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For `provision_models --json`: the facts, without what only the engine needs."""
        described = {
            "dimension": self.dimension,
            "metric": self.metric,
            "threshold": self.threshold,
            "margin": self.margin,
            "measured": [
                {
                    "threshold": at.threshold,
                    "fmr": at.fmr,
                    "fmr_up_to": at.fmr_up_to,
                    "fnmr": at.fnmr,
                    "fnmr_up_to": at.fnmr_up_to,
                }
                for at in self.measured
            ],
        }
        return {
            "name": self.name,
            "job": self.job,
            "licence": self.licence,
            "is_commercial": self.is_commercial,
            "source": self.source,
            **(described if self.dimension else {}),
            "limits": list(self.limits),
        }


class ModelRefused(ValueError):
    """The settings choose a model that may not be used. The message says why, and what to set."""


MTCNN = ModelCard(
    name="MTCNN",
    job="find",
    licence="MIT",
    source="package mtcnn 1.0.0",
    packaged=("pnet.lz4", "rnet.lz4", "onet.lz4"),
    limits=("Finds no face that is upside down or lower than about 40 pixels.", _BY_GROUP),
)
LANDMARKS = ModelCard(
    name="five points",
    job="align",
    licence="CC0-1.0",
    source="package face_recognition_models 0.3.0",
    packaged=("shape_predictor_5_face_landmarks.dat",),
    limits=("Places four corners of the eyes and the nose only: it says nothing of eyelids and mouth.",),
)
DLIB = ModelCard(
    name="Dlib",
    job="describe",
    licence="CC0-1.0",
    source="package face_recognition_models 0.3.0",
    packaged=("dlib_face_recognition_resnet_model_v1.dat",),
    version="dlib-resnet-v1",
    dimension=128,
    side=150,
    metric="cosine",
    threshold=0.935,
    margin=0.01,
    measured=(
        Measured(threshold=0.910, fmr=0.044, fmr_up_to=0.088, fnmr=0.0, fnmr_up_to=0.058),
        Measured(threshold=0.930, fmr=0.013, fmr_up_to=0.044, fnmr=0.0, fnmr_up_to=0.058),
        Measured(threshold=0.935, fmr=0.0, fmr_up_to=0.019, fnmr=0.0, fnmr_up_to=0.058),
        Measured(threshold=0.945, fmr=0.0, fmr_up_to=0.019, fnmr=0.04, fnmr_up_to=0.137),
    ),
    limits=(
        "Weak on some groups. It was trained on adults, mostly Western public figures: users report that it takes "
        "different Chinese people for one another (dlib issues 480, 1407 and 2816), its packagers that it is worse on "
        "children.",
        _BY_GROUP,
        "Measured on 4 people only: measure on the site's own volunteers before relying on it.",
        "Near relatives and twins may match.",
    ),
)
FACENET = ModelCard(
    name="Facenet",
    job="describe",
    licence="MIT",
    source="DeepFace's weights, after davidsandberg/facenet",
    files=(WeightFile("facenet_weights.h5", _MODELS + "facenet_weights.h5", 200_000_000),),
    version="facenet-128",
    dimension=128,
    side=160,
    metric="cosine",
    threshold=0.60,
    margin=0.02,
    limits=(_NOT_MEASURED, "Trained on public figures; their licence to the photos is not ours to judge.", _BY_GROUP),
)
FACENET512 = ModelCard(
    name="Facenet512",
    job="describe",
    licence="MIT",
    source="DeepFace's weights, after davidsandberg/facenet",
    files=(WeightFile("facenet512_weights.h5", _MODELS + "facenet512_weights.h5", 200_000_000),),
    version="facenet-512",
    dimension=512,
    side=160,
    metric="cosine",
    threshold=0.70,
    margin=0.02,
    limits=(_NOT_MEASURED, "Trained on public figures; their licence to the photos is not ours to judge.", _BY_GROUP),
)
SFACE = ModelCard(
    name="SFace",
    job="describe",
    licence="Apache-2.0",
    source="OpenCV Zoo",
    files=(
        WeightFile(
            "face_recognition_sface_2021dec.onnx",
            "https://github.com/opencv/opencv_zoo/raw/main/models/face_recognition_sface/face_recognition_sface_2021dec.onnx",
            100_000_000,
        ),
    ),
    version="sface-2021dec",
    runtime="onnx",
    dimension=128,
    side=112,
    metric="cosine",
    threshold=0.407,
    margin=0.02,
    limits=(_NOT_MEASURED, _BY_GROUP),
)
ARCFACE = ModelCard(
    name="ArcFace",
    job="describe",
    licence="MIT (code); weights from photos for non-commercial use",
    is_commercial=False,
    source="DeepFace's weights, after leondgarse/Keras_insightface",
    files=(WeightFile("arcface_weights.h5", _MODELS + "arcface_weights.h5", 300_000_000),),
    version="arcface-r34",
    dimension=512,
    side=112,
    metric="cosine",
    threshold=0.32,
    margin=0.02,
    limits=(
        "The author of these weights says that their training photos are for non-commercial use (Keras_insightface, "
        "issue 133).",
        _NOT_MEASURED,
        _BY_GROUP,
    ),
)
VGG_FACE = ModelCard(
    name="VGG-Face",
    job="describe",
    licence="CC BY-NC 4.0",
    is_commercial=False,
    source="DeepFace's weights, after the University of Oxford",
    files=(WeightFile("vgg_face_weights.h5", _MODELS + "vgg_face_weights.h5", 900_000_000),),
    version="vgg-face",
    dimension=4096,
    side=224,
    metric="cosine",
    threshold=0.32,
    margin=0.02,
    limits=("Non-commercial by its licence.", _NOT_MEASURED, _BY_GROUP),
)
FASNET = ModelCard(
    name="FasNet",
    job="liveness",
    licence="Apache-2.0",
    source="DeepFace's weights, after minivision-ai/Silent-Face-Anti-Spoofing",
    files=(
        WeightFile("2.7_80x80_MiniFASNetV2.h5", _MODELS + "2.7_80x80_MiniFASNetV2.h5", 20_000_000),
        WeightFile("4_0_0_80x80_MiniFASNetV1SE.h5", _MODELS + "4_0_0_80x80_MiniFASNetV1SE.h5", 20_000_000),
    ),
    limits=(
        "Certified by nobody (ISO/IEC 30107-3), and reported wrong in both directions.",
        "Not measured here.",
    ),
)

CARDS = {card.name: card for card in (MTCNN, LANDMARKS, DLIB, FACENET, FACENET512, SFACE, ARCFACE, VGG_FACE, FASNET)}
DESCRIBERS = {name: card for name, card in CARDS.items() if card.job == "describe"}


def chosen() -> ModelCard:
    """The describing model of `settings.FACE_MODEL`. Raises ModelRefused for one that may not be used."""
    return describer(str(getattr(settings, "FACE_MODEL", DLIB.name)))


def describer(name: str) -> ModelCard:
    """A describing model by its name. Raises ModelRefused: unknown, or not for commercial use and no reason given."""
    if name not in DESCRIBERS:
        raise ModelRefused(f"FACE_MODEL={name} is no model of ours: choose one of {', '.join(DESCRIBERS)}.")
    card = DESCRIBERS[name]
    if not card.is_commercial and not str(getattr(settings, "FACE_MODEL_LICENCE_REASON", "")).strip():
        raise ModelRefused(
            f"{name} is for non-commercial use only ({card.licence}). Whoever may use it all the same says why in "
            "FACE_MODEL_LICENCE_REASON."
        )
    return card


def threshold(card: ModelCard) -> float:
    """The least similarity of one person's photos: the card's, or for the model in use what the site measured."""
    own = getattr(settings, "FACE_MODEL_THRESHOLD", None)
    is_in_use = card.name == str(getattr(settings, "FACE_MODEL", DLIB.name))
    return float(own) if own is not None and is_in_use else card.threshold


def card_of(file: str) -> ModelCard:
    """The card of a weight file. KeyError for a file of none."""
    for card in CARDS.values():
        if file in card.packaged or any(file == one.name for one in card.files):
            return card
    raise KeyError(file)
