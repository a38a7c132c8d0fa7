"""`manage.py seal_audit`: seal now what waits. Beat does it every minute; this is for a drill and before a backup."""

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from portal.security.audit import anchor, seals


class Command(BaseCommand):
    help = "Seals all entries of the log that no seal covers yet, and writes the seal to the anchor."

    def handle(self, *args: object, **options: object) -> None:
        try:
            made = seals.seal()
        except (ImproperlyConfigured, anchor.Unreadable, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Seal {made.number}." if made else "Nothing waits for a seal.")
