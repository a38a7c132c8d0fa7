"""How a property is told of alerts, its webhook, and what the portal may do by itself."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from portal.security.alerts import options
from portal.security.models import AlertDelivery
from portal.tenancy import TenantPage
from portal.web.filters.alerts import DeliveryFilter
from portal.web.forms.alerts import OptionsForm
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.manager import ManagerForm, ManagerList, press
from tenants.organizations.roles import Permission

FIELDS = ("phone", "webhook_url", "locks_accounts", "suspends_devices")


class SecretShown(ManagerForm):
    """Answers with the webhook's secret itself, once: not in the session, not in an address, not in any cache."""

    permission = Permission.MANAGE_PROPERTY
    sensitive = True
    section = "alerts"

    def form_valid(self, form: Form) -> HttpResponse:
        if not self.carry_out(form):
            return self.form_invalid(form)
        if self.result is None:
            messages.success(self.request, self.done)
            return redirect(self.get_success_url())
        context = self.get_context_data(form=form, secret=self.result)
        response = TemplateResponse(self.request, "web/alerts/secret.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def get_success_url(self) -> str:
        return reverse("alert_options", args=[self.tenant.slug])


class AlertOptions(SecretShown):
    template_name = "web/alerts/options.html"
    form_class = OptionsForm
    done = gettext_lazy("The settings were saved.")

    def get_initial(self) -> dict[str, Any]:
        now = options.options(self.tenant)
        return {field: getattr(now, field) for field in FIELDS}

    def perform(self, data: dict[str, Any]) -> str | None:
        return options.change(tenant=self.tenant, **data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(options=options.options(self.tenant), **kwargs)


class WebhookSecret(SecretShown, ConfirmPage):
    question = gettext_lazy("Make a new secret for the webhook?")
    label = gettext_lazy("Make a new secret")
    danger = True

    def get_effects(self) -> list[Any]:
        return [
            _("The new secret is shown once."),
            _("The earlier one signs nothing any more: enter the new one at the receiver at once."),
        ]

    def perform(self, data: dict[str, Any]) -> str:
        return options.new_secret(tenant=self.tenant)


class WebhookTest(TenantPage, View):
    permission = Permission.MANAGE_PROPERTY
    sensitive = True
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if press(request, lambda: options.send_test(tenant=self.tenant)):
            messages.success(request, _("A test is on its way. How it went stands in this list within seconds."))
        return redirect("alert_deliveries", self.tenant.slug)


class DeliveryList(ManagerList):
    """Which message left when, and how it went."""

    permission = Permission.MANAGE_PROPERTY
    section = "alerts"
    template_name = "web/alerts/deliveries.html"
    filterset_class = DeliveryFilter

    def get_rows(self) -> QuerySet[AlertDelivery]:
        rows = AlertDelivery.objects.filter(tenant=self.tenant.pk).select_related("alert", "member")
        return rows.order_by("-created_at", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(options=options.options(self.tenant), **kwargs)


class DeliveryAgain(TenantPage, View):
    permission = Permission.MANAGE_PROPERTY
    sensitive = True
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        delivery = get_object_or_404(AlertDelivery, tenant=self.tenant.pk, pk=kwargs["pk"])
        if press(request, lambda: options.send_again(tenant=self.tenant, delivery=delivery)):
            messages.success(request, _("It is sent again, as the alert stands now."))
        return redirect("alert_deliveries", self.tenant.slug)
