"""The platform admin replaces Django's default site."""

from django.contrib.admin.apps import AdminConfig


class ConsentryAdminConfig(AdminConfig):
    default_site = "portal.admin.site.ConsentryAdminSite"

    def ready(self) -> None:
        super().ready()
        # Django looks for an `admin` module in every app; this room is not an app of its own.
        from portal.admin import registry

        registry.register()
