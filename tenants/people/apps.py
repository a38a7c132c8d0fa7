"""Persons, their identities and consents."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "tenants.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from tenants.organizations.services import emergencies
        from tenants.people import audit, checks, tasks  # noqa: F401 - checks registers itself

        audit.register()
        emergencies.listen(tasks.queue_emergency_letters)
