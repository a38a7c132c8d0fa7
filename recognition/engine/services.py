"""The one place where the rest of the portal gets its face engine."""

import threading
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from recognition.engine.protocol import FaceEngine

DEFAULT_ENGINE = "recognition.engine.deepface_engine.DeepFaceEngine"

_engines: dict[str, FaceEngine] = {}
_lock = threading.Lock()


def engine_path() -> str:
    """The dotted path of the engine in use, by `settings.FACE_ENGINE`."""
    return str(getattr(settings, "FACE_ENGINE", DEFAULT_ENGINE))


def get_engine() -> FaceEngine:
    """The engine of this process, made once. Making it is cheap: it loads its models at first use."""
    path = engine_path()
    with _lock:
        if path not in _engines:
            _engines[path] = cast(FaceEngine, import_string(path)())
        return _engines[path]
