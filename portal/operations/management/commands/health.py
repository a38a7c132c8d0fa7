"""`manage.py health`: what the health page says. Ends with 1 when something needs a look."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError

from portal.operations.command import ServiceCommand
from portal.operations.health import findings


class Command(ServiceCommand):
    help = "Says whether database, broker, queues, workers, schedule, models, disk and backups are well."

    def perform(self, **_options: Any) -> list[dict[str, Any]]:
        return [asdict(finding) | {"name": str(finding)} for finding in findings()]

    def judge(self, told: Any) -> None:
        names = [str(part["name"]) for part in told if not part["is_well"]]
        if names:
            raise CommandError(f"Needs a look: {', '.join(names)}.")
