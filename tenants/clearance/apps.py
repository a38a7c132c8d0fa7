"""The gate: may face data be used here, now, for this person?"""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClearanceConfig(AppConfig):
    name = "tenants.clearance"
    label = "clearance"
    verbose_name = _("Clearances")

    def ready(self) -> None:
        from tenants.clearance import consequences
        from tenants.organizations import changes
        from tenants.people import changes as people_changes

        changes.listen(consequences.facts_changed)
        people_changes.listen(consequences.person_changed)
