"""Zones and doors: where a face device may be, and which ways lead through each door."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from portal.tenancy import TenantPage
from portal.web.filters.premises import ZoneFilter
from portal.web.forms.premises import DoorForm, MethodStateForm, ZoneForm
from portal.web.reads import premises as reads
from portal.web.views.confirmation import ConfirmPage, ConfirmsEffects
from portal.web.views.manager import ManagerForm, ManagerList, ManagerMixin
from tenants.organizations.roles import Permission
from tenants.premises.models import AccessMethod, AccessPoint, Device, Zone
from tenants.premises.rules import is_private
from tenants.premises.services import doors, zones


def say_suspended(request: HttpRequest, devices: list[Device]) -> None:
    """Tell which devices a change has stopped, and why."""
    for device in devices:
        text = _("“%(device)s” was suspended: %(reason)s.")
        messages.warning(request, text % {"device": device.name, "reason": device.get_suspended_for_display()})


class PremisesSection(ManagerMixin):
    section = "premises"

    @cached_property
    def zone(self) -> Zone:
        return get_object_or_404(Zone, tenant=self.tenant, pk=self.kwargs["pk"])

    @cached_property
    def door(self) -> AccessPoint:
        rows = AccessPoint.objects.filter(tenant=self.tenant).select_related("zone").prefetch_related("methods")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_success_url(self) -> str:
        return reverse("premises", args=[self.tenant.slug])


class Premises(PremisesSection, ManagerList):
    permission = Permission.VIEW_PREMISES
    template_name = "web/premises/list.html"
    filterset_class = ZoneFilter

    def get_rows(self) -> Any:
        return reads.zones(self.tenant)


class ZoneAdd(PremisesSection, ManagerForm):
    permission = Permission.MANAGE_PREMISES
    template_name = "web/premises/zone_form.html"
    form_class = ZoneForm
    done = gettext_lazy("The zone was added.")

    def perform(self, data: dict[str, Any]) -> Zone:
        return zones.create_zone(tenant=self.tenant, **data)


class ZoneEdit(PremisesSection, ConfirmsEffects):
    """Relabelling a zone as a private place stops every device in it, so it asks first (Measures Art 13)."""

    permission = Permission.MANAGE_PREMISES
    template_name = "web/premises/zone_form.html"
    form_class = ZoneForm
    done = gettext_lazy("The zone was changed.")
    question = gettext_lazy("Make this a private place?")
    label = gettext_lazy("Change the zone and suspend its devices")
    warning = gettext_lazy("No role can activate a face device in a private place (Measures Art 13).")

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.zone.name, "kind": self.zone.kind}

    def get_effects(self, data: dict[str, Any]) -> list[str]:
        devices = reads.active_devices(self.zone) if is_private(data["kind"]) else []
        return [_("“%(device)s” stops using faces at once.") % {"device": device.name} for device in devices]

    def perform(self, data: dict[str, Any]) -> list[Device]:
        suspended = zones.update_zone(tenant=self.tenant, zone=self.zone, **data)
        say_suspended(self.request, suspended)
        return suspended

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(zone=self.zone, **kwargs)


class ZoneDelete(PremisesSection, ConfirmPage):
    permission = Permission.MANAGE_PREMISES
    label = gettext_lazy("Delete the zone")
    danger = True
    done = gettext_lazy("The zone was deleted.")

    def get_question(self) -> str:
        return _("Delete the zone “%(name)s”?") % {"name": self.zone.name}

    def get_effects(self) -> list[str]:
        return [_("It goes from the list. Only a zone without doors can be deleted.")]

    def perform(self, data: dict[str, Any]) -> None:
        zones.delete_zone(tenant=self.tenant, zone=self.zone)


class DoorMixin(PremisesSection):
    permission = Permission.MANAGE_PREMISES
    template_name = "web/premises/door_form.html"
    form_class = DoorForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"tenant": self.tenant}


class DoorAdd(DoorMixin, ManagerForm):
    done = gettext_lazy("The door was added.")

    def get_initial(self) -> dict[str, Any]:
        return {"zone": self.request.GET.get("zone", "")}

    def perform(self, data: dict[str, Any]) -> AccessPoint:
        return doors.create_door(tenant=self.tenant, **data)


class DoorEdit(DoorMixin, ManagerForm):
    done = gettext_lazy("The door was changed.")

    def get_initial(self) -> dict[str, Any]:
        door = self.door
        return {"name": door.name, "zone": door.zone_id, "methods": [method.kind for method in door.methods.all()]}

    def perform(self, data: dict[str, Any]) -> list[Device]:
        suspended = doors.update_door(tenant=self.tenant, door=self.door, **data)
        say_suspended(self.request, suspended)
        return suspended

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(door=self.door, **kwargs)


class DoorDelete(PremisesSection, ConfirmPage):
    permission = Permission.MANAGE_PREMISES
    label = gettext_lazy("Delete the door")
    danger = True
    done = gettext_lazy("The door was deleted.")

    def get_question(self) -> str:
        return _("Delete the door “%(name)s”?") % {"name": self.door.name}

    def get_effects(self) -> list[str]:
        return [_("It goes from the list with its ways to pass. A door that ever had a device stays in the record.")]

    def perform(self, data: dict[str, Any]) -> None:
        doors.delete_door(tenant=self.tenant, door=self.door)


class MethodToggle(TenantPage, View):
    """Say that a way to pass has failed or works again. The last other way takes the face with it (Art 10)."""

    permission = Permission.MANAGE_PREMISES
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        methods = AccessMethod.objects.filter(tenant=self.tenant).select_related("access_point__zone")
        method = get_object_or_404(methods, pk=kwargs["pk"])
        form = MethodStateForm(request.POST)
        if not form.is_valid():
            return HttpResponseBadRequest()
        suspended = doors.set_method_live(tenant=self.tenant, method=method, is_live=form.cleaned_data["is_live"])
        names = {"method": method.get_kind_display(), "door": method.access_point.name}
        if method.is_live:
            messages.success(request, _("%(method)s works at “%(door)s”.") % names)
        else:
            messages.success(request, _("%(method)s is out of order at “%(door)s”.") % names)
        say_suspended(request, suspended)
        return redirect(reverse("premises", args=[self.tenant.slug]) + f"#door-{method.access_point_id}")
