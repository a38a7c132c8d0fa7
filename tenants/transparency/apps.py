"""What people are told."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransparencyConfig(AppConfig):
    name = "tenants.transparency"
    label = "transparency"
    verbose_name = _("Notices")

    def ready(self) -> None:
        from tenants.transparency import audit

        audit.register()
