"""All properties of a member: side by side, and as the switcher's search."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.generic import ListView, TemplateView

from portal.web.filters.portfolio import PortfolioFilter
from portal.web.reads import portfolio
from portal.web.reads.switching import found, switcher
from tenants.organizations.access import tenants_of
from tenants.rights.models import PropertyFigures


class _Members(LoginRequiredMixin):
    """For pages of no single property: what they show is what `tenants_of` lets this member open."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Render here: Django renders after the request's transaction, where no figure is visible."""
        response = super().dispatch(request, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        add_never_cache_headers(response)
        return response


class Portfolio(_Members, ListView):
    """Nobody's row is read for it: numbers only, as they were counted last."""

    template_name = "web/portfolio/portfolio.html"
    paginate_by = 25

    def get_queryset(self) -> Any:
        self.mine = tenants_of(user=self.request.user)
        self.filterset = PortfolioFilter(self.request.GET, queryset=self.mine)
        return self.filterset.qs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(filters=self.filterset.form, **kwargs)
        rows = list(context["object_list"])
        figures = portfolio.figures_of(rows)
        menu = switcher(self.request.user, self.request.session)
        return context | {
            "rows": [_row(row, figures.get(row.pk)) for row in rows],
            "handlers": portfolio.handlers(self.mine),
            "filing_at": portfolio.FILING_AT,
            "counted_at": portfolio.counted_since(figures.values()),
            "switcher": menu,
            "nav": _navigation(menu),
        }


def _row(property: Any, figures: PropertyFigures | None) -> dict[str, Any]:
    row = {"property": property, "figures": figures}
    if figures is None:
        return row
    busy = figures.active_devices - figures.silent_devices
    return row | {
        "total": figures.met + figures.due + figures.blocking,
        "duties": portfolio.shares(("ok", figures.met), ("due", figures.due), ("stop", figures.blocking)),
        "tone": "stop" if figures.blocking else "due" if figures.due else "ok",
        "devices": portfolio.shares(("ok", busy), ("due", figures.silent_devices), ("stop", figures.suspended_devices)),
    }


def _navigation(menu: dict[str, Any]) -> list[dict[str, Any]]:
    """This page, and the way back to the properties used last."""
    here = {"label": _("All properties"), "url": reverse("portfolio"), "icon": "building-office-2", "is_current": True}
    last = [{"label": row["name"], "url": row["url"], "icon": "home"} for row in menu["rows"]]
    groups = [{"label": "", "items": [here]}]
    return [*groups, {"label": _("Used last"), "items": last}] if last else groups


class PropertySwitch(_Members, TemplateView):
    """What the search in the switcher finds; whoever opens its address comes to the page of all properties."""

    template_name = "web/portfolio/_switch.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.htmx:
            return redirect(f"{reverse('portfolio')}?{request.GET.urlencode()}")
        words = request.GET.get("q", "")
        return self.render_to_response({"switcher": found(request.user, request.session, words)})
