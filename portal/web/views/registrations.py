"""Let somebody register themselves: the desk shows a code once, and watches what becomes of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from portal.web.qr import qr_svg
from portal.web.reads.registrations import TONES, registration_rows, todays
from portal.web.views.manager import ManagerMixin, ManagerPage
from tenants.organizations.roles import Permission
from tenants.people.kinds import RegistrationState
from tenants.people.models import Registration
from tenants.people.services import registrations


class Registrations(ManagerMixin, TemplateView):
    """Today's codes. POST makes one: its secret is in that one answer only, not in the session, not in an address."""

    permission = Permission.MANAGE_PEOPLE
    section = "people"
    template_name = "web/registrations/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(todays(self.tenant, self.request.user))
        for row in rows:
            row.tone = TONES[row.state]
        return super().get_context_data(rows=rows, **kwargs)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        registration, token = registrations.make_ticket(tenant=self.tenant, made_by=request.user)
        address = request.build_absolute_uri(reverse("register", args=[self.tenant.slug, token]))
        context = super().get_context_data(
            registration=registration,
            is_open=True,
            address=address,
            code=qr_svg(address, label=_("QR code for registering")),
        )
        response = self.response_class(request, ["web/registrations/code.html"], context)
        response["Cache-Control"] = "no-store"
        return response


class RegistrationPage(ManagerPage):
    """One code. While somebody may use it the page asks again every two seconds; its end opens this page anew."""

    permission = Permission.MANAGE_PEOPLE
    section = "people"
    template_name = "web/registrations/registration.html"

    @cached_property
    def registration(self) -> Registration:
        return get_object_or_404(registration_rows(self.tenant, self.request.user), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.htmx:
            self.template_name = "web/registrations/_waiting.html"
        response = super().get(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        if request.htmx and self.registration.state != RegistrationState.OPEN:
            # Not a refresh: the page with the code was the answer to a POST, which would make another one.
            response["HX-Redirect"] = request.path
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = self.registration.state
        return super().get_context_data(
            registration=self.registration, is_open=state == RegistrationState.OPEN, state=state.value, **kwargs
        )


class RegistrationCancel(ManagerMixin, View):
    """Stop a code that nobody used. A new one is one press away, so nothing is asked first."""

    permission = Permission.MANAGE_PEOPLE

    @cached_property
    def registration(self) -> Registration:
        return get_object_or_404(Registration, tenant=self.tenant, pk=self.kwargs["pk"])

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return redirect("registration", self.tenant.slug, self.registration.pk)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        try:
            registrations.cancel(tenant=self.tenant, registration=self.registration)
        except ValidationError as broken:
            messages.info(request, " ".join(broken.messages))
        return redirect("registration", self.tenant.slug, self.registration.pk)
