"""Persons, their identities and consents."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "tenants.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from tenants.people import audit, checks  # noqa: F401 - checks registers itself

        audit.register()
