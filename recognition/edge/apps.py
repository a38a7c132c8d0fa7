"""Door terminals: their keys, their work, their receipts (docs/device-protocol.md)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EdgeConfig(AppConfig):
    name = "recognition.edge"
    label = "edge"
    verbose_name = _("Door terminals")

    def ready(self) -> None:
        from recognition.edge import audit

        audit.register()
