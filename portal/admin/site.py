"""The platform admin: handlers, properties, members and health. No face data and no identities."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from portal.admin import health
from portal.admin.pages import PlatformAdmin
from tenants.organizations.scoping import PLATFORM_SETTING, set_local


class ConsentryAdminSite(admin.AdminSite):
    site_header = site_title = "知门 Consentry"
    index_title = _("Platform")
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
        return [path("health/", self.admin_view(self.health_view), name="health"), *super().get_urls()]

    def health_view(self, request: HttpRequest) -> HttpResponse:
        context = self.each_context(request) | {"title": _("Health"), "findings": health.findings()}
        response = TemplateResponse(request, "admin/health.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        apps = super().get_app_list(request, app_label)
        if app_label is None and self.has_permission(request):
            address = reverse("admin:health", current_app=self.name)
            page = {"name": _("Health"), "object_name": "Health", "admin_url": address, "view_only": True}
            entry = {"name": _("Running"), "app_label": "health", "app_url": address, "models": [page]}
            apps.append(entry | {"has_module_perms": True})
        return apps
