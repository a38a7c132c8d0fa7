"""Puts the face models in place and verifies them. Runs before any database exists."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recognition.engine import weights


class Command(BaseCommand):
    help = "Copies the face models from their installed packages and verifies each by SHA-256."
    requires_system_checks: list[str] = []  # the checks ask for what this command provides

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the table of weights as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            places = weights.provision()
        except (weights.WeightsError, OSError) as error:
            raise CommandError(str(error)) from error
        rows = [
            {
                "name": weight.name,
                "path": str(place),
                "package": weight.package,
                "licence": weight.licence,
                "sha256": weight.sha256,
                "size": weight.size,
            }
            for weight, place in zip(weights.WEIGHTS, places, strict=True)
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=1))
            return
        for row in rows:
            self.stdout.write(f"{row['name']}  {row['licence']}  {row['size']} bytes  verified")
