"""Zones, doors, devices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PremisesConfig(AppConfig):
    name = "tenants.premises"
    label = "premises"
    verbose_name = _("Zones, doors and devices")

    def ready(self) -> None:
        from tenants.premises import audit

        audit.register()
