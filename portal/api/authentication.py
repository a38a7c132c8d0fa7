"""Who asks: a member by their session or a token (portal/api/tokens.py), a terminal by the signature of its request."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from portal.api.bodies import read_body
from portal.api.throttles import RefusedThrottle
from portal.api.tokens import MemberToken
from portal.limits import address_of
from recognition.edge.refusals import UNPROVED, Refusal, Refused
from recognition.edge.services import requests
from recognition.edge.signatures import Message
from tenants.organizations import actors
from tenants.premises.models import Device


class MemberSession(SessionAuthentication):
    """The browser's session with CSRF."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


# A token first: whoever sends one is asked for nothing else, and a 401 says what a program can do about it.
OF_MEMBERS = [MemberToken, MemberSession]


class SignatureRefused(AuthenticationFailed):
    """Carries the portal's time when the terminal's clock is what is wrong."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(code.label, code=code.value)
        self.told: dict[str, Any] = {"server_time": timezone.now()} if code == Refusal.CLOCK else {}


class DeviceSignature(BaseAuthentication):
    """An HTTP message signature by the key of a paired terminal (docs/device-protocol.md, 2).

    The device is `request.auth` and there is no user; the key and the offset of the clock are in `request.proved`.
    """

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Device]:
        throttle = RefusedThrottle()
        is_too_often = False

        def is_recorded(code: Refusal) -> bool:
            nonlocal is_too_often
            is_too_often = code in UNPROVED and not throttle.allow_request(request, None)
            return not is_too_often

        try:
            proved = requests.authenticate(
                message=message_of(request._request), address=address_of(request), is_recorded=is_recorded
            )
        except Refused as refused:
            if is_too_often:
                raise Throttled(throttle.wait()) from refused
            raise SignatureRefused(refused.code) from refused
        request.proved = proved  # type: ignore[attr-defined]  # for TerminalViews
        actors.name(f"device:{proved.device.pk}")
        return AnonymousUser(), proved.device

    def authenticate_header(self, request: Request) -> str:
        return "Signature"


def message_of(request: HttpRequest) -> Message:
    """Return a request as its signature covers it. The host is not covered: proxies change it."""
    return Message(
        method=request.method or "",
        url=f"https://portal{request.get_full_path()}",
        headers={name.lower(): value for name, value in request.headers.items()},
        body=read_body(request),
    )


class IsDevice(BasePermission):
    """Only a terminal, never a member's session."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, Device)
