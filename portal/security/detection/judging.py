"""Judges what happened, after the transaction in which it did: counts it, rings, and keeps what was refused."""

import logging
import uuid
from collections.abc import Sequence
from contextlib import nullcontext

from django.db import transaction
from redis.exceptions import RedisError

from portal.security.alerts.raising import ring
from portal.security.audit import events
from portal.security.detection import counting, places
from portal.security.detection.counting import Sighting
from portal.security.detection.keys import Seen
from portal.security.detection.rule import Rule
from portal.security.detection.rules import RULES
from tenants.organizations.access import tenants_of
from tenants.organizations.models import User
from tenants.organizations.scoping import tenant_context
from tenants.organizations.trail import Happening, Kind

logger = logging.getLogger(__name__)

# A refusal is kept in the log; of one caller who is refused for hours, this many of each kind in an hour.
MOST_KEPT, KEPT_SECONDS = 20, 3600
# Somebody who works in more properties than this works for the platform.
MOST_PROPERTIES = 20


def judge(happenings: Sequence[Happening], *, unkept: Sequence[Happening] = ()) -> None:
    """Count what happened and ring where a rule says so; keep what is not kept yet.

    Never raises: what is watched goes on while the watching fails, and a line in the log says that it did.
    """
    try:
        _keep(unkept)
        _ring(happenings)
    except (RedisError, OSError):
        logger.warning("The cache cannot be reached; %s happenings were not judged.", len(happenings))
    except Exception:
        logger.exception("What happened could not be judged.")


def _keep(unkept: Sequence[Happening]) -> None:
    for one in unkept:
        if isinstance(one.kind, Kind) and counting.may_keep(one.kind, one.actor, most=MOST_KEPT, seconds=KEPT_SECONDS):
            with transaction.atomic(), tenant_context(one.tenant_id) if one.tenant_id else nullcontext():
                events.keep(one)


def sightings(happenings: Sequence[Happening]) -> list[Sighting]:
    """Return what the rules see in these, in their order."""
    found = []
    for one in happenings:
        for rule in RULES.values():
            if rule.after is not None and (seen := rule.after(one)):
                found.append(Sighting(rule, one, seen, is_mark=True))
            if rule.key is not None and (seen := rule.key(one)):
                found.append(Sighting(rule, one, seen))
    return found


def _ring(happenings: Sequence[Happening]) -> None:
    seen = sightings(happenings)
    if seen:
        for sighting, number in zip(seen, counting.count(seen), strict=True):
            if number >= sighting.rule.threshold:
                _tell(sighting.rule, sighting.happening, sighting.seen, number)
    for happening, where in places.judge(happenings):
        _tell(RULES["device_moved"], happening, where, 1)


def _tell(rule: Rule, happening: Happening, seen: Seen, number: int) -> None:
    """Ring, unless this has just rung. If it cannot be written, the next sighting tries again."""
    if not counting.begin_ringing(rule.code, seen.key):
        return
    facts = dict(happening.facts) | {"seen": number, "minutes": int(rule.window.total_seconds()) // 60}
    if happening.subject and happening.subject != seen.subject:
        facts["about"] = happening.subject
    try:
        for tenant_id in _whose(happening, seen):
            ring(rule.code, tenant_id, seen.subject, facts, happening.at)
    except Exception:
        counting.forget_ringing(rule.code, seen.key)
        raise


def _whose(happening: Happening, seen: Seen) -> list[uuid.UUID | None]:
    """Return where it rings: in its property; of a member, in each property of theirs; else on the platform."""
    if happening.tenant_id is not None:
        return [happening.tenant_id]
    kind, _colon, name = seen.subject.partition(":")
    if kind != "user":
        return [None]
    with transaction.atomic():
        member = User.objects.filter(pk=name).first()
        mine = tenants_of(user=member).values_list("pk", flat=True)[:MOST_PROPERTIES] if member else []
        return list(mine) or [None]
