"""`manage.py expire_evidence`: delete the evidence whose three years are over. The one command that may."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, connection, transaction

from portal.security.evidence import EVIDENCE, EXPIRY_SETTING, is_over
from tenants.organizations.scoping import set_local


class Command(BaseCommand):
    help = (
        "Deletes evidence of processing that ended more than three years ago and that no legal hold keeps, as the "
        "owner of the tables. Without --delete it only counts. Nothing runs it by itself."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--delete", action="store_true", help="Delete, and do not only count.")

    def handle(self, *args: object, **options: object) -> None:
        if settings.CONSENTRY_ROLE != "owner":
            raise CommandError("Only the owner of the tables can; use `python -m portal.stack manage`.")
        for table, kept in EVIDENCE.items():
            # The rule of the trigger, word for word; the trigger looks at each row again.
            rows = f'FROM "{table}" AS OLD WHERE {is_over(kept)}'
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    if options["delete"]:
                        set_local(EXPIRY_SETTING, "on")
                        cursor.execute(f"DELETE {rows}")
                        count = cursor.rowcount
                        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                        set_local(EXPIRY_SETTING, "off")
                    else:
                        cursor.execute(f"SELECT count(*) {rows}")
                        count = cursor.fetchone()[0]
            except IntegrityError as error:
                self.stderr.write(f"{table}: kept, because something that stays names it ({error}).".splitlines()[0])
            else:
                self.stdout.write(f"{table}: {count} {'deleted' if options['delete'] else 'may be deleted'}")
