"""Measures how well faces are told apart on photos of one's own. Needs the models, and no running portal."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recognition.engine import pairs, quality, weights
from recognition.engine.services import engine_named, engine_path


class Command(BaseCommand):
    help = (
        "Compares the photos of a folder as its pairs.csv says (file_x,file_y,same with yes or no) and prints error "
        "rates and thresholds. Optional: groups.csv (file,group). Photos and templates stay in memory."
    )
    requires_system_checks: list[str] = []  # a folder of photos needs no database and no queue

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--faces", type=Path, required=True, metavar="DIR", help="folder of photos with a pairs.csv"
        )
        parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
        parser.add_argument("--picture", type=Path, metavar="FILE", help="write the ROC and DET curves (.svg)")
        parser.add_argument("--fmr", type=float, default=0.001, help="the wanted false-match rate (default 0.001)")
        parser.add_argument("--level", choices=[level.value for level in quality.Level], default="standard")
        parser.add_argument("--engine", default="", help="a model of docs/model-cards.md, or the path of an engine")

    def handle(self, *args: Any, **options: Any) -> None:
        picture: Path | None = options["picture"]
        if not 0 < options["fmr"] < 1:
            raise CommandError("--fmr is a share between 0 and 1, for example 0.001.")
        if picture is not None and picture.suffix.lower() != ".svg":
            raise CommandError("--picture writes SVG: let the name end in .svg.")
        from recognition.engine import calibration, drawing, evaluation  # NumPy: not before a question of shape

        try:
            labelled = pairs.read(options["faces"])
            engine = engine_named(options["engine"] or engine_path())
            found = calibration.calibrate(
                engine=engine, labelled=labelled, wanted=options["fmr"], limits=quality.limits(options["level"])
            )
            numbers = found.as_dict(engine=engine)
            if picture is not None:
                curve = evaluation.curve(found.scored)
                drawn = drawing.draw(curve, auc=numbers["auc"], eer=numbers["eer"], title=engine.model_version)
                picture.write_text(drawn, encoding="utf-8")
        except (ValueError, ImportError, OSError, weights.WeightsError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(numbers, indent=1))
            return
        for line in _told(numbers):
            self.stdout.write(line)
        for name, code in found.refused.items():
            self.stdout.write(f"  {name}: {code.value}")


def _told(numbers: dict[str, Any]) -> Iterator[str]:
    photos, used, given = (numbers[name] for name in ("photos", "pairs", "pairs_given"))
    yield f"{numbers['model_version']}: {photos} photos, {used} of {given} pairs"
    yield f"area under the curve {numbers['auc']:.4f}, equal error rate {numbers['eer']:.2%}"
    yield f"for a false-match rate of {numbers['wanted_fmr']:.3%}: {_rates(numbers)}"
    yield f"as it is in use:               {_rates(numbers['in_use'])}"
    needed = numbers["pairs_different_needed"]
    if numbers["pairs_different"] < needed:
        yield (
            f"Too few for that rate: it takes {needed} pairs of different people without an error, and there are "
            f"{numbers['pairs_different']}. Pairs that share photos count for less."
        )
    for name, group in numbers["groups"].items():
        yield f"group {name}: {group['photos']} photos, {group['failures_to_enroll']} refused; {_rates(group)}"
    reasons = ", ".join(f"{reason} {count}" for reason, count in numbers["failures_by_reason"].items())
    yield f"without a template: {numbers['failures_to_enroll']}{f' ({reasons})' if reasons else ''}"


def _rates(numbers: dict[str, Any]) -> str:
    matches, non_matches = _rate(numbers, "fmr"), _rate(numbers, "fnmr")
    return f"threshold {numbers['threshold']:.4f}, false matches {matches}, false non-matches {non_matches}"


def _rate(numbers: dict[str, Any], name: str) -> str:
    if numbers[name] is None:
        return "not measured"
    low, high = numbers[f"{name}_interval"]
    return f"{numbers[f'{name}_errors']} of {numbers[f'{name}_of']} ({low:.2%} to {high:.2%} at 95 %)"
