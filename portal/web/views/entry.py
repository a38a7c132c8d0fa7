"""The front door: to the property one worked in last."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from tenants.organizations.access import tenants_of

LAST = "last_property"


class Home(TemplateView):
    """A stranger signs in, a member goes to today's work, and who belongs nowhere is told so."""

    template_name = "web/today/no_property.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect("account_login")
        slugs = list(tenants_of(user=request.user).order_by("created_at").values_list("slug", flat=True))
        if slugs:
            last = request.session.get(LAST)
            return redirect("today", last if last in slugs else slugs[0])
        return super().get(request, *args, **kwargs)
