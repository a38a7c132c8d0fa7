"""What the workers do for retention: whatever has outlived its clock goes, a slice of a property at a time.

Every job may run twice without harm. Properties take turns: one with a long backlog comes to the end of the line after
each slice, so nobody waits for more than one slice of somebody else's. A sweep that runs out of time begins the next
time where it stopped. Only what is due is loaded, and never more than a slice of it.
"""

import logging
import time
import uuid
from collections import deque
from collections.abc import Sequence
from datetime import date, timedelta

from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tenants.clearance.checks import Check, blockers
from tenants.clearance.services import check_people, faces_to_erase
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import FaceState
from tenants.people.models import Consent, Person
from tenants.people.services.persons import advance_bands
from tenants.rights import due
from tenants.rights.kinds import ErasureReason
from tenants.rights.retention_rules import UNCONFIRMED
from tenants.rights.services import holds, texts
from tenants.rights.services.many_erasures import order_erasures

logger = logging.getLogger(__name__)

SLICE = 200  # people, or some thousands of rows that nobody else waits for
# The next sweep starts every minute; two at once would do no harm, and no good either.
SECONDS = 45.0
_STOPPED_AT = "rights.retention.stopped_at"
_REASONS = {
    due.STAY_ENDED: ErasureReason.STAY_ENDED,
    due.RETENTION: ErasureReason.RETENTION,
    due.UNUSED: ErasureReason.UNUSED,
}


def sweep_retention(*, seconds: float = SECONDS) -> int:
    """Order the erasure of every face past its date, in every property by turns; return how many.

    One property's failure does not keep the next from its sweep: each slice has its own transaction.
    """
    ordered, began = 0, time.monotonic()
    line = deque(due.anywhere(_line(), today=timezone.localdate(), now=timezone.now()))
    while line:
        tenant_id = line.popleft()
        try:
            here, has_more = sweep_slice(tenant_id)
        except Exception:
            logger.exception("The retention sweep of property %s failed.", tenant_id)
            continue
        ordered += here
        if has_more:
            line.append(tenant_id)
        if line and time.monotonic() - began > seconds:
            cache.set(_STOPPED_AT, str(line[0]), None)
            break
    return ordered


def sweep_slice(tenant_id: uuid.UUID) -> tuple[int, bool]:
    """Do one slice of what is due in one property; return how many faces were ordered, and whether it went forward.

    What is due is asked once more, as it is now.
    """
    today, now = timezone.localdate(), timezone.now()
    with tenant_context(tenant_id):
        found, expirers = due.find(tenant_id=tenant_id, today=today, now=now)
        if not found and not expirers:
            return 0, False
        tenant = Property.objects.select_related("handler").get(pk=tenant_id)
        if due.BANDS in found:
            advance_bands(tenant=tenant)
        reasons = _past_their_day(tenant, found, today)
        if due.WAITING in found and not reasons:
            reasons = _waiting(tenant)
        ordered = len(order_erasures(tenant=tenant, reasons=reasons)) if reasons else 0
        done = holds.end_over(tenant=tenant) if due.HOLDS in found else 0
        done += texts.expire(tenant=tenant) if due.TEXTS in found else 0
        done += sum(expirer(tenant=tenant) for expirer in expirers)
        return ordered, bool(ordered or done)


def _line() -> list[uuid.UUID]:
    """Return every property, beginning with the one at which the last sweep ran out of time."""
    ids = list(Property.objects.order_by("pk").values_list("pk", flat=True))
    stopped_at = cache.get(_STOPPED_AT)
    if stopped_at is None:
        return ids
    cache.delete(_STOPPED_AT)
    first = next((place for place, tenant_id in enumerate(ids) if str(tenant_id) >= stopped_at), 0)
    return [*ids[first:], *ids[:first]]


def _past_their_day(tenant: Property, found: set[str], today: date) -> dict[uuid.UUID, ErasureReason]:
    """Return whose day has passed, a slice of them, each with the first of its reasons."""
    reasons: dict[uuid.UUID, ErasureReason] = {}
    for name, reason in _REASONS.items():
        if name in found and len(reasons) < SLICE:
            for person_id in due.faces(tenant_id=tenant.pk, name=name, today=today, limit=SLICE):
                reasons.setdefault(person_id, reason)
    return dict(list(reasons.items())[:SLICE])


def _waiting(tenant: Property) -> dict[uuid.UUID, ErasureReason]:
    """Return who waits and waits no longer: a slice of those under way and suspended, each time the next ones."""
    key = f"rights.retention.waiting.{tenant.pk}"
    after = cache.get(key)
    rows = Person.objects.filter(tenant=tenant, face_state__in=(FaceState.CAPTURED, FaceState.SUSPENDED)).order_by("pk")
    ids = list((rows.filter(pk__gt=after) if after else rows).values_list("pk", flat=True)[:SLICE])
    if len(ids) == SLICE:
        cache.set(key, str(ids[-1]), timedelta(days=1).total_seconds())
    elif after:
        cache.delete(key)
    # Judged under the lock: somebody may have answered since.
    locked = Person.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), skip_locked=True)
    states = dict(locked.values_list("pk", "face_state"))
    captured = [person_id for person_id, state in states.items() if state == FaceState.CAPTURED]
    refused = faces_to_erase(tenant, among=Person.objects.filter(pk__in=list(states))) if states else []
    return {person.pk: ErasureReason(why.value) for person, why in refused} | _unconfirmed(tenant, captured)


def _unconfirmed(tenant: Property, captured: Sequence[uuid.UUID]) -> dict[uuid.UUID, ErasureReason]:
    """Return of whom no consent carries what is under way any more, and who has not answered for 72 hours."""
    answered = Consent.objects.filter(person=OuterRef("pk"), decided_at__gt=timezone.now() - UNCONFIRMED)
    rows = Person.objects.filter(pk__in=captured).filter(~Exists(answered))
    judged = check_people(tenant=tenant, people=rows) if captured else []
    return {person.pk: ErasureReason.CONSENT_LOST for person, checks in judged if _lacks_consent(checks)}


def _lacks_consent(checks: Sequence[Check]) -> bool:
    return any(check.code.startswith("consent_") for check in blockers(list(checks)))
