"""`manage.py verify_audit`: say whether the log is as it was sealed, and name the first entry that is not."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from portal.security.audit.verification import verify

SHOWN = 20


class Command(BaseCommand):
    help = "Compares every entry of the log with its seal, and every seal with its signature and the anchor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="Name all broken entries, not the first twenty.")

    def handle(self, *args: object, **options: object) -> None:
        verdict = verify()
        told = f"{verdict.entries} entries under {verdict.seals} seals"
        if verdict.first is None:
            self.stdout.write(f"{told} are as they were sealed, until {verdict.until or 'now; nothing is sealed'}.")
            return
        shown = verdict.findings if options["all"] else verdict.findings[:SHOWN]
        for finding in shown:
            self.stderr.write(f"{finding.table} {finding.id}: {finding.fault.label}")
        first = verdict.first
        raise CommandError(
            f"{told}; {len(verdict.findings)} are not as they were. The first: {first.table} {first.id}, "
            f"{first.fault.label}."
        )
