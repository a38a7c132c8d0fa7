"""`manage.py backup --to FILE --recipient age1…`: a backup of the database that only the private key opens."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from portal.security import backups
from tenants.organizations.trail import Happening, Kind, note

# Without indexes, which a dump does not hold.
_ROOM = "SELECT coalesce(sum(pg_table_size(oid)), 0) FROM pg_class WHERE relkind IN ('r', 'm', 't')"


class Command(BaseCommand):
    help = (
        "Writes a backup of the database, sealed with age to one public key or more, into a new file. Keys and the "
        "ledger of erasures are not in it; keep those apart."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", required=True, type=Path, help="The new file, such as consentry.age.")
        parser.add_argument(
            "--recipient", required=True, action="append", help="A public key, age1…; may be given several times."
        )

    def handle(self, *args: object, to: Path, recipient: list[str], **options: object) -> None:
        if settings.CONSENTRY_ROLE != "owner":
            raise CommandError("Only the owner of the tables can; use `python -m portal.stack manage`.")
        with connection.cursor() as cursor:
            cursor.execute(_ROOM)
            needs = int(cursor.fetchone()[0])
        # Said first: who else reads the templates rings (portal/security/detection/readers.py).
        note(Happening(kind=Kind.EXPORTED, actor="command:backup", facts={"what": "backup"}))
        try:
            size = backups.write(connection.settings_dict, to=to.absolute(), recipients=recipient, needs=needs)
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{to.absolute()}: {size} bytes, sealed to {len(recipient)} keys. Back up the ledger now.")
