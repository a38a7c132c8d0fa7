"""`manage.py verify_audit`: say whether the log is as it was sealed, and name the first entry that is not."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.security.audit import mailed
from portal.security.audit.verification import verify

SHOWN = 20


class Command(BaseCommand):
    help = "Compares every entry of the log with its seal, and every seal with its signature and the anchor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="Name all broken entries, not the first twenty.")
        parser.add_argument(
            "--anchor-mail",
            action="append",
            default=[],
            type=Path,
            metavar="FILE",
            help="A saved mail of a seal (AUDIT_ANCHOR_MAIL) to compare as well; may be given several times.",
        )

    def handle(self, *args: object, anchor_mail: list[Path], **options: object) -> None:
        try:
            mails = [mailed.read(file) for file in anchor_mail]
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from error
        except mailed.Unreadable as error:
            raise CommandError(f"{error} is no mail of a seal. Save the mail whole, or its text.") from error
        verdict = verify()
        findings = sorted([*verdict.findings, *(finding for mail in mails for finding in mailed.compare(mail))])
        told = f"{verdict.entries} entries under {verdict.seals} seals"
        if not findings:
            agree = f" Mails of seals that agree: {len(mails)}." if mails else ""
            until = verdict.until or "now; nothing is sealed"
            self.stdout.write(f"{told} are as they were sealed, until {until}.{agree}")
            return
        shown = findings if options["all"] else findings[:SHOWN]
        for finding in shown:
            self.stderr.write(f"{finding.table} {finding.id}: {finding.fault.label}")
        first = findings[0]
        raise CommandError(
            f"{told}; {len(findings)} are not as they were. The first: {first.table} {first.id}, {first.fault.label}."
        )
