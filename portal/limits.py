"""How often one caller may knock, and who the caller is.

Counted in the shared cache, so all web processes count together. Nothing is protected by a limit
alone (a tracking code is 80 bits), and a person's right to ask must not depend on a cache: while it
is down, everybody passes.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from redis import Redis
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

# Sent once for each request that was refused for being too often, whoever refused it: a page, the API, the sign-in or
# the flood gate (portal/flood.py sends it). Sender: the gate. Arguments: `request`; `limit`, "flood" or "" for others.
# A flood is told once a second. What a receiver raises is logged and breaks no answer.
throttled = Signal()

# A household with IPv6 has a network of this length for itself, and takes a new address from it as it likes.
IPV6_HOUSEHOLD = 64


@dataclass(frozen=True)
class Limit:
    """At most `count` in `seconds`, from the first one on."""

    name: str
    count: int
    seconds: int

    def is_reached(self, who: str) -> bool:
        """Say whether `who` has used up the limit; counts nothing."""
        return self._careful(lambda: cache.get(self._key(who), 0) >= self.count)

    def count_one(self, who: str) -> None:
        self.take(who)

    def take(self, who: str) -> bool:
        """Count one, and say whether it was still within the limit."""
        return not self._careful(lambda: self._counted(self._key(who)) > self.count)

    def _counted(self, key: str) -> int:
        cache.add(key, 0, timeout=self.seconds)
        try:
            return int(cache.incr(key))
        except ValueError:  # it expired between the two
            cache.add(key, 1, timeout=self.seconds)
            return 1

    def _careful(self, is_over: Callable[[], bool]) -> bool:
        try:
            return is_over()
        except (RedisError, OSError):
            logger.warning("The cache cannot be reached; %s is not limited.", self.name)
            return False

    def _key(self, who: str) -> str:
        return key_of(self.name, who)


# A household behind one address can ask several times; a script cannot fill the inbox.
REQUESTS_BY_ADDRESS = Limit("requests", count=10, seconds=3600)
REQUESTS_BY_PROPERTY = Limit("requests-property", count=300, seconds=3600)
COMPLAINTS_BY_ADDRESS = Limit("complaints", count=10, seconds=3600)
COMPLAINTS_BY_PROPERTY = Limit("complaints-property", count=300, seconds=3600)
# Only wrong codes count. No limit by property: one guesser must not lock out everybody else.
WRONG_CODES = Limit("codes", count=10, seconds=900)
# Proving by a code, and writing to the desk: by address, besides what a request itself counts.
PROOFS_BY_ADDRESS = Limit("proofs", count=30, seconds=3600)
# The guests of a hotel stand behind one address; one ticket is for one person.
REGISTRATIONS_BY_ADDRESS = Limit("registrations", count=60, seconds=3600)
REGISTRATIONS_BY_TICKET = Limit("registrations-ticket", count=20, seconds=1800)
# A certificate is checked without the database; only time is at stake.
CERTIFICATES_BY_ADDRESS = Limit("certificates", count=60, seconds=3600)
# The API for callers without an account: programs, and none has to ask more often.
PUBLIC_API_BY_ADDRESS = Limit("public-api", count=30, seconds=60)
# Signatures that prove no key. A good one is never counted: whoever floods the portal with bad ones writes no more
# alarms, and a terminal behind the same address works on.
UNPROVED_BY_ADDRESS = Limit("unproved", count=60, seconds=60)
# By terminal, however many share an address: what happens at its door, and apart from it its work queue. Thousands of
# templates that it loads never keep somebody waiting at its door.
DOOR_BY_DEVICE = Limit("door", count=600, seconds=60)
WORK_BY_DEVICE = Limit("work", count=3000, seconds=60)

# Lets one through when the time by which all earlier ones were due is not further away than the burst allows (the
# generic cell rate algorithm). One value a caller, one round trip, and no moment at which two windows meet.
_PACE = """
local now, rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local wait = due - now - (burst - 1) / rate
if wait > 0.0005 then return math.ceil(wait * 1000) end
due = due + 1 / rate
redis.call('SET', KEYS[1], string.format('%.6f', due), 'PX', math.ceil((due - now) * 1000))
return 0
"""


@dataclass(frozen=True)
class Pace:
    """`rate` a second for as long as one likes, after `burst` at once."""

    name: str
    rate: float
    burst: int

    def wait(self, who: str, *, now: float | None = None) -> float:
        """Count one and return 0.0, or return how many seconds `who` has to wait; what is refused counts nothing."""
        now = time.time() if now is None else now
        try:
            count = _pace(settings.CACHES["default"]["LOCATION"])
            return float(count(keys=[key_of(self.name, who)], args=[f"{now:.6f}", self.rate, self.burst])) / 1000
        except (RedisError, OSError):
            logger.warning("The cache cannot be reached; %s is not limited.", self.name)
            return 0.0


@lru_cache(maxsize=2)
def _pace(location: str) -> Script:
    """Django's cache has no way to send a script; this is the same server and the same database of it.

    It stands before every page, so it waits for nothing: without the server it is tried once more and given up, where
    the library would go on for seconds.
    """
    wait = {"socket_connect_timeout": 1, "socket_timeout": 1}
    return Redis.from_url(location, retry=Retry(NoBackoff(), 1), **wait).register_script(_PACE)


def key_of(name: str, who: str) -> str:
    """Keyed by a hash: an address is personal data, and a cache is no place for it."""
    return f"limit:{name}:{salted_hmac('portal.limits', who).hexdigest()[:32]}"


def address_of(request: HttpRequest) -> str:
    """Return whom a limit counts: the caller's IPv4 address, or the first one of the caller's IPv6 household.

    X-Forwarded-For counts only as far as proxies of ours wrote it (TRUSTED_PROXIES), from the right: the first address
    there that is no proxy of ours is the caller's. What stands left of it the caller made up. Where a proxy wrote no
    address, its own is returned.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    if is_trusted(address):
        for hop in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            if not _parsed(hop.strip()):
                break
            address = hop.strip()
            if not is_trusted(address):
                break
    return household(address)


def is_trusted(address: str) -> bool:
    """Say whether this is a proxy of ours, whose headers count."""
    found = _parsed(address)
    return found is not None and any(found in network for network in networks(tuple(settings.TRUSTED_PROXIES)))


@lru_cache(maxsize=8)
def networks(written: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    """Raises ValueError for what is no address and no network (security.E008 tells it before)."""
    return [ip_network(one, strict=False) for one in written]


def household(address: str) -> str:
    """An IPv4 address as it is, an IPv6 one as the first of its /64."""
    found = _parsed(address)
    if not isinstance(found, IPv6Address):
        return str(found or address)
    return str(IPv6Network((found, IPV6_HOUSEHOLD), strict=False).network_address)


def _parsed(text: str) -> object:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
