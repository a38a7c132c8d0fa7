"""TenantScoped: the only HTTP caller of `access.get_tenant`, for pages and for the API.

A view names its permission per method; one without is refused by a test and fails at run time.
"""

from typing import ClassVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.request import Request

from portal.limits import Limit
from portal.security.detection import stream
from portal.security.detection.naming import actor_of, hashed
from portal.security.models import ApiToken
from portal.security.tokens import scopes_of
from portal.sign_in import again
from tenants.organizations.access import get_public_tenant, get_tenant
from tenants.organizations.limits import limit_of, sentence
from tenants.organizations.models import Property
from tenants.organizations.roles import Permission
from tenants.organizations.trail import Happening, Kind, tell


class TenantScoped:
    """Resolves `slug` to `self.tenant` before anything else happens in a view.

    `permission` covers every method; `permission_write` (when set) covers the unsafe ones. Of a page that is
    `sensitive` every method is, of the API the unsafe ones are, or the actions that `sensitive_actions` names.
    """

    permission: ClassVar[Permission]
    permission_write: ClassVar[Permission | None] = None
    # Keys, exports, roles, holds, losses: who is signed in proves it again first (portal/sign_in/again.py).
    sensitive: ClassVar[bool] = False
    tenant: Property

    def required_permission(self, method: str) -> Permission:
        if method not in {"GET", "HEAD", "OPTIONS"} and self.permission_write is not None:
            return self.permission_write
        return self.permission

    def resolve_tenant(self, request: HttpRequest | Request, slug: str) -> Property:
        """Raises Http404 for a stranger and PermissionDenied for a member, or a token, without the right."""
        token = token_of(request)
        try:
            if token and token.tenant.slug != slug:
                raise Property.DoesNotExist
            tenant = get_tenant(
                user=request.user,
                slug=slug,
                permission=self.required_permission(request.method or "POST"),
                within=scopes_of(token) if token else None,
            )
        except Property.DoesNotExist as missing:
            # The property, if there is one, is not told: whether it exists is nobody's business who is refused.
            facts = {"reason": "stranger", "what": hashed(slug)}
            tell(Happening(kind=Kind.REFUSED, actor=actor_of(getattr(request, "_request", request)), facts=facts))
            raise Http404 from missing
        stream.entered(tenant.pk)
        return tenant


def require_requests(tenant: Property) -> None:
    """Count one request of a property's programs, where there is a limit. Raises Throttled beyond it."""
    most = limit_of(tenant, "max_requests")
    if most is not None and not Limit("property-api", count=most, seconds=60).take(str(tenant.pk)):
        raise exceptions.Throttled(wait=60, detail=sentence("max_requests", most))


def token_of(request: HttpRequest | Request) -> ApiToken | None:
    """Return the API token by which a request was authenticated, None for a session."""
    token = request.auth if isinstance(request, Request) else None
    return token if isinstance(token, ApiToken) else None


class TenantPage(TenantScoped):
    """For Django's class-based views: signed in first, then the tenant."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        self.tenant = self.resolve_tenant(request, str(kwargs["slug"]))
        asked = again.ask(request) if self.sensitive else None
        return asked or super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # mixed into a View


class TenantAPI(TenantScoped):
    """For DRF's views: after authentication, before the handler."""

    sensitive_actions: ClassVar[frozenset[str]] = frozenset()

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]  # mixed into an APIView
        if getattr(self, "swagger_fake_view", False):
            return
        if not request.user.is_authenticated:
            raise PermissionDenied
        self.tenant = self.resolve_tenant(request, str(kwargs["slug"]))
        require_requests(self.tenant)
        # A token is proved with each request, and cannot be asked for a password.
        if self.is_sensitive(request) and not token_of(request) and again.is_needed(request._request):
            raise exceptions.PermissionDenied(
                _("Confirm on the web page that it is you, then send this within half an hour."),
                code="reauthentication_required",
            )

    def is_sensitive(self, request: Request) -> bool:
        named = getattr(self, "action", None) in self.sensitive_actions
        return named or (self.sensitive and request.method not in again.SAFE)


class PublicPage:
    """For pages without an account: notice, request, personal page. Only the property's public face."""

    tenant: Property

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            self.tenant = get_public_tenant(slug=str(kwargs["slug"]))
        except Property.DoesNotExist as missing:
            raise Http404 from missing
        stream.entered(self.tenant.pk)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # mixed into a View
