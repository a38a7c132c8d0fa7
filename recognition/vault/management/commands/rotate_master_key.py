"""Moves every handler's key under the next master key. Killed half-way, it goes on when it is run again."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from recognition.vault import rotation
from recognition.vault.envelope import Unreadable


class Command(BaseCommand):
    help = "Moves every handler's key from MASTER_KEY to MASTER_KEY_NEXT; docs/operations.md says how."

    def handle(self, *args: Any, **options: Any) -> None:
        moved = 0
        try:
            for step in rotation.rotate_master():
                moved += step.moved
                self.stdout.write(f"{moved} moved, {step.left} left")
                self.stdout.flush()
        except (ValidationError, Unreadable) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error
        self.stdout.write(f"Done: {moved} keys moved. Put the next key in the place of MASTER_KEY and restart.")
