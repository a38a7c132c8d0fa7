"""A member has a terminal take a person's face, where faces stay on the terminals (Measures Art 8)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import View

from portal.web.views.manager import press
from portal.web.views.people import OnePerson
from recognition.edge.services.enrolling import order_enrolment
from tenants.organizations.models import Property
from tenants.organizations.roles import Permission
from tenants.premises.models import Device


def device_of(tenant: Property, text: str) -> Device:
    """Return the device that a button names. Raises ValidationError, code `unknown_device`."""
    try:
        return Device.objects.select_related("access_point").get(tenant=tenant, pk=UUID(text))
    except (ValueError, Device.DoesNotExist) as error:
        raise ValidationError(_("There is no such terminal here."), code="unknown_device") from error


class PersonTerminal(OnePerson, View):
    permission = Permission.MANAGE_PEOPLE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        press(request, lambda: self._order(request))
        return redirect("person", self.tenant.slug, self.person.pk)

    def _order(self, request: HttpRequest) -> None:
        device = device_of(self.tenant, request.POST.get("device", ""))
        order_enrolment(tenant=self.tenant, person=self.person, device=device, requested_by=request.user)
        messages.success(request, _("“%(device)s” waits for the person for 72 hours.") % {"device": device.name})
