"""Doors, and which ways lead through each."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from portal.tenancy import TenantPage
from portal.web.forms.doors import DoorForm, MethodStateForm, OutOfOrderForm
from portal.web.reads import premises as reads
from portal.web.undo import Act, Note, offer
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.effects import ConfirmsStops, say_effects
from portal.web.views.manager import ManagerForm, press
from portal.web.views.premises import PremisesSection
from tenants.organizations.roles import Permission
from tenants.premises.kinds import MethodKind
from tenants.premises.models import AccessMethod, AccessPoint
from tenants.premises.rules import BLOCKING
from tenants.premises.services import doors
from tenants.premises.services.effects import Effects


def say_inconvenient(request: HttpRequest, door: AccessPoint) -> None:
    """Tell which other ways are worse than the face, and why (Measures Art 10)."""
    for kind, reasons in door.comparison.items():
        if BLOCKING.intersection(reasons):
            text = _("%(method)s is not as convenient as the face: %(why)s (Measures Art 10).")
            messages.warning(request, text % {"method": MethodKind(kind).label, "why": reads.why(reasons)})


class DoorMixin(PremisesSection):
    permission = Permission.MANAGE_PREMISES
    template_name = "web/premises/door_form.html"
    form_class = DoorForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"tenant": self.tenant}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        reads.flag(context["form"].stored.values())
        return context


class DoorAdd(DoorMixin, ManagerForm):
    done = gettext_lazy("The door was added.")

    def get_initial(self) -> dict[str, Any]:
        return {"zone": self.request.GET.get("zone", "")}

    def perform(self, data: dict[str, Any]) -> AccessPoint:
        door = doors.create_door(tenant=self.tenant, **data)
        say_inconvenient(self.request, door)
        return door


class DoorEdit(DoorMixin, ConfirmsStops):
    """Another place, or fewer and dearer other ways, may stop its devices or all: it asks first (Arts 9, 10, 13)."""

    done = gettext_lazy("The door was changed.")
    question = gettext_lazy("Change this door although faces stop?")
    label = gettext_lazy("Change the door; faces stop")

    def get_initial(self) -> dict[str, Any]:
        door = self.door
        return {"name": door.name, "zone": door.zone_id, "methods": [method.kind for method in door.methods.all()]}

    def change(self, data: dict[str, Any]) -> None:
        doors.update_door(tenant=self.tenant, door=self.door, **data)

    def perform(self, data: dict[str, Any]) -> Effects:
        effects = super().perform(data)
        say_inconvenient(self.request, AccessPoint.objects.get(pk=self.door.pk))
        return effects

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"door": self.door}

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
        is_live = form.cleaned_data["is_live"]
        press(request, lambda: self.perform(method, is_live=is_live))
        return redirect(reverse("premises", args=[self.tenant.slug]) + f"#door-{method.access_point_id}")

    def perform(self, method: AccessMethod, *, is_live: bool) -> None:
        effects = doors.set_method_live(tenant=self.tenant, method=method, is_live=is_live)
        names = {"method": method.get_kind_display(), "door": method.access_point.name}
        text = (
            _("%(method)s works at “%(door)s”.") if method.is_live else _("%(method)s is out of order at “%(door)s”.")
        )
        note = Note(Act.WAY_CHANGED, method.pk, after=str(method.is_live))
        taken_back = offer(tenant=self.tenant, user=self.request.user, note=note)
        messages.success(self.request, text % names, extra_tags=taken_back)
        say_effects(self.request, self.tenant, effects)


class MethodOutOfOrder(PremisesSection, ManagerForm):
    """Say since when a way to pass has failed, when that is noticed later."""

    permission = Permission.MANAGE_PREMISES
    template_name = "web/premises/out_of_order.html"
    form_class = OutOfOrderForm

    @cached_property
    def method(self) -> AccessMethod:
        methods = AccessMethod.objects.filter(tenant=self.tenant).select_related("access_point__zone")
        return get_object_or_404(methods, pk=self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        return {"since": timezone.localtime(self.method.out_of_order_since)}

    def perform(self, data: dict[str, Any]) -> Effects:
        effects = doors.set_method_live(tenant=self.tenant, method=self.method, is_live=False, since=data["since"])
        names = {"method": self.method.get_kind_display(), "door": self.method.access_point.name}
        messages.success(self.request, _("%(method)s is out of order at “%(door)s”.") % names)
        say_effects(self.request, self.tenant, effects)
        return effects

    def get_success_url(self) -> str:
        return reverse("door_edit", args=[self.tenant.slug, self.method.access_point_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(method=self.method, cancel_url=self.get_success_url(), **kwargs)
