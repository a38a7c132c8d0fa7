"""Gives a handler a new key and moves its people's keys under it. Killed half-way, it goes on when it is run again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recognition.vault import rotation
from recognition.vault.envelope import Unreadable
from tenants.organizations.models import Handler


class Command(BaseCommand):
    help = "Replaces the key of one handler (--handler CREDIT_CODE) or of all (--all)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--handler", metavar="CREDIT_CODE", help="the handler's unified social credit code")
        which.add_argument("--all", action="store_true", help="every handler, one after the other")

    def handle(self, *args: Any, **options: Any) -> None:
        handlers = Handler.objects.order_by("credit_code")
        if not options["all"]:
            handlers = handlers.filter(credit_code=options["handler"])
            if not handlers.exists():
                raise CommandError("There is no handler with this credit code.")
        for handler in handlers:
            self._rotate(handler)

    def _rotate(self, handler: Handler) -> None:
        moved = 0
        try:
            for step in rotation.rotate_handler(handler):
                moved += step.moved
                self.stdout.write(f"{handler.credit_code}: {moved} moved, {step.left} left in this property")
                self.stdout.flush()
        except Unreadable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{handler.credit_code}: done, {moved} keys moved, the older key is deleted.")
