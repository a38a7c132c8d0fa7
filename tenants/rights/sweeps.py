"""What is unfinished: erasures to try again, certificates to issue, owners to tell, rows whose hold is over.

Runs as the web role. A property gets one bounded turn, and the sweep begins each minute with another one: neither a
property that fails nor one with a long backlog keeps the others from theirs. When something is due stands in the
database; nothing is put off by the broker.
"""

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from tenants.clearance.rules.endings import GRACE
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device
from tenants.rights import tasks, telling
from tenants.rights.kinds import ErasureReason, HoldKind
from tenants.rights.models import Erasure, ErasureReceipt
from tenants.rights.rules.erasing import LONGEST_PAUSE, pause
from tenants.rights.services import holds
from tenants.rights.services.erasures import SLICE, order_erasure
from tenants.rights.services.many_erasures import order_erasures

logger = logging.getLogger(__name__)
Row = TypeVar("Row")

# As the index says it (models/erasures.py).
UNFINISHED = Q(completed_at__isnull=True) | Q(is_certified=False) | Q(has_held=True)
KEPT = (FaceState.CAPTURED, FaceState.ENROLLED, FaceState.SUSPENDED)


def sweep_erasures() -> int:
    """Give every property its turn; return how many erasures were sent again."""
    sent = 0
    for tenant_id in in_turn(list(Property.objects.order_by("pk").values_list("pk", flat=True))):
        try:
            sent += sweep_property(tenant_id)
        except Exception:
            logger.exception("The erasure sweep of property %s failed.", tenant_id)
    return sent


def in_turn(rows: Sequence[Row], *, now: datetime | None = None) -> list[Row]:
    """Return these beginning with another one each minute: who is last today is not last always."""
    if not rows:
        return []
    first = int((now or timezone.now()).timestamp() // 60) % len(rows)
    return [*rows[first:], *rows[:first]]


def sweep_property(tenant_id: uuid.UUID) -> int:
    """Do what is due in one property; return how many erasures were sent again. Mail leaves after the commit."""
    now = timezone.now()
    with tenant_context(tenant_id):
        _end_where_no_door_is_left(tenant_id, now)
        if not Erasure.objects.filter(UNFINISHED, tenant=tenant_id).exists():
            return 0
        sent = _try_again(tenant_id, now)
        _certify(tenant_id, now)
        _go_on_after_holds(tenant_id, now)
        letters = telling.letters(tenant_id=tenant_id, now=now)
    if letters:
        telling.send(letters, tenant_id=tenant_id)
    return sent


def _try_again(tenant_id: uuid.UUID, now: datetime) -> int:
    first = timedelta(seconds=settings.ERASURE_RESEND_SECONDS)
    due = Erasure.objects.filter(tenant=tenant_id, completed_at__isnull=True)
    due = due.filter(Q(next_try_at__isnull=True) | Q(next_try_at__lte=now)).order_by("next_try_at")
    rows = list(due.select_for_update(skip_locked=True, of=("self",))[:SLICE])
    for erasure in rows:
        erasure.next_try_at = now + pause(tries=erasure.tries, first=first)
        erasure.tries = min(erasure.tries + 1, 30_000)
        tasks.send_erase(erasure)
    Erasure.objects.bulk_update(rows, ["next_try_at", "tries"])
    return len(rows)


def _certify(tenant_id: uuid.UUID, now: datetime) -> None:
    """Ask again for certificates whose task was lost: first those that were not asked for the longest."""
    before = now - timedelta(seconds=settings.ERASURE_RESEND_SECONDS)
    waiting = Erasure.objects.filter(tenant=tenant_id, is_certified=False, completed_at__lte=before)
    rows = list(waiting.order_by("next_try_at")[:SLICE])
    for erasure in rows:
        tasks.send_certify(erasure)
    Erasure.objects.filter(pk__in=[erasure.pk for erasure in rows]).update(next_try_at=_last(now))


def _last(now: datetime) -> datetime:
    """Return a time behind that of every other order: none is put off for longer than the longest pause."""
    return now + LONGEST_PAUSE * timedelta(seconds=settings.ERASURE_RESEND_SECONDS)


def _go_on_after_holds(tenant_id: uuid.UUID, now: datetime) -> None:
    """Order anew what a hold kept, once no hold keeps it: an order of its own, with its own certificate.

    What is still held is not looked at, however much it is. One that fails comes last from then on.
    """
    rows = _kept_no_longer(tenant_id).select_related("person", "tenant").order_by("next_try_at")
    for erasure in rows.select_for_update(skip_locked=True, of=("self",))[:SLICE]:
        try:
            with transaction.atomic():
                order_erasure(tenant=erasure.tenant, person=erasure.person, reason=erasure.reason, scope=erasure.scope)
                erasure.has_held = False
                erasure.save(update_fields=["has_held"])
        except Exception:
            logger.exception("What a hold kept back of erasure %s could not be ordered anew.", erasure.pk)
            Erasure.objects.filter(pk=erasure.pk).update(next_try_at=_last(now))


def _kept_no_longer(tenant_id: uuid.UUID) -> QuerySet[Erasure]:
    """Return the orders of which a hold kept something, and none keeps any of it now."""
    rows = Erasure.objects.filter(tenant=tenant_id, has_held=True)
    for kind in HoldKind:
        is_all_held, people = holds.held_people(tenant=Property(pk=tenant_id), kind=kind)
        stores = [store for store, whose in holds.STORES.items() if whose == kind]
        kept = ErasureReceipt.objects.filter(erasure=OuterRef("pk"), remaining__gt=0, store__in=stores)
        if is_all_held or people:
            rows = rows.exclude(Exists(kept) if is_all_held else Q(Exists(kept), person__in=people))
    return rows


def _end_where_no_door_is_left(tenant_id: uuid.UUID, now: datetime) -> None:
    """Order the erasure of the faces of a property whose last device was retired a grace ago (Measures Art 4, 9).

    A device is replaced within days; where none comes, there is no purpose left that a face could serve. One query
    where devices are in use.
    """
    retired = Q(state=DeviceState.RETIRED)
    found = Device.objects.filter(tenant=tenant_id).aggregate(
        others=Count("pk", filter=~retired), last=Max("state_changed_at", filter=retired)
    )
    if found["others"] or found["last"] is None or now - found["last"] < GRACE:
        return
    faces = Person.objects.filter(tenant=tenant_id, face_state__in=KEPT).order_by("pk").values_list("pk", flat=True)
    reasons = dict.fromkeys(faces[:SLICE], ErasureReason.DOOR_REMOVED)
    if reasons:
        order_erasures(tenant=Property.objects.select_related("handler").get(pk=tenant_id), reasons=reasons)
