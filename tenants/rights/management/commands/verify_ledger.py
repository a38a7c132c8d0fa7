"""`manage.py verify_ledger [--json] [--write-again]`: is the ledger of erasures whole, and does it know them all?"""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from tenants.rights import ledger, replaying


class Command(BaseCommand):
    help = (
        "Checks the ledger of erasures: every line unchanged and in its place, and every erasure of the database in "
        "it. "
        "Ends with 1 when it is not so."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print the findings as JSON.")
        parser.add_argument(
            "--write-again", action="store_true", help="Write erasures that the ledger has lost into it again."
        )

    def handle(self, *args: object, **options: object) -> None:
        try:
            is_behind = ledger.is_behind()
            lost = replaying.lost()
            if lost and not is_behind and options["write_again"]:
                replaying.lost(forget=True)
                replaying.catch_up()
                lost = replaying.lost()
            faults = ledger.ledger().faults()
            entries = sum(1 for _entry in ledger.ledger().entries())
        except OSError as error:
            raise CommandError(f"The ledger of erasures cannot be read: {error}") from error
        said = {
            "entries": entries,
            "faults": [{"line": fault.line, "code": fault.code} for fault in faults],
            "lost": lost,
            "properties_waiting": len(ledger.waiting()),
            "database_is_behind": is_behind,
        }
        self.stdout.write(json.dumps(said) if options["json"] else "\n".join(f"{k}: {v}" for k, v in said.items()))
        if faults or is_behind or lost:
            raise CommandError("The ledger is not whole, or the database is older; docs/operations.md.", returncode=1)
