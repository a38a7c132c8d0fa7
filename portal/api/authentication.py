"""Who asks: a member by their session, or a terminal by its credential."""

import uuid

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from tenants.organizations.access import get_device_tenant
from tenants.premises import credentials
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device

_NOBODY = credentials.Credential(uuid.UUID(int=0), uuid.UUID(int=0), secret="")
_NO_HASH = "0" * 64


class MemberSession(SessionAuthentication):
    """The browser's session with CSRF. auditlog reads the actor in middleware, which a token would bypass."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class DeviceCredential(BaseAuthentication):
    """`Authorization: Device cdv_…`. The device is `request.auth`; there is no user.

    A credential that is unknown, replaced, of a retired device or of another property is one and the
    same 401, after the same comparison.
    """

    keyword = b"device"

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Device] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword:
            return None
        credential = credentials.parse(parts[1].decode("latin-1")) if len(parts) == 2 else None
        device = _find(credential) if credential else None
        # An unknown device costs a comparison too.
        is_proved = (credential or _NOBODY).proves(device.credential_hash if device else _NO_HASH)
        if device is None or not is_proved:
            raise AuthenticationFailed(_("This device credential is not valid."), code="bad_credential")
        return AnonymousUser(), device

    def authenticate_header(self, request: Request) -> str:
        return "Device"


def _find(credential: credentials.Credential) -> Device | None:
    with transaction.atomic():
        get_device_tenant(tenant_id=credential.tenant_id)
        return (
            Device.objects.select_related("tenant", "access_point")
            .filter(tenant_id=credential.tenant_id, pk=credential.device_id)
            .exclude(state=DeviceState.RETIRED)
            .first()
        )


class IsDevice(BasePermission):
    """Only a terminal, never a member's session."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, Device)
