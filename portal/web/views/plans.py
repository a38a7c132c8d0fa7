"""Floor plans: a picture of a zone with what is in it placed by pointer, by keys or by numbers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from portal.tenancy import TenantPage
from portal.web import pictures
from portal.web.forms.plans import PlacesForm, PlanForm
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.manager import ManagerForm, ManagerPage
from portal.web.views.premises import PremisesSection
from tenants.organizations.roles import Permission
from tenants.premises.models import FloorPlan
from tenants.premises.services import plans

# Two fields a thing must fit into one form (DATA_UPLOAD_MAX_NUMBER_FIELDS); a crowded plan is no plan.
MOST_ITEMS = 200


class OnePlan(PremisesSection):
    """A page about the plan of the zone that the address names; there may be none yet.

    `left` is how many of the things in it the page does not show.
    """

    left = 0

    @cached_property
    def plan(self) -> FloorPlan | None:
        return FloorPlan.objects.filter(tenant=self.tenant, zone=self.zone).defer("picture").first()

    def required_plan(self) -> FloorPlan:
        if self.plan is None:
            raise Http404
        return self.plan

    @cached_property
    def words(self) -> str:
        return self.request.GET.get("q", "").strip()

    def places(self, data: Any = None) -> PlacesForm:
        """What is placed first, then doors, then zones; of very many things only so many as a page bears."""
        zones, doors = plans.items(self.zone)
        marks = list(self.plan.marks.all()) if self.plan else []
        placed = {mark.zone_id or mark.door_id for mark in marks}
        found = [item for item in (*doors, *zones) if self.words.casefold() in item.path.casefold()]
        found.sort(key=lambda item: item.pk not in placed)
        self.left = max(0, len(found) - MOST_ITEMS)
        return PlacesForm(data, items=found[:MOST_ITEMS], marks=marks)

    def get_success_url(self) -> str:
        return reverse("zone_plan", args=[self.tenant.slug, self.zone.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.plan is not None:
            kwargs.setdefault("unit", round(max(self.plan.width, self.plan.height) / 100, 2))
        context = super().get_context_data(zone=self.zone, plan=self.plan, words=self.words, **kwargs)
        return context | {"left": self.left}  # known once the form is made


class Plan(OnePlan, ManagerPage):
    permission = Permission.VIEW_PREMISES
    template_name = "web/plans/plan.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(form=self.places(), **kwargs)


class PlanEdit(OnePlan, ManagerForm):
    permission = Permission.MANAGE_PREMISES
    template_name = "web/plans/edit.html"
    done = gettext_lazy("The places were saved.")

    def get_form(self, form_class: Any = None) -> PlacesForm:
        self.required_plan()
        return self.places(self.request.POST if self.request.method == "POST" else None)

    def perform(self, data: dict[str, Any]) -> None:
        plans.place(tenant=self.tenant, plan=self.required_plan(), **data)


class PlanUpload(OnePlan, ManagerForm):
    permission = Permission.MANAGE_PREMISES
    template_name = "web/plans/upload.html"
    form_class = PlanForm
    done = gettext_lazy("The floor plan was saved. Now place what is in it.")

    def perform(self, data: dict[str, Any]) -> FloorPlan:
        width, height = pictures.size(data["picture"])
        return plans.save_plan(tenant=self.tenant, zone=self.zone, picture=data["picture"], width=width, height=height)

    def get_success_url(self) -> str:
        return reverse("zone_plan_edit", args=[self.tenant.slug, self.zone.pk])


class PlanDelete(OnePlan, ConfirmPage):
    permission = Permission.MANAGE_PREMISES
    label = gettext_lazy("Remove the floor plan")
    danger = True
    done = gettext_lazy("The floor plan was removed.")

    def get_question(self) -> str:
        return _("Remove the floor plan of “%(name)s”?") % {"name": self.zone.name}

    def get_effects(self) -> list[str]:
        return [_("The picture goes, and where things are on it. Zones and doors stay.")]

    def perform(self, data: dict[str, Any]) -> None:
        plans.remove_plan(tenant=self.tenant, plan=self.required_plan())


class PlanPicture(TenantPage, View):
    permission = Permission.VIEW_PREMISES
    http_method_names = ["get"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        plan = get_object_or_404(FloorPlan, tenant=self.tenant, zone_id=kwargs["pk"])
        return HttpResponse(
            bytes(plan.picture),
            content_type="image/jpeg",
            headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"},
        )
