"""The platform admin: handlers, properties, members, how it runs. No face data and no identities."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from portal.admin import menu, running, start
from portal.admin.pages import PlatformAdmin
from tenants.organizations.scoping import PLATFORM_SETTING, set_local


class ConsentryAdminSite(admin.AdminSite):
    site_header = site_title = "知门 Consentry"
    index_title = _("Platform")
    index_template = "admin/start_page.html"
    site_url = "/"

    def register(self, model_or_iterable: Any, admin_class: type | None = None, **options: Any) -> None:
        """Take this room's own pages only; what a package brings along stays closed until someone decides."""
        if admin_class is not None and issubclass(admin_class, PlatformAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:
        """Open row-level security for platform staff, and only inside an admin page that let them in.

        The policies of memberships and of the audit log honour the setting, no other table's
        (portal/security/policies.py).
        """

        def in_platform_context(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            set_local(PLATFORM_SETTING, "on")
            return view(request, *args, **kwargs)

        return super().admin_view(in_platform_context, cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send people to the one sign-in page, which knows the second factor and the rate limits."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("account_login"))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("start/", self._page(start.start), name="start"),
            path("start/<uuid:object_id>/", self._page(start.started), name="started"),
            path("health/", self._page(running.health), name="health"),
            path("versions/", self._page(running.versions), name="versions"),
        ]
        return [*own, *super().get_urls()]

    def _page(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Open a page of ours to active platform staff, with what every admin page shows around it."""

        def with_context(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            response = view(request, self.each_context(request), **kwargs)
            response["Cache-Control"] = "no-store"
            return response

        return self.admin_view(with_context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().index(request, (extra_context or {}) | {"figures": running.figures()})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Group pages by what staff think of, not by the package that a table comes from."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None or not self.has_permission(request):
            return apps
        found = {model["model"]: model for app in apps for model in app["models"]}
        return menu.groups(found, self.name)
