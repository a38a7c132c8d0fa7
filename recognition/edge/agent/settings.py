"""The engine room reads Django's settings; this gives it the few it needs, with no app and no database."""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.management.base import SystemCheckError

from recognition.engine.services import DEFAULT_ENGINE

_ROOT = Path(__file__).resolve().parents[3]
TESTING = "CONSENTRY_AGENT_TESTING"


def configure(*, home: Path, engine: str = DEFAULT_ENGINE, models: Path | None = None) -> None:
    """Set what the engine and the translations read. Raises SystemCheckError for a stand-in engine outside tests."""
    settings.configure(
        FACE_ENGINE=engine,
        DEEPFACE_HOME=models or os.environ.get("DEEPFACE_HOME") or home / "models",
        TESTING=os.environ.get(TESTING) == "1",
        INSTALLED_APPS=[],
        LANGUAGE_CODE=os.environ.get("CONSENTRY_AGENT_LANGUAGE", "zh-hans"),
        LOCALE_PATHS=[_ROOT / "locale"],
        USE_TZ=True,
        TIME_ZONE="Asia/Shanghai",
        LOGGING_CONFIG=None,
    )
    django.setup()
    from recognition.engine.checks import engine_is_real  # reads the settings made above

    refused = engine_is_real(None)
    if refused:
        raise SystemCheckError(" ".join(f"{problem.msg} {problem.hint}" for problem in refused))
