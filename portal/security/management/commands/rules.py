"""`manage.py rules [--write]`: the table of the rules of detection, as docs/detection.md shows it."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.security.detection.document import lines, placed


class Command(BaseCommand):
    help = "Prints the rules of detection; with --write puts them into docs/detection.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="Write docs/detection.md.")

    def handle(self, *args: object, **options: object) -> None:
        if not options["write"]:
            self.stdout.write("\n".join(lines()))
            return
        document = settings.BASE_DIR / "docs" / "detection.md"
        document.write_text(placed(document.read_text(encoding="utf-8")), encoding="utf-8")
        self.stdout.write(f"Written: {document.relative_to(settings.BASE_DIR)}")
