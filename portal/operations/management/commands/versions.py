"""`manage.py versions`: which face models and keys are in use, in numbers only."""

from typing import Any

from portal.operations.command import ServiceCommand
from portal.operations.versions import versions


class Command(ServiceCommand):
    help = "Counts templates by handler and model version, and people by key. No face and no key is shown."

    def perform(self, **_options: Any) -> dict[str, Any]:
        found = versions()
        return {
            "model": found.model,
            "previous": found.previous or None,
            "faces": [row._asdict() for row in found.faces],
            "keys": [row._asdict() for row in found.keys],
        }
