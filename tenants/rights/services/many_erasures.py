"""Order the erasure of many faces of one property whose time is over: what `order_erasure` does, in few queries.

Each person has an order of their own, with its entry in the audit log, and evidence of when the gate said no; nobody
else's row is touched. Only for faces: what a person asked for is ordered one by one.
"""

import uuid
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tenants.clearance import evidence
from tenants.clearance.services import check_people
from tenants.organizations.audit import log_created
from tenants.organizations.models import Property
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.people.rules.consents import TRANSITIONS
from tenants.people.services.faces import end_faces
from tenants.rights import ledger, stores, tasks
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.models import Erasure

FEW = 20
_CAN_END = [state for state, targets in TRANSITIONS.items() if FaceState.ERASING in targets]


@transaction.atomic
def order_erasures(*, tenant: Property, reasons: Mapping[uuid.UUID, ErasureReason]) -> list[Erasure]:
    """Destroy these people's keys, move the gallery on once, and write an order for each, in one transaction.

    `reasons` is by the person's id. Whoever is locked by somebody else just now, or has an order under way, is left
    out: the next sweep finds them. A constant number of queries.
    """
    rows = Person.objects.filter(tenant=tenant, pk__in=list(reasons), face_state__in=_CAN_END)
    locked = list(rows.order_by("pk").select_for_update(of=("self",), skip_locked=True))
    open_orders = Erasure.objects.filter(person__in=locked, completed_at__isnull=True)
    under_way = set(open_orders.values_list("person_id", flat=True))
    people = [person for person in locked if person.pk not in under_way]
    if not people:
        return []
    destroyed, now = stores.revoke_many(tenant=tenant, people=people), timezone.now()
    orders = [
        Erasure(
            tenant=tenant,
            person=person,
            reason=reasons[person.pk],
            scope=ErasureScope.FACE,
            ordered_at=now,
            next_try_at=now + timedelta(seconds=settings.ERASURE_RESEND_SECONDS),
            keys_destroyed=destroyed[person.pk],
        )
        for person in people
    ]
    Erasure.objects.bulk_create(orders)
    log_created(rows=orders)
    end_faces(people=people)
    # Whoever asks about this day is told when the gate said no, and not only that it had said yes before.
    checked = check_people(tenant=tenant, people=Person.objects.filter(pk__in=[person.pk for person in people]))
    evidence.keep_all([(person, checks) for person, checks in checked])
    ledger.note(orders[0])  # which writes every order of this transaction
    if len(orders) > FEW:
        tasks.send_empty(tenant_id=tenant.pk)  # two messages, however many orders
        return orders
    for order in orders:
        tasks.send_erase(order)
    return orders
