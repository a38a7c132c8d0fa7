"""The weight files that come by no package: fetched on order, and compared with the sum that somebody vouches for.

DeepFace would fetch them at its first use, unchecked. So none is handed to it that is not here and verified.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from recognition.engine import cards
from recognition.engine.cards import FASNET, ModelCard, WeightFile
from recognition.engine.weights import WeightsError, folder


def sums(card: ModelCard) -> dict[str, str]:
    """The SHA-256 of each file of a model, as the settings name them; files without one are missing."""
    if card is FASNET:
        values = [str(sha256).lower() for sha256 in getattr(settings, "FACE_ANTI_SPOOFING_SHA256", ())]
        return dict(zip((file.name for file in card.files), values, strict=False))
    told: Mapping[str, str] = getattr(settings, "FACE_MODEL_SHA256", {})
    return {file.name: told[file.name].lower() for file in card.files if told.get(file.name)}


def provision(card: ModelCard, wanted: Mapping[str, str], home: Path | None = None) -> list[Path]:
    """Fetch what is not here, with the sums in `wanted` by file name. Raises WeightsError."""
    for file in card.files:
        if not wanted.get(file.name):
            raise WeightsError(
                f"We know no SHA-256 of {file.name}: give the one of a copy that you trust with --sha256.", file.name
            )
    from recognition.engine import fetching  # an HTTP client: nobody else needs it

    places = []
    for file in card.files:
        place = folder(home) / file.name
        fetching.fetch(file.address, place, sha256=wanted[file.name], most_bytes=file.most_bytes)
        places.append(place)
    return places


def verify(card: ModelCard, home: Path | None = None) -> None:
    """Read every byte and compare it with the settings. Raises WeightsError; quiet for a model that is packaged."""
    wanted = sums(card)
    for file in card.files:
        place = folder(home) / file.name
        problem = _problem(card, file, place, wanted)
        if problem:
            raise WeightsError(problem, file.name, is_missing=not place.is_file())
        from recognition.engine.fetching import digest

        if digest(place) != wanted[file.name]:
            raise WeightsError(
                f"{place} is damaged: its SHA-256 is not the one in FACE_MODEL_SHA256. "
                f"Run `manage.py provision_models --model {card.name}`.",
                file.name,
            )


def check_files(home: Path | None = None) -> list[str]:
    """What is wrong with the files of the model in use, one sentence each. Looks at names only."""
    try:
        card = cards.chosen()
    except cards.ModelRefused as error:
        return [str(error)]
    found = (_problem(card, file, folder(home) / file.name, sums(card)) for file in card.files)
    return [problem for problem in found if problem]


def _problem(card: ModelCard, file: WeightFile, place: Path, wanted: Mapping[str, str]) -> str:
    if not wanted.get(file.name):
        return (
            f"FACE_MODEL_SHA256 has no sum for {file.name}: `manage.py provision_models --model {card.name}` says how."
        )
    if not place.is_file():
        return f"{file.name} is missing: run `manage.py provision_models --model {card.name}`."
    return ""
