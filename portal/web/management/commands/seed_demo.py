"""`manage.py seed_demo`: make the demonstration once, and print how to sign in each time."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.web.demo import seed
from tenants.organizations.models import Property


class Command(BaseCommand):
    help = "Make the demonstration handler with one compound and one hotel, and print its accounts."

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path | None = getattr(settings, "DEMO_FILE", None)
        if file is None:
            raise CommandError("The demonstration is for `make run` only; these settings do not allow it.")
        if not Property.objects.filter(slug=seed.COMPOUND_SLUG).exists():
            password = os.environ.get("DEMO_PASSWORD") or "-".join(secrets.token_hex(2) for _unused in range(4))
            demo = seed.seed(password=password)
            write_private(file, describe(demo, password))
        self.stdout.write(
            file.read_text() if file.exists() else "The demonstration is there; its accounts were removed."
        )


def describe(demo: seed.Demo, password: str) -> str:
    """Return the accounts and addresses as a person reads them."""
    return "\n".join(
        [
            "Demonstration accounts (password for all: " + password + ")",
            f"  {seed.OWNER:<20} owner of the compound 棕榈湾小区 and of the hotel 云栖酒店",
            f"  {seed.MANAGER:<20} manager of both: what takes two members takes these two",
            f"  {seed.DESK:<20} front desk of both",
            f"  {seed.PLATFORM:<20} platform admin, at /admin/",
            f"  Personal page of the resident 李秀英 (open it in a private window): {demo.resident_path}",
            f"  Pairing code of the active device at the east gate, for one hour: {demo.pairing_code}",
        ]
    )


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner can read: it holds a password."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text + "\n")
