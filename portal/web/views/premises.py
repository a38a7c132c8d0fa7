"""Zones: where a face device may be."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.filters.premises import ZoneFilter
from portal.web.forms.premises import ZoneForm
from portal.web.reads import premises as reads
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.effects import ConfirmsStops
from portal.web.views.manager import ManagerForm, ManagerList, ManagerMixin
from tenants.organizations.roles import Permission
from tenants.premises.models import AccessPoint, Zone
from tenants.premises.services import zones


class PremisesSection(ManagerMixin):
    section = "premises"

    @cached_property
    def zone(self) -> Zone:
        rows = Zone.objects.filter(tenant=self.tenant).select_related(Zone.CHAIN)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def door(self) -> AccessPoint:
        rows = (
            AccessPoint.objects.filter(tenant=self.tenant)
            .select_related(f"zone__{Zone.CHAIN}")
            .prefetch_related("methods")
        )
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_success_url(self) -> str:
        return reverse("premises", args=[self.tenant.slug])


class Premises(PremisesSection, ManagerList):
    permission = Permission.VIEW_PREMISES
    template_name = "web/premises/list.html"
    filterset_class = ZoneFilter

    def get_rows(self) -> Any:
        return reads.zones(self.tenant)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for zone in context["object_list"]:
            for door in zone.access_points.all():
                reads.flag(door.methods.all())
        return context


class ZoneFormMixin(PremisesSection):
    permission = Permission.MANAGE_PREMISES
    template_name = "web/premises/zone_form.html"
    form_class = ZoneForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"tenant": self.tenant}


class ZoneAdd(ZoneFormMixin, ManagerForm):
    done = gettext_lazy("The zone was added.")

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"parent": self.request.GET.get("in", "")}

    def perform(self, data: dict[str, Any]) -> Zone:
        return zones.create_zone(tenant=self.tenant, **data)


class ZoneEdit(ZoneFormMixin, ConfirmsStops):
    """A private place stops every device in it, a kind that was not assessed the whole property: it asks first."""

    done = gettext_lazy("The zone was changed.")
    question = gettext_lazy("Change this place although faces stop?")
    label = gettext_lazy("Change the zone; faces stop")

    def get_initial(self) -> dict[str, Any]:
        zone = self.zone
        return {"name": zone.name, "kind": zone.kind, "level": zone.level, "parent": zone.parent_id}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"zone": self.zone}

    def change(self, data: dict[str, Any]) -> None:
        zones.update_zone(tenant=self.tenant, zone=self.zone, **data)

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
