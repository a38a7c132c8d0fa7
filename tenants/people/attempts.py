"""How often a code may be tried wrong. Counted in the shared cache, so all web processes count together."""

import logging
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class CannotCount(Exception):
    """The cache does not answer."""


@dataclass(frozen=True)
class Attempts:
    """At most `count` wrong ones in `seconds`, from the first one on."""

    name: str
    count: int
    seconds: int

    def take(self, who: str) -> bool:
        """Count one attempt before it is judged, so that many at once cannot slip through; False when it is too many.

        Raises CannotCount while the cache is down: the caller decides what that means.
        """
        try:
            cache.add(self._key(who), 0, timeout=self.seconds)
            return cache.incr(self._key(who)) <= self.count
        except ValueError:  # it expired between the two
            return True
        except (RedisError, OSError) as error:
            logger.warning("The cache cannot be reached; %s cannot be counted.", self.name)
            raise CannotCount from error

    def forget(self, who: str) -> None:
        """Start again after a right one."""
        try:
            cache.delete(self._key(who))
        except (RedisError, OSError):
            logger.warning("The cache cannot be reached; %s were not forgotten.", self.name)

    def _key(self, who: str) -> str:
        # Keyed by a hash: a cache is no place for a person's number.
        return f"attempts:{self.name}:{salted_hmac('tenants.people.attempts', who).hexdigest()[:32]}"
