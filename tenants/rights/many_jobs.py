"""Empty the stores of many ended faces of one property at once: what `jobs.erase` does for each, in few queries.

A slice is one transaction, with the receipts of each person; one that dies is done again, one that fails is left to
`jobs.erase`, which the sweep calls for every open order after a minute. Two workers take the same order one after the
other: the rows are locked in their order.
"""

import copy
import logging
import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
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
    """Empty the stores of this role for the oldest open orders that have no receipt of it yet; return how many."""
    wanted = stores.stores_for(ErasureScope.FACE)
    mine = [store for store in wanted if store.runs_as == runs_as]
    with tenant_context(tenant_id):
        said = ErasureReceipt.objects.filter(erasure=OuterRef("pk"), store__in=[store.name for store in mine])
        fresh = _open(tenant_id).filter(~Exists(said))
        # The person before the order, as whoever orders does; who is busy now comes with a later slice.
        waiting = list(fresh.values_list("person_id", flat=True)[:SLICE])
        rows = Person.objects.filter(pk__in=waiting).order_by("pk").select_for_update(skip_locked=True)
        free = list(rows.values_list("pk", flat=True))
        theirs = fresh.filter(person__in=free).select_related("person")
        erasures = list(theirs.select_for_update(of=("self",))[:SLICE])
        if not erasures:
            return 0
        for store in mine:
            try:
                with transaction.atomic():
                    _empty(store, erasures)
            except Exception:
                logger.exception("The store %s could not be emptied for property %s.", store.name, tenant_id)
        _complete(tenant_id, erasures, count=len(wanted))
        return len(erasures)


def _open(tenant_id: uuid.UUID) -> QuerySet[Erasure]:
    rows = Erasure.objects.filter(tenant=tenant_id, completed_at__isnull=True, scope=ErasureScope.FACE)
    return rows.order_by("ordered_at", "pk")


def _empty(store: stores.PersonalDataStore, erasures: Sequence[Erasure]) -> None:
    """Empty one store and write a receipt for everybody of whom nothing is left. Faces are never held (PIPL 47)."""
    people = [erasure.person for erasure in erasures]
    if isinstance(store, stores.ManyStore):
        erased: Mapping[uuid.UUID, int] = store.erase_many(people)
        left = store.holding(people)
    else:
        erased = {person.pk: store.erase(person) for person in people}
        left = {person.pk for person in people if store.count(person)}
    now = timezone.now()
    receipts = [
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
    ErasureReceipt.objects.bulk_create(receipts)
    log_created(rows=receipts)


def _complete(tenant_id: uuid.UUID, erasures: Sequence[Erasure], *, count: int) -> None:
    """Close the orders whose receipts are all in. Whoever agreed anew meanwhile is left to `jobs.erase`."""
    rows = Erasure.objects.filter(pk__in=[erasure.pk for erasure in erasures]).annotate(said=Count("receipts"))
    done = set(rows.filter(said=count).values_list("pk", flat=True))
    closing = {erasure.person_id: erasure for erasure in erasures if erasure.pk in done}
    locked = Person.objects.filter(pk__in=list(closing)).order_by("pk").select_for_update(of=("self",))
    list(locked.values_list("pk"))
    anew = Consent.objects.filter(
        person=OuterRef("pk"), decision=ConsentDecision.AGREE, decided_at__gt=OuterRef("face_ended_at")
    )
    others = Erasure.objects.filter(person=OuterRef("pk"), completed_at__isnull=True).exclude(pk__in=done)
    rest = Person.objects.filter(pk__in=list(closing), face_state=FaceState.ERASING)
    people = list(rest.filter(~Exists(anew), ~Exists(others)))
    ends = [closing.pop(person.pk) for person in people]
    _close(ends)
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
