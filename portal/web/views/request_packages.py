"""The package of a request, as members see it: how far it is, and stopping it while it is built."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from portal.web.views.confirmation import ConfirmPage
from portal.web.views.requests import OneRequest
from tenants.organizations.roles import Permission
from tenants.rights.models import Package
from tenants.rights.services import packages


class RequestPackageProgress(OneRequest, View):
    """A part of the request's page, which asks for it every two seconds. The request itself is not read for it: an
    opening of a minor's record would be written down each time."""

    permission = Permission.VIEW_REQUESTS
    http_method_names = ["get"]

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        package = Package.objects.filter(request=self.rights_request).defer("sealed").first()
        if not request.htmx or package is None:  # type: ignore[attr-defined] - set by django-htmx
            return HttpResponseRedirect(self.get_success_url())
        context = {"package": package, "tenant": self.tenant, "rights_request": self.rights_request}
        response = render(request, "web/requests/_package.html", context)
        if not package.is_under_way:
            response["HX-Refresh"] = "true"
        return response


class RequestPackageStop(OneRequest, ConfirmPage):
    permission = Permission.HANDLE_REQUESTS
    question = _("Stop building the package?")
    label = _("Stop building it")
    danger = True
    done = _("The package is not being built any more.")

    def get_effects(self) -> list[Any]:
        return [
            _("What was collected so far is thrown away; nothing of it was kept."),
            _("The person reads on the tracking page that the desk can have it built once more."),
            _("The law wants it handed out in time: the package can be built once more on the request's page."),
        ]

    def perform(self, _data: dict[str, Any]) -> Package:
        return packages.stop(tenant=self.tenant, request=self.rights_request, actor=self.request.user)
