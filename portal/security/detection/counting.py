"""The rules' memory: sightings in Valkey, each gone when its window is over. One round trip for any number of them."""

from dataclasses import dataclass
from functools import cache as once
from uuid import uuid4

from django.conf import settings
from django.utils.crypto import salted_hmac
from redis import Redis
from redis.client import Pipeline

from portal.security.detection.keys import Seen
from portal.security.detection.rule import Rule
from tenants.organizations.trail import Happening

PREFIX = "detection"
DECOYS = f"{PREFIX}:decoys"
# Under a flood a counter stays small: no rule needs to know more than that it is far above its threshold.
MOST_OVER = 2
# After it rang a rule is quiet about the same key for so long; an attack does not become a flood of writing.
QUIET_SECONDS = 600
# Expiry by the server's clock; a sighting counts by its own time.
SPARE_SECONDS = 60


@dataclass(frozen=True)
class Sighting:
    """A rule has seen something in a happening. `is_mark`: it is what the rule's `after` asks for."""

    rule: Rule
    happening: Happening
    seen: Seen
    is_mark: bool = False

    @property
    def key(self) -> str:
        return _key("mark" if self.is_mark else "seen", self.rule.code, self.seen.key)


@once
def connection() -> Redis:
    """Django's cache has no sets; this is the same server and the same database of it."""
    return Redis.from_url(settings.CACHES["default"]["LOCATION"], socket_timeout=2, socket_connect_timeout=2)


def count(sightings: list[Sighting]) -> list[int]:
    """Remember all of them and return for each how many there are within its window, 0 where it does not count.

    Raises RedisError.
    """
    pipe = connection().pipeline(transaction=False)
    ends = []
    for sighting in sightings:
        _ask(pipe, sighting)
        ends.append(len(pipe))
    answers = pipe.execute()
    return [_counted(sighting, answers[:end]) for sighting, end in zip(sightings, ends, strict=True)]


def _ask(pipe: Pipeline, sighting: Sighting) -> None:
    """Add the commands of one sighting; the last one's answer says how many."""
    rule, at = sighting.rule, sighting.happening.at.timestamp()
    if rule.is_decoy:
        pipe.sismember(DECOYS, sighting.seen.key)
        return
    since = at - rule.window.total_seconds()
    pipe.zadd(sighting.key, {sighting.seen.value or uuid4().hex: at})
    pipe.zremrangebyscore(sighting.key, "-inf", f"({since}")
    pipe.zremrangebyrank(sighting.key, 0, -MOST_OVER * rule.threshold - 1)
    pipe.expire(sighting.key, int(rule.window.total_seconds()) + SPARE_SECONDS)
    if rule.after is not None and not sighting.is_mark:
        pipe.zcount(_key("mark", rule.code, sighting.seen.key), since, at)
    pipe.zcard(sighting.key)


def _counted(sighting: Sighting, answers: list[int]) -> int:
    if sighting.is_mark or (sighting.rule.after is not None and not answers[-2]):
        return 0
    return int(answers[-1])


def begin_ringing(rule: str, key: str) -> bool:
    """Say whether this rule may ring about this key now: it has been quiet about it for a while. Raises RedisError."""
    return bool(connection().set(_key("rang", rule, key), 1, nx=True, ex=QUIET_SECONDS))


def forget_ringing(rule: str, key: str) -> None:
    """It could not be told: the next sighting tries again. Raises RedisError."""
    connection().delete(_key("rang", rule, key))


def may_keep(kind: str, actor: str, *, most: int, seconds: int) -> bool:
    """Count one refusal that wants to be kept; False when there were `most` of this actor. Raises RedisError."""
    key = _key("kept", kind, actor)
    pipe = connection().pipeline(transaction=False)
    pipe.incr(key)
    pipe.expire(key, seconds, nx=True)
    return bool(pipe.execute()[0] <= most)


def _key(*parts: str) -> str:
    # Hashed: what is counted may be an account that somebody typed.
    return f"{PREFIX}:{parts[0]}:{parts[1]}:{salted_hmac('portal.security.detection', parts[2]).hexdigest()[:32]}"
