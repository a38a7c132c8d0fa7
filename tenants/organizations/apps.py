"""Handlers, properties, members, roles."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    name = "tenants.organizations"
    label = "organizations"
    verbose_name = _("Handlers and properties")

    def ready(self) -> None:
        from tenants.organizations import audit
        from tenants.organizations.services.members import follow_roles

        audit.register()
        post_migrate.connect(follow_roles, sender=self)  # after Django has made the permissions themselves
