"""`manage.py roles [--write]`: who may do what, as docs/roles.md shows it."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.security.role_table import DOCUMENT, document


class Command(BaseCommand):
    help = "Prints which role may do what; with --write puts it into docs/roles.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="Write docs/roles.md.")

    def handle(self, *args: object, **options: object) -> None:
        if not options["write"]:
            self.stdout.write(document())
            return
        file = settings.BASE_DIR / "docs" / DOCUMENT
        file.write_text(document(), encoding="utf-8")
        self.stdout.write(f"Written: {file.relative_to(settings.BASE_DIR)}")
