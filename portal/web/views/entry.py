"""The front door: to the property one worked in last."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from portal.web.reads.switching import last_used_first, recent


class Home(TemplateView):
    """A stranger signs in, a member goes to today's work, and who belongs nowhere is told so."""

    template_name = "web/today/no_property.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect("account_login")
        last = last_used_first(request.user, recent(request.session)[:1]).first()
        return redirect("today", last.slug) if last else super().get(request, *args, **kwargs)
