"""Misconfiguration of the face engine, said before it opens a door. No check imports a model."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from recognition.engine import cards, fetched, weights
from recognition.engine.services import engine_path


@register()
def engine_is_real(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A stand-in engine would match on whatever it was told to: tests only."""
    if settings.DEBUG or getattr(settings, "TESTING", False):
        return []
    paths = {"FACE_ENGINE": engine_path(), "FACE_ENGINE_PREVIOUS": getattr(settings, "FACE_ENGINE_PREVIOUS", "")}
    return [
        Error(
            f"{name} is {path}, which is not one of ours.",
            hint="Use an engine of recognition.engine; a stand-in may run in tests only.",
            id="engine.E001",
        )
        for name, path in paths.items()
        if path and path not in cards.DESCRIBERS and not path.startswith("recognition.engine.")
    ]


@register()
def weights_are_in_place(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Only the recognition worker needs the weights; it would fail on the first photo without them."""
    if getattr(settings, "CONSENTRY_ROLE", "web") != "recognition":
        return []
    return [
        Warning(problem, hint="Run `python manage.py provision_models`.", id="engine.W001")
        for problem in [*weights.check_weights(), *fetched.check_files()]
    ]


@register()
def model_is_measured(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Nobody here tried the threshold that decides who enters. What may not be used at all, the worker refuses."""
    if getattr(settings, "CONSENTRY_ROLE", "web") != "recognition":
        return []
    try:
        card = cards.chosen()
    except cards.ModelRefused as error:
        return [Error(str(error), hint="docs/model-cards.md has them all.", id="engine.E002")]
    if card.measured or getattr(settings, "FACE_MODEL_THRESHOLD", None) is not None:
        return []
    return [
        Warning(
            f"FACE_MODEL={card.name} was not measured by us; its threshold of {card.threshold} is DeepFace's own.",
            hint="Run `python manage.py evaluate_faces` on photos of volunteers and set FACE_MODEL_THRESHOLD.",
            id="engine.W002",
        )
    ]
