"""Requests, erasure, retention."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RightsConfig(AppConfig):
    name = "tenants.rights"
    label = "rights"
    verbose_name = _("Requests and erasures")

    def ready(self) -> None:
        from tenants.rights import (
            audit,
            checks,  # noqa: F401 - checks are registered
            complaint_stores,
            hold_stores,
            package_stores,
            people_stores,
            request_stores,
        )

        audit.register()
        people_stores.register()
        request_stores.register()
        complaint_stores.register()
        hold_stores.register()
        package_stores.register()
