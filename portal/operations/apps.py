"""What platform staff run the portal with: onboarding, health, failed work, announcements, the command line."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "portal.operations"
    label = "operations"
    verbose_name = _("Running")

    def ready(self) -> None:
        from portal.operations import audit, clockwork, failures

        audit.register()
        failures.connect()
        clockwork.connect()
