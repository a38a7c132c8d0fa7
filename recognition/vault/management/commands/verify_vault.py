"""Opens every template and says which rows are wrong. Changes nothing; ends with 1 when something is."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recognition.vault import verification
from tenants.organizations.models import Property


class Command(BaseCommand):
    help = "Counts templates per property that cannot be opened, belong to nobody, or are there twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the findings, with the ids of the rows, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        shut = verification.unopened_handler_keys()
        found = [verification.verify(tenant) for tenant in Property.objects.order_by("slug")]
        is_sound = not shut and all(findings.is_sound for findings in found)
        if options["json"]:
            rows = [findings.as_dict() for findings in found]
            told = {"is_sound": is_sound, "unopened_handler_keys": shut, "properties": rows}
            self.stdout.write(json.dumps(told, indent=1))
        else:
            for findings in found:
                self.stdout.write(_line(findings))
            for name in shut:
                self.stdout.write(f"handler key {name}: opens with no master key that this process has")
        if not is_sound:
            raise CommandError("The vault is not sound; --json names the rows.")


def _line(findings: verification.Findings) -> str:
    return (
        f"{findings.slug}: {findings.templates} templates of {findings.people} people, "
        f"{len(findings.unreadable)} unreadable, {len(findings.orphaned)} orphaned, "
        f"{len(findings.duplicated)} duplicated, {findings.being_erased} being erased"
    )
