"""Who asks by an API token: `Authorization: Bearer cst_…` at the members' addresses."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from portal.api.throttles import RefusedThrottle
from portal.security import tokens
from portal.security.detection.naming import address_named
from portal.security.models import ApiToken
from tenants.organizations import actors
from tenants.organizations.models import User
from tenants.organizations.trail import Happening, Kind, tell

MEMBERS = "/api/v1/properties/"
_SCHEME = "bearer"


class TokenMiddleware:
    """Says who acts before auditlog asks, which is long before a view does.

    With a token nothing else counts: a session that came with it is not looked at, whether or not the token is taken.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        text = _text_of(request)
        if text is not None:
            request.user = AnonymousUser()
            request.api_token = _find(text)  # type: ignore[attr-defined]  # for MemberToken
            if request.api_token is not None:  # type: ignore[attr-defined]
                request.user = request.api_token.membership.user  # type: ignore[attr-defined]
                actors.name(f"token:{request.api_token.pk}")  # type: ignore[attr-defined]
        return self.get_response(request)


class MemberToken(BaseAuthentication):
    """A member's own key. The user is its member, `request.auth` the token.

    No CSRF token is asked for: no browser sends this header by itself.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return None without a token. Raises AuthenticationFailed for one that is not taken, and Throttled."""
        if not hasattr(request._request, "api_token"):
            return None
        token: ApiToken | None = request._request.api_token
        if token is None:
            throttle = RefusedThrottle()
            if not throttle.allow_request(request, None):
                raise Throttled(throttle.wait())
            caller = address_named(request._request)
            tell(Happening(kind=Kind.SIGN_IN_FAILED, actor=caller, facts={"by": "token"}))
            raise AuthenticationFailed(
                _("This API token is not taken: it is wrong, over or stopped. Make a new one under “API tokens”."),
                code="token_refused",
            )
        return token.membership.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _text_of(request: HttpRequest) -> str | None:
    """Return what stands in the header, None where no token is asked for or none is given."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if request.path_info.startswith(MEMBERS) and scheme.lower() == _SCHEME else None


def _find(text: str) -> ApiToken | None:
    try:
        return tokens.find(text)
    except tokens.Refused:
        return None
