"""`manage.py restore --from FILE --identity FILE`: a backup back, and the erasures that it forgot ordered again."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from portal.security import backups
from portal.security.grants import WEB
from tenants.rights import replaying

_TABLES = "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"


class Command(BaseCommand):
    help = (
        "Opens a sealed backup with a private key of age, puts it into an empty database, migrates it, and orders "
        "every erasure again that the ledger knows and the backup has forgotten. Stop everything else first."
    )
    requires_system_checks = ()  # some look at tables

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", required=True, type=Path, dest="file", help="The sealed backup.")
        parser.add_argument("--identity", required=True, type=Path, help="The file with the private key.")

    def handle(self, *args: object, file: Path, identity: Path, **options: object) -> None:
        if settings.CONSENTRY_ROLE != "owner":
            raise CommandError("Only the owner of the tables can; use `python -m portal.stack restore`.")
        if tables := number_of_tables():
            raise CommandError(f"The database holds {tables} tables. A backup goes into an empty one only.")
        connection.close()
        try:
            backups.read_back(connection.settings_dict, file=file.absolute(), identity=identity.absolute())
        except backups.BackupError as error:
            raise CommandError(f"{error} The database is as empty as before.") from error
        call_command("migrate", interactive=False, verbosity=0)
        self._replay()

    def _replay(self) -> None:
        try:
            with web_role():
                done = replaying.replay()
        except OSError as error:
            raise CommandError(
                f"The database is back, but the ledger of erasures cannot be read: {error.strerror}. Put it back and "
                "run replay_erasures as the web role before anything starts."
            ) from error
        self.stdout.write(
            f"The database is back. Ledger read up to number {done.reached}: {done.ordered} erasures ordered again, "
            f"{done.known} known, {done.gone} of persons who are not in this database, {done.failed} failed."
        )
        if done.failed:
            raise CommandError(f"{done.failed} erasures could not be ordered again; the log says why.", returncode=1)


def number_of_tables() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return int(cursor.fetchone()[0])


@contextmanager
def web_role() -> Iterator[None]:
    """Erasures are ordered with the rights of whoever orders them in the running portal, and no others."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {WEB}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
