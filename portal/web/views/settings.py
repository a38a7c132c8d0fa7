"""Settings: the property's particulars, and where its faces are stored."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.forms.settings import SettingsForm
from portal.web.reads.notices import affected
from portal.web.views.confirmation import ConfirmsEffects
from tenants.organizations.models import Property
from tenants.organizations.roles import Permission
from tenants.organizations.services.properties import update_property

FIELDS = ("name", "name_en", "address", "storage_mode")


class Settings(ConfirmsEffects):
    """Changing the place of storage makes the notice and the consents stale, so it asks first (PIPL 14)."""

    permission = Permission.MANAGE_PROPERTY
    section = "settings"
    template_name = "web/settings/form.html"
    form_class = SettingsForm
    done = gettext_lazy("The settings were saved.")
    question = gettext_lazy("Change where faces are stored?")
    label = gettext_lazy("Change the place of storage")
    warning = gettext_lazy("Faces open nothing until a new notice is published and each person has answered again.")

    def get_initial(self) -> dict[str, Any]:
        return {field: getattr(self.tenant, field) for field in FIELDS}

    def get_effects(self, data: dict[str, Any]) -> list[str]:
        if data["storage_mode"] == self.tenant.storage_mode:
            return []
        return [
            _("The published notice names the old place: it no longer covers any device."),
            _("%(people)s people agreed to the old place and have to be asked again.") % affected(self.tenant),
            _("Write and publish the next version of the notice afterwards."),
        ]

    def perform(self, data: dict[str, Any]) -> Property:
        return update_property(tenant=self.tenant, **{field: data[field] for field in FIELDS})

    def get_success_url(self) -> str:
        return reverse("settings", args=[self.tenant.slug])
