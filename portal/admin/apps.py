"""The platform admin replaces Django's default site."""

from django.contrib.admin.apps import AdminConfig


class ConsentryAdminConfig(AdminConfig):
    default_site = "portal.admin.site.ConsentryAdminSite"
