"""TenantScoped: the only HTTP caller of `access.get_tenant`, for pages and for the API.

A view names its permission per method; one without is refused by a test and fails at run time.
"""

from typing import ClassVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework.request import Request

from tenants.organizations.access import get_public_tenant, get_tenant
from tenants.organizations.models import Property
from tenants.organizations.roles import Permission


class TenantScoped:
    """Resolves `slug` to `self.tenant` before anything else happens in a view.

    `permission` covers every method; `permission_write` (when set) covers the unsafe ones.
    """

    permission: ClassVar[Permission]
    permission_write: ClassVar[Permission | None] = None
    tenant: Property

    def required_permission(self, method: str) -> Permission:
        if method not in {"GET", "HEAD", "OPTIONS"} and self.permission_write is not None:
            return self.permission_write
        return self.permission

    def resolve_tenant(self, request: HttpRequest | Request, slug: str) -> Property:
        """Raises Http404 for a stranger and PermissionDenied for a member without the right."""
        try:
            return get_tenant(
                user=request.user, slug=slug, permission=self.required_permission(request.method or "POST")
            )
        except Property.DoesNotExist as missing:
            raise Http404 from missing


class TenantPage(TenantScoped):
    """For Django's class-based views: signed in first, then the tenant."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        self.tenant = self.resolve_tenant(request, str(kwargs["slug"]))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # mixed into a View


class TenantAPI(TenantScoped):
    """For DRF's views: after authentication, before the handler."""

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]  # mixed into an APIView
        if getattr(self, "swagger_fake_view", False):
            return
        if not request.user.is_authenticated:
            raise PermissionDenied
        self.tenant = self.resolve_tenant(request, str(kwargs["slug"]))


class PublicPage:
    """For pages without an account: notice, request, personal page. Only the property's public face."""

    tenant: Property

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            self.tenant = get_public_tenant(slug=str(kwargs["slug"]))
        except Property.DoesNotExist as missing:
            raise Http404 from missing
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # mixed into a View
