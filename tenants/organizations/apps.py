"""Handlers, properties, members, roles."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    name = "tenants.organizations"
    label = "organizations"
    verbose_name = _("Handlers and properties")

    def ready(self) -> None:
        from tenants.organizations import audit

        audit.register()
