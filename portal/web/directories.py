"""How allauth speaks with the directories of handlers (portal/sign_in/directories.py)."""

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView, OAuth2View
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_login_failed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from requests import RequestException

from portal.sign_in import directories

logger = logging.getLogger(__name__)

_REFUSED = _(
    "Your directory did not sign you in here: you are no member of its properties, or the sign-in was broken off. "
    "Ask the owner of your property, or sign in by password."
)


class DirectoryAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """By its own name only: that of the protocol would stand for all of them."""
        apps = super().list_apps(request, provider=provider, client_id=client_id)
        named = [app for app in apps if client_id or provider in {None, app.provider_id}]
        return [opened for app in named if (opened := directories.opened(app))]

    def get_requests_session(self) -> Any:
        """No redirects and no proxy: who answers is the address that the platform admin named, or nobody."""
        session = super().get_requests_session()
        session.trust_env, session.max_redirects = False, 0
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Every sign-in is judged anew."""
        directories.keep_nothing_told(sociallogin)
        known = sociallogin.user if sociallogin.is_existing else None
        verified = next((address.email for address in sociallogin.email_addresses if address.verified), "")
        user = directories.account_for(directory=sociallogin.provider.app, known=known, email=verified)
        if user is None or sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(self._refuse(request))
        if known is None:
            sociallogin.connect(request, user)

    def on_authentication_error(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> None:
        raise ImmediateHttpResponse(self._refuse(request))

    def _refuse(self, request: HttpRequest) -> HttpResponse:
        """Back to the sign-in page, the same for every reason; who listens for failures hears of it."""
        user_login_failed.send(sender=__name__, credentials={}, request=request)
        messages.error(request, str(_REFUSED))
        return redirect(settings.LOGIN_URL)


class SignedOnly(OpenIDConnectOAuth2Adapter):
    """allauth trusts the connection over which a token came; here its signature is checked as well."""

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        self.did_fetch_access_token = False
        return dict(super()._decode_id_token(app, id_token))


def go(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the directory."""
    return _carried(request, OAuth2LoginView, provider_id)


def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """From the directory, with its answer."""
    return _carried(request, OAuth2CallbackView, provider_id)


def _carried(request: HttpRequest, view: type[OAuth2View], provider_id: str) -> HttpResponse:
    try:
        return view.adapter_view(SignedOnly(request, provider_id))(request)
    except SocialApp.DoesNotExist as missing:
        raise Http404 from missing
    except (RequestException, KeyError) as error:
        logger.warning("A directory did not answer as it should: %s", type(error).__name__)
        messages.error(request, str(_("Your directory does not answer. Try again later, or sign in by password.")))
        return redirect(settings.LOGIN_URL)


def closed(request: HttpRequest, **_keys: Any) -> HttpResponse:
    """allauth's pages to sign up by a directory, and to connect one to an account: not here."""
    raise Http404
