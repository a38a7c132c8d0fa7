"""`manage.py reach [--write]`: the table of who reaches which rows, as docs/threat-model.md shows it."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.security.reach import lines, placed


class Command(BaseCommand):
    help = "Prints which rows of which table each database role reaches; with --write puts it into the threat model."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="Write docs/threat-model.md.")

    def handle(self, *args: object, **options: object) -> None:
        if not options["write"]:
            self.stdout.write("\n".join(lines()))
            return
        document = settings.BASE_DIR / "docs" / "threat-model.md"
        document.write_text(placed(document.read_text(encoding="utf-8")), encoding="utf-8")
        self.stdout.write(f"Written: {document.relative_to(settings.BASE_DIR)}")
