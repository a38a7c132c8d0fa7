"""Check an evidence bundle: every file, the zip around them, and the signature. No database is asked."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.rights import bundle_archive


class Command(BaseCommand):
    help = "Check an evidence bundle byte for byte. Ends with 1 when anything in it was changed, added or removed."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the zip")
        parser.add_argument("--key", type=Path, help="a public key (PEM) to trust instead of this installation's")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, file: Path, key: Path | None = None, **options: Any) -> None:
        try:
            archive, pem = file.read_bytes(), key.read_bytes() if key else None
        except OSError as error:
            raise CommandError(f"This cannot be read: {error}") from error
        checked = bundle_archive.check(archive, key=pem)
        if options["json"]:
            says = {"is_valid": checked.is_valid, "key": checked.key_id, "files": len(checked.files)}
            self.stdout.write(json.dumps(says | {"faults": checked.faults}))
        elif checked.is_valid:
            self.stdout.write(f"Valid: {len(checked.files)} files, signed by key {checked.key_id}.")
        if not checked.is_valid:
            raise CommandError("Not valid.\n" + "\n".join(checked.faults))
