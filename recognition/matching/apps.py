"""Verify (1:1) and identify (1:N)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "recognition.matching"
    label = "matching"
    verbose_name = _("Door events")

    def ready(self) -> None:
        from recognition.enrollment import lookalikes
        from recognition.matching import resembling, stores

        stores.register()
        lookalikes.register(resembling.find)
