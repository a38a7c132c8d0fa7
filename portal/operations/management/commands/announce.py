"""`manage.py announce`: a sentence on every page of the members of all properties, or of some handlers'."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.utils import timezone

from portal.operations import announcements
from portal.operations.command import ServiceCommand, a_moment, handler_of
from portal.operations.models import Tone


class Command(ServiceCommand):
    help = "Tells something to the members of all properties, or of some handlers', until a given time."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--zh", required=True, help="The sentence in Chinese.")
        parser.add_argument("--en", required=True, help="The sentence in English.")
        parser.add_argument("--from", type=a_moment, dest="starts_at", help="2026-03-01T22:00, Beijing time; now.")
        parser.add_argument("--until", type=a_moment, required=True, dest="ends_at")
        parser.add_argument("--tone", choices=Tone.values, default=Tone.INFO.value)
        parser.add_argument("--handler", action="append", default=[], help="A credit code; may be given several times.")

    def perform(
        self, *, zh: str, en: str, starts_at: datetime | None, handler: list[str], **rest: Any
    ) -> dict[str, Any]:
        row = announcements.announce(
            text_zh=zh,
            text_en=en,
            starts_at=starts_at or timezone.now(),
            handlers=[handler_of(code) for code in handler],
            **rest,
        )
        return {"id": str(row.pk), "from": row.starts_at.isoformat(), "until": row.ends_at.isoformat()}
