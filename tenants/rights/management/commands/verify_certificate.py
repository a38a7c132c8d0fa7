"""`manage.py verify_certificate FILE`: is a certificate of erasure genuine and unchanged?"""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.rights.certificate_text import MOST_BYTES, Verdict, check

SENTENCES = {
    Verdict.VALID: "Genuine and unchanged.",
    Verdict.CHANGED: "Changed: it is not, byte for byte, what was signed.",
    Verdict.UNKNOWN_KEY: "Signed with a key that is not among EVIDENCE_PUBLIC_KEYS.",
    Verdict.UNREADABLE: "No certificate of an erasure.",
}


class Command(BaseCommand):
    help = (
        "Checks a certificate of erasure (the JSON file) with the public keys of this installation. Needs no private "
        "key and reads no table. Ends with 1 when it is not genuine."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the certificate as it was downloaded; - reads standard input")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: object, **options: Any) -> None:
        checked = check(_read(options["file"]))
        if options["json"]:
            said = {"verdict": checked.verdict.value, "key": checked.key_id, "says": checked.says}
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(SENTENCES[checked.verdict])
            for name in ("number", "person", "completed_at") if checked.says else ():
                self.stdout.write(f"{name}: {(checked.says or {})[name]}")
        if checked.verdict != Verdict.VALID:
            sys.exit(1)


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
