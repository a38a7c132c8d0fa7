"""Misconfiguration of the face engine, said before it opens a door. No check imports a model."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from recognition.engine import weights
from recognition.engine.services import engine_path


@register()
def engine_is_real(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A stand-in engine would match on whatever it was told to: tests only."""
    path = engine_path()
    is_loosened = settings.DEBUG or getattr(settings, "TESTING", False)
    if path.startswith("recognition.engine.") or is_loosened:
        return []
    return [
        Error(
            f"FACE_ENGINE is {path}, which is not one of ours.",
            hint="Use an engine of recognition.engine; a stand-in may run in tests only.",
            id="engine.E001",
        )
    ]


@register()
def weights_are_in_place(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Only the recognition worker needs the weights; it would fail on the first photo without them."""
    if getattr(settings, "CONSENTRY_ROLE", "web") != "recognition":
        return []
    return [
        Warning(problem, hint="Run `python manage.py provision_models`.", id="engine.W001")
        for problem in weights.check_weights()
    ]
