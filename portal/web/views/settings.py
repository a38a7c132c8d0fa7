"""Settings: the property's particulars, and where its faces are stored."""

from copy import copy
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.forms.settings import SettingsForm, StopForm
from portal.web.reads.versions import affected
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.effects import ConfirmsStops, say_effects
from tenants.organizations.limits import limits_of
from tenants.organizations.models import Property
from tenants.organizations.roles import Permission
from tenants.organizations.services.properties import release_faces, stop_faces, update_property
from tenants.premises.services.effects import watching
from tenants.transparency.models import Notice

AUTHORITY = ("authority_name", "authority_phone", "authority_address", "authority_url")
FIELDS = ("name", "name_en", "address", "storage_mode", "allows_under_14", "face_quality", *AUTHORITY)


class Settings(ConfirmsStops):
    """Changing the place of storage makes the notice and the consents stale, so it asks first (PIPL 14)."""

    permission = Permission.MANAGE_PROPERTY
    section = "settings"
    template_name = "web/settings/form.html"
    form_class = SettingsForm
    done = gettext_lazy("The settings were saved.")
    question = gettext_lazy("Change where faces are stored?")
    label = gettext_lazy("Change the place of storage")
    warning = gettext_lazy(
        "No connected door opens to a face until a new notice is published and each person has answered again."
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"limits": limits_of(self.tenant)}

    def get_initial(self) -> dict[str, Any]:
        return {field: getattr(self.tenant, field) for field in FIELDS}

    def get_effects(self, data: dict[str, Any]) -> list[str]:
        stopped = super().get_effects(data)
        if data["storage_mode"] == self.tenant.storage_mode:
            return stopped
        told, agreed = [], affected(self.tenant)
        if Notice.objects.filter(tenant=self.tenant).current() is not None:
            told.append(_("The published notice names the old place: it no longer covers any device."))
        if agreed["people"]:
            told.append(_("People who agreed to the old place and have to be asked again: %(people)s") % agreed)
        told += stopped
        return [*told, _("Write and publish the next version of the notice afterwards.")] if told else []

    def change(self, data: dict[str, Any]) -> None:
        # A copy: the page at hand shows the property as it is stored, also after a rehearsal.
        update_property(tenant=copy(self.tenant), **{field: data[field] for field in FIELDS})

    def get_success_url(self) -> str:
        return reverse("settings", args=[self.tenant.slug])


class FacesStop(ConfirmPage):
    """The switch for an injunction: every face of the property opens nothing, at once."""

    permission = Permission.MANAGE_PROPERTY
    section = "settings"
    form_class = StopForm
    question = gettext_lazy("Stop every face of this property?")
    label = gettext_lazy("Stop all faces now")
    danger = True
    done = gettext_lazy("All faces are stopped. Cards, PINs, QR passes and the desk go on.")

    def get_effects(self) -> list[str]:
        return [
            _("No device opens for a face from this moment."),
            _("Cards, PINs, QR passes and the desk go on as before."),
            _("Nothing is erased. When you end the stop, what the law allows works again."),
        ]

    def perform(self, data: dict[str, Any]) -> Property:
        return stop_faces(tenant=self.tenant, reason=data["reason"])

    def get_success_url(self) -> str:
        return reverse("settings", args=[self.tenant.slug])


class FacesRelease(ConfirmPage):
    permission = Permission.MANAGE_PROPERTY
    section = "settings"
    question = gettext_lazy("End the stop?")
    label = gettext_lazy("End the stop")
    done = gettext_lazy("The stop has ended. Devices that the gate allows work again.")

    def get_effects(self) -> list[str]:
        return [_("Each device and each face still has to pass every rule.")]

    def perform(self, data: dict[str, Any]) -> Property:
        with watching(tenant=self.tenant) as effects:
            released = release_faces(tenant=self.tenant)
        say_effects(self.request, self.tenant, effects)
        return released

    def get_success_url(self) -> str:
        return reverse("settings", args=[self.tenant.slug])
