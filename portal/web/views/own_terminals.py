"""A person, or a guardian for a child, has a terminal take the face, where faces stay on the terminals."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.generic import View

from portal.web.resident import PersonalMixin
from portal.web.views.manager import press
from portal.web.views.person_terminals import device_of
from recognition.edge.services.enrolling import order_enrolment


class OwnTerminal(PersonalMixin, View):
    """One press; the page it leads to says until when the terminal waits."""

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.me_url())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        press(request, lambda: self._order(request))
        return HttpResponseRedirect(self.me_url())

    def _order(self, request: HttpRequest) -> None:
        device = device_of(self.tenant, request.POST.get("device", ""))
        order_enrolment(tenant=self.tenant, person=self.visit.person, device=device)
        door = device.access_point.name
        messages.success(request, _("Stand before the terminal at %(door)s now, or within 72 hours.") % {"door": door})
