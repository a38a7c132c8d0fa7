"""How often one caller may ask. The counters are in the shared cache, so all web processes count together."""

import logging

from redis.exceptions import RedisError
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from portal.limits import Limit, address_of

logger = logging.getLogger(__name__)


def require_within(*limits: tuple[Limit, str]) -> None:
    """Count one for each caller, together with what the pages count. Raises Throttled when a limit is reached."""
    for limit, who in limits:
        if limit.is_reached(who):
            raise Throttled(wait=limit.seconds)
    for limit, who in limits:
        limit.count_one(who)


class SharedThrottle(SimpleRateThrottle):
    """Lets a request pass while the cache is down.

    Nothing here is protected by the limit alone: a device signs, a tracking code is 80 bits
    and a person's right to ask must not depend on a cache.
    """

    def allow_request(self, request: Request, view: APIView | None) -> bool:
        try:
            return super().allow_request(request, view)  # type: ignore[arg-type]  # the view is never looked at
        except (RedisError, OSError):
            logger.warning("The cache cannot be reached; %s is not throttled.", self.scope)
            return True

    def get_ident(self, request: Request) -> str:
        return address_of(request)


class PublicThrottle(SharedThrottle):
    """By address, for callers without an account."""

    scope = "public"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class RefusedThrottle(SharedThrottle):
    """By address, requests without a signature that proves a key. A good signature is never counted or kept waiting.

    So whoever floods the portal with bad ones writes no more alarms, and a terminal behind the same address works on.
    """

    scope = "refused"

    def get_cache_key(self, request: Request, view: APIView | None) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class DeviceThrottle(SharedThrottle):
    """By terminal, however many share an address: what happens at its door."""

    scope = "device"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        device = request.auth
        return self.cache_format % {"scope": self.scope, "ident": device.pk} if device else None


class WorkThrottle(DeviceThrottle):
    """By terminal: its work queue. Thousands of templates that it loads never keep somebody waiting at its door."""

    scope = "device_work"
