"""How often one caller may knock at a page that needs no account.

Counted in the shared cache, so all web processes count together. Nothing is protected by a limit
alone (a tracking code is 80 bits), and a person's right to ask must not depend on a cache: while it
is down, everybody passes.
"""

import logging
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """At most `count` in `seconds`, from the first one on."""

    name: str
    count: int
    seconds: int

    def is_reached(self, who: str) -> bool:
        """Say whether `who` has used up the limit; counts nothing."""
        try:
            return cache.get(self._key(who), 0) >= self.count
        except (RedisError, OSError):
            logger.warning("The cache cannot be reached; %s is not limited.", self.name)
            return False

    def count_one(self, who: str) -> None:
        try:
            cache.add(self._key(who), 0, timeout=self.seconds)
            cache.incr(self._key(who))
        except ValueError:  # it expired between the two
            cache.add(self._key(who), 1, timeout=self.seconds)
        except (RedisError, OSError):
            logger.warning("The cache cannot be reached; %s is not limited.", self.name)

    def _key(self, who: str) -> str:
        # Keyed by a hash: an address is personal data, and a cache is no place for it.
        return f"limit:{self.name}:{salted_hmac('portal.limits', who).hexdigest()[:32]}"


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


def address_of(request: HttpRequest) -> str:
    """Return the caller's address. What a caller writes into X-Forwarded-For itself does not count."""
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if settings.SECURE_PROXY_SSL_HEADER and hops[-1].strip():
        return hops[-1].strip()  # written by our own proxy
    return str(request.META.get("REMOTE_ADDR", ""))
