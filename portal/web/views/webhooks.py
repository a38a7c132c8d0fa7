"""Webhooks: where programs listen, their secrets, a test, and their end."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from portal.security.models import WebhookEndpoint
from portal.security.webhooks import endpoints
from portal.security.webhooks.events import Event
from portal.tenancy import TenantPage
from portal.web.forms.webhooks import WebhookForm
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.manager import ManagerForm, ManagerList, ManagerMixin, press
from tenants.organizations.models import Property
from tenants.organizations.roles import Permission


def living(tenant: Property) -> QuerySet[WebhookEndpoint]:
    return WebhookEndpoint.objects.filter(tenant=tenant, ended_at=None)


class WebhooksSection(ManagerMixin):
    permission = Permission.MANAGE_PROPERTY
    section = "webhooks"

    @cached_property
    def endpoint(self) -> WebhookEndpoint:
        return get_object_or_404(living(self.tenant), pk=self.kwargs["pk"])

    def get_success_url(self) -> str:
        return reverse("webhooks", args=[self.tenant.slug])


class WebhookList(WebhooksSection, ManagerList):
    template_name = "web/webhooks/list.html"

    def get_rows(self) -> Any:
        return living(self.tenant).order_by("created_at", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for endpoint in context["object_list"]:
            endpoint.tells = [event.label for event in Event if event.value in endpoint.events]
        return context | {"most": endpoints.MOST}


class SecretShown(WebhooksSection, ManagerForm):
    """Answers with a secret itself, once: not in the session, not in an address, not in any cache."""

    sensitive = True

    def form_valid(self, form: Form) -> HttpResponse:
        if not self.carry_out(form):
            return self.form_invalid(form)
        context = self.get_context_data(form=form, secret=self.result)
        response = TemplateResponse(self.request, "web/webhooks/secret.html", context)
        response["Cache-Control"] = "no-store"
        return response


class WebhookAdd(SecretShown):
    template_name = "web/webhooks/form.html"
    form_class = WebhookForm

    def perform(self, data: dict[str, Any]) -> str:
        _endpoint, secret = endpoints.add(tenant=self.tenant, **data)
        return secret


class WebhookChange(WebhooksSection, ManagerForm):
    sensitive = True
    template_name = "web/webhooks/form.html"
    form_class = WebhookForm
    done = gettext_lazy("The webhook was changed. Its secret is the same.")

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.endpoint.name, "url": self.endpoint.url, "events": self.endpoint.events}

    def perform(self, data: dict[str, Any]) -> WebhookEndpoint:
        return endpoints.change(tenant=self.tenant, endpoint=self.endpoint, **data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(endpoint=self.endpoint, **kwargs)


class WebhookSecret(SecretShown, ConfirmPage):
    question = gettext_lazy("Make a new secret for the webhook?")
    label = gettext_lazy("Make a new secret")

    def get_effects(self) -> list[Any]:
        return [
            _("The new secret is shown once."),
            _("For one day both sign every message: enter the new one at the receiver within that day."),
            _("If the old one has leaked, end this webhook and add a new one instead."),
        ]

    def perform(self, data: dict[str, Any]) -> str:
        return endpoints.new_secret(tenant=self.tenant, endpoint=self.endpoint)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.endpoint  # noqa: B018 - another property's is unknown before anything is asked
        return super().get_context_data(**kwargs)


class WebhookEnd(WebhooksSection, ConfirmPage):
    """Not behind another sign-in: whoever sees that an address is wrong must be quick."""

    question = gettext_lazy("End this webhook?")
    label = gettext_lazy("End the webhook")
    danger = True
    done = gettext_lazy("The webhook has ended. Nothing is sent there any more.")

    def get_effects(self) -> list[Any]:
        return [
            _("The program at this address hears nothing more: %(url)s") % {"url": self.endpoint.url},
            _("It cannot be switched on again. What was sent stays in the list."),
        ]

    def perform(self, data: dict[str, Any]) -> WebhookEndpoint:
        return endpoints.end(tenant=self.tenant, endpoint=self.endpoint)


class WebhookTest(TenantPage, View):
    permission = Permission.MANAGE_PROPERTY
    sensitive = True
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        endpoint = get_object_or_404(living(self.tenant), pk=kwargs["pk"])
        if press(request, lambda: endpoints.send_test(tenant=self.tenant, endpoint=endpoint)):
            messages.success(request, _("A test is on its way. How it went stands in this list within seconds."))
        return redirect("alert_deliveries", self.tenant.slug)
