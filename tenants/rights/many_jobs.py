"""Empty the stores of many ended faces of one property at once: what `jobs.erase` does for each, in few queries.

A slice is one transaction, with the receipts of each person; one that dies is done again, one that fails is left to
`jobs.erase`, which the sweep calls for every open order after a minute. Two workers take the same order one after the
other: the rows are locked in their order.
"""

import copy
import logging
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from tenants.clearance import evidence
from tenants.clearance.services import check_people
from tenants.organizations.audit import log_changed, log_created
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import ConsentDecision, FaceState
from tenants.people.models import Consent, Person
from tenants.people.services.faces import forget_faces
from tenants.rights import stores, tasks
from tenants.rights.kinds import ErasureScope
from tenants.rights.models import Erasure, ErasureReceipt

logger = logging.getLogger(__name__)
SLICE = 200
CERTIFIED_AT_ONCE = 20


def empty_slice(*, tenant_id: uuid.UUID, runs_as: stores.RunsAs) -> int:
    """Empty the stores of this role for the next open orders that have no receipt of it yet; return how many.

    Fewer than SLICE say that there are no more.
    """
    wanted = stores.stores_for(ErasureScope.FACE)
    mine = [store for store in wanted if store.runs_as == runs_as]
    with tenant_context(tenant_id):
        fresh = _fresh(tenant_id, runs_as, mine)
        # The person before the order, as whoever orders does; who is busy now is left to `jobs.erase`.
        people = Person.objects.filter(pk__in=[person_id for _pk, person_id in fresh]).order_by("pk")
        free = {person.pk: person for person in people.select_for_update(skip_locked=True)}
        theirs = Erasure.objects.filter(pk__in=[pk for pk, _person_id in fresh], person__in=list(free))
        erasures = list(theirs.filter(completed_at=None).order_by("pk").select_for_update(of=("self",)))
        for erasure in erasures:
            erasure.person = free[erasure.person_id]
        receipts = [receipt for store in mine for receipt in _empty(store, erasures)] if erasures else []
        ErasureReceipt.objects.bulk_create(receipts)
        log_created(rows=receipts)
        _complete(tenant_id, erasures, count=len(wanted))
        return len(fresh)


def _fresh(
    tenant_id: uuid.UUID, runs_as: str, mine: Sequence[stores.PersonalDataStore]
) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return the next open orders without a receipt of these stores, each with its person.

    They begin where the last slice ended: whoever is before it has receipts, or failed and is left to `jobs.erase`. So
    thousands of orders are not looked through with every slice, and one slice that fails keeps none from its turn.
    """
    said = ErasureReceipt.objects.filter(erasure=OuterRef("pk"), store__in=[store.name for store in mine])
    rows = Erasure.objects.filter(~Exists(said), tenant=tenant_id, completed_at=None, scope=ErasureScope.FACE)
    key = f"rights.empty.{runs_as}.{tenant_id}"
    if after := cache.get(key):
        rows = rows.filter(next_try_at__gte=after[0]).exclude(next_try_at=after[0], pk__lte=after[1])
    ordered = rows.filter(next_try_at__isnull=False).order_by("next_try_at", "pk")
    found = list(ordered.values_list("pk", "person_id", "next_try_at")[:SLICE])
    last, _person_id, last_at = found[-1] if len(found) == SLICE else (None, None, None)
    if last_at is not None:
        cache.set(key, (last_at.isoformat(), str(last)), timedelta(hours=1).total_seconds())
    else:
        cache.delete(key)
    return [(pk, person_id) for pk, person_id, _at in found]


def _empty(store: stores.PersonalDataStore, erasures: Sequence[Erasure]) -> list[ErasureReceipt]:
    """Empty one store; return a receipt for everybody of whom nothing is left. Faces are never held (PIPL 47)."""
    try:
        with transaction.atomic():
            erased, left = _emptied(store, [erasure.person for erasure in erasures])
    except Exception:
        logger.exception("The store %s could not be emptied for property %s.", store.name, erasures[0].tenant_id)
        return []
    now = timezone.now()
    return [
        ErasureReceipt(
            tenant_id=erasure.tenant_id,
            erasure=erasure,
            store=store.name,
            erased=erased.get(erasure.person_id, 0),
            remaining=0,
            at=now,
        )
        for erasure in erasures
        if erasure.person_id not in left
    ]


def _emptied(
    store: stores.PersonalDataStore, people: Sequence[Person]
) -> tuple[Mapping[uuid.UUID, int], set[uuid.UUID]]:
    """Empty one store; return how many rows went, by the person's id, and of whom something is left."""
    if isinstance(store, stores.ManyStore):
        erased = store.erase_many(people)
        return erased, store.holding(people)
    return {person.pk: store.erase(person) for person in people}, {p.pk for p in people if store.count(p)}


def _complete(tenant_id: uuid.UUID, erasures: Sequence[Erasure], *, count: int) -> None:
    """Close the orders whose receipts are all in. Whoever agreed anew meanwhile is left to `jobs.erase`.

    The people are locked already.
    """
    rows = Erasure.objects.filter(pk__in=[erasure.pk for erasure in erasures]).annotate(said=Count("receipts"))
    done = set(rows.filter(said=count).values_list("pk", flat=True))
    if not done:
        return
    closing = {erasure.person_id: erasure for erasure in erasures if erasure.pk in done}
    anew = Consent.objects.filter(
        person=OuterRef("pk"), decision=ConsentDecision.AGREE, decided_at__gt=OuterRef("face_ended_at")
    )
    others = Erasure.objects.filter(person=OuterRef("pk"), completed_at__isnull=True).exclude(pk__in=done)
    rest = Person.objects.filter(pk__in=list(closing), face_state=FaceState.ERASING)
    people = list(rest.filter(~Exists(anew), ~Exists(others)))
    _close([closing.pop(person.pk) for person in people])
    forget_faces(people=people)
    tenant = Property(pk=tenant_id)
    evidence.keep_all(check_people(tenant=tenant, people=Person.objects.filter(pk__in=[one.pk for one in people])))
    for erasure in closing.values():
        tasks.send_erase(erasure)


def _close(erasures: Sequence[Erasure]) -> None:
    now, pairs = timezone.now(), []
    for erasure in erasures:
        was = copy.copy(erasure)
        erasure.completed_at = now
        pairs.append((was, erasure))
    Erasure.objects.filter(pk__in=[erasure.pk for erasure in erasures]).update(completed_at=now, has_held=False)
    log_changed(pairs=pairs)
    for erasure in erasures[:CERTIFIED_AT_ONCE]:
        tasks.send_certify(erasure)  # the sweep has the others done, some hundreds a minute
