"""No member and no platform admin works here by a password alone (docs/decisions/0020-sign-in.md).

Who signed in without a second factor is led to setting one up and to nothing else.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.sign_in.sessions import is_by_session
from tenants.organizations.models import User

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes alone are none

# Where a factor is set up, proved and shown, how one leaves, and the language of it all.
_OPEN = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_reauthenticate",
        "account_logout",
        "account_login",
        "account_invitation",
        "set_language",
        "healthz",
    }
)


def has_second_factor(user: User | AnonymousUser) -> bool:
    return bool(is_mfa_enabled(user, FACTORS))


class SecondFactorRequired:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _keys: Any) -> HttpResponse | None:
        """Asked for each view by name, so that a new address is closed until somebody opens it above."""
        match = request.resolver_match
        if not settings.MFA_REQUIRED or match is None or match.view_name in _OPEN:
            return None
        if not is_by_session(request) or has_second_factor(request.user):
            return None
        if match.namespaces[:1] == ["api"]:
            return refusal()
        return HttpResponseRedirect(reverse("mfa_index"))


def refusal() -> JsonResponse:
    """Return the API's answer in the form of all its refusals (portal/api/problems.py)."""
    problem = {
        "type": "urn:consentry:problem:mfa_required",
        "title": _("Not allowed"),
        "status": HTTPStatus.FORBIDDEN,
        "code": "mfa_required",
        "detail": _("This account has no second factor yet. Sign in on the web page and set one up."),
    }
    return JsonResponse(problem, status=HTTPStatus.FORBIDDEN, content_type="application/problem+json")
