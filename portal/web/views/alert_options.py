"""How members are told of alerts, what the portal may do by itself, and what was sent."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from portal.security.alerts import hooks, options
from portal.security.alerts.kinds import Channel
from portal.security.models import AlertDelivery, AlertSettings
from portal.security.webhooks import endpoints
from portal.tenancy import TenantPage
from portal.web.filters.alerts import DeliveryFilter
from portal.web.forms.alerts import OptionsForm
from portal.web.views.manager import ManagerForm, ManagerList, ManagerPage, press
from tenants.organizations.roles import Permission

FIELDS = ("phone", "locks_accounts", "suspends_devices")


class AlertOptions(ManagerForm):
    permission = Permission.MANAGE_PROPERTY
    sensitive = True
    section = "alerts"
    template_name = "web/alerts/options.html"
    form_class = OptionsForm
    done = gettext_lazy("The settings were saved.")

    def get_initial(self) -> dict[str, Any]:
        now = options.options(self.tenant)
        return {field: getattr(now, field) for field in FIELDS}

    def perform(self, data: dict[str, Any]) -> AlertSettings:
        return options.change(tenant=self.tenant, **data)

    def get_success_url(self) -> str:
        return reverse("alert_options", args=[self.tenant.slug])


class DeliveryList(ManagerList):
    """Which message left when, and how it went."""

    permission = Permission.MANAGE_PROPERTY
    section = "webhooks"
    template_name = "web/alerts/deliveries.html"
    filterset_class = DeliveryFilter

    def get_rows(self) -> QuerySet[AlertDelivery]:
        rows = AlertDelivery.objects.filter(tenant=self.tenant.pk).select_related("member", "endpoint")
        return rows.order_by("-created_at", "pk")


class DeliveryPage(ManagerPage):
    """One message to a program: what it said, and how it went."""

    permission = Permission.MANAGE_PROPERTY
    section = "webhooks"
    template_name = "web/webhooks/message.html"

    @cached_property
    def delivery(self) -> AlertDelivery:
        rows = AlertDelivery.objects.filter(tenant=self.tenant.pk, channel=Channel.WEBHOOK)
        return get_object_or_404(rows.select_related("endpoint"), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        body = hooks.readable(self.delivery)
        return super().get_context_data(delivery=self.delivery, body=body, **kwargs)


class DeliveryAgain(TenantPage, View):
    permission = Permission.MANAGE_PROPERTY
    sensitive = True
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        delivery = get_object_or_404(AlertDelivery, tenant=self.tenant.pk, pk=kwargs["pk"])
        if press(request, lambda: endpoints.send_again(tenant=self.tenant, delivery=delivery)):
            messages.success(request, _("It is sent again, as another message that says the same."))
        return redirect("alert_deliveries", self.tenant.slug)
