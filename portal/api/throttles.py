"""The limits of portal/limits.py where DRF asks for them."""

from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from portal.limits import (
    DOOR_BY_DEVICE,
    PUBLIC_API_BY_ADDRESS,
    UNPROVED_BY_ADDRESS,
    WORK_BY_DEVICE,
    Limit,
    address_of,
)


def require_within(*limits: tuple[Limit, str]) -> None:
    """Count one for each caller, together with what the pages count. Raises Throttled when a limit is reached."""
    for limit, who in limits:
        if limit.is_reached(who):
            raise Throttled(wait=limit.seconds)
    for limit, who in limits:
        limit.count_one(who)


class LimitThrottle(BaseThrottle):
    """By address. Lets a request pass while the cache is down, as every limit does."""

    limit: Limit

    def allow_request(self, request: Request, _view: APIView | None) -> bool:
        who = self.who(request)
        return not who or self.limit.take(who)

    def who(self, request: Request) -> str:
        return address_of(request._request)

    def wait(self) -> float:
        """Seconds until the limit is over for sure."""
        return self.limit.seconds


class PublicThrottle(LimitThrottle):
    limit = PUBLIC_API_BY_ADDRESS


class RefusedThrottle(LimitThrottle):
    limit = UNPROVED_BY_ADDRESS


class DeviceThrottle(LimitThrottle):
    """By terminal; DRF asks after the signature was found good."""

    limit = DOOR_BY_DEVICE

    def who(self, request: Request) -> str:
        return str(request.auth.pk) if request.auth else ""


class WorkThrottle(DeviceThrottle):
    limit = WORK_BY_DEVICE
