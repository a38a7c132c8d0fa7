"""The one place where the rest of the portal gets its face engine."""

import threading
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from recognition.engine import cards
from recognition.engine.protocol import FaceEngine

DEFAULT_ENGINE = "recognition.engine.deepface_engine.DeepFaceEngine"

_engines: dict[str, FaceEngine] = {}
_lock = threading.Lock()


def engine_path() -> str:
    """The dotted path of the engine in use, by `settings.FACE_ENGINE`."""
    return str(getattr(settings, "FACE_ENGINE", DEFAULT_ENGINE))


def get_engine() -> FaceEngine:
    """The engine of this process, made once. Making it is cheap: it loads its models at first use."""
    return engine_named(engine_path())


def engine_named(name: str) -> FaceEngine:
    """An engine by its dotted path, or DeepFace's with the model of that name (`cards`). Made once in a process.

    Raises ImportError for a path that leads nowhere, `cards.ModelRefused` for a model that may not be used.
    """
    with _lock:
        if name not in _engines:
            if "." in name:
                _engines[name] = cast(FaceEngine, import_string(name)())
            else:
                _engines[name] = cast(FaceEngine, import_string(DEFAULT_ENGINE)(card=cards.describer(name)))
        return _engines[name]


def get_previous_engine() -> FaceEngine | None:
    """The engine of the templates that are not yet replaced, by `settings.FACE_ENGINE_PREVIOUS`; None mostly.

    A path or the name of a model, as for `engine_named`: the model before the one of `settings.FACE_MODEL`.
    """
    name = str(getattr(settings, "FACE_ENGINE_PREVIOUS", ""))
    return engine_named(name) if name and name != engine_path() else None
