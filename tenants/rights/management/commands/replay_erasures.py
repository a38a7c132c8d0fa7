"""`manage.py replay_erasures [--json]`: after a restore, order again what the backup has forgotten."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from tenants.rights import ledger, replaying


class Command(BaseCommand):
    help = (
        "Orders every erasure of the ledger again that the database does not know, with its id, date and reason: keys "
        "are destroyed, galleries move on. Runs by itself when the stack starts. May be killed and run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print the counts as JSON.")

    def handle(self, *args: object, **options: object) -> None:
        try:
            done = replaying.replay()
            faults = len(ledger.ledger().faults())
        except OSError as error:
            raise CommandError(f"The ledger of erasures cannot be read: {error}") from error
        if options["json"]:
            self.stdout.write(json.dumps(done.as_dict() | {"faults": faults}))
        else:
            self.stdout.write(
                f"Ledger read up to number {done.reached}: {done.ordered} erasures ordered again, {done.known} known, "
                f"{done.gone} of persons who are not in this database, {done.failed} failed, {faults} faults."
            )
        if done.failed:
            raise CommandError(f"{done.failed} erasures could not be ordered again; the log says why.", returncode=1)
