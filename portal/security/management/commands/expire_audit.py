"""`manage.py expire_audit`: drop entries of the log older than AUDIT_MONTHS. Their seals stay."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from portal.security.audit.expiry import expire


class Command(BaseCommand):
    help = (
        "Drops the entries under seals older than AUDIT_MONTHS (36 at least), as the owner of the tables, unless a "
        "legal hold keeps evidence. Without --delete it only counts. Nothing runs it by itself."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--delete", action="store_true", help="Delete, and do not only count.")

    def handle(self, *args: object, **options: object) -> None:
        if settings.CONSENTRY_ROLE != "owner":
            raise CommandError("Only the owner of the tables can; use `python -m portal.stack manage`.")
        try:
            expired = expire(delete=bool(options["delete"]))
        except ValidationError as kept:
            raise CommandError(kept.message) from kept
        done = "deleted" if options["delete"] else "may be deleted"
        self.stdout.write(f"{expired.entries} entries under {expired.seals} seals {done}.")
