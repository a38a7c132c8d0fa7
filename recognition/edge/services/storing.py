"""Put sealed templates into the queues of terminals (portal mode). What is sealed was made by the face worker."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet

from recognition.edge import order_rules
from recognition.edge.kinds import CopyState, OrderKind
from recognition.edge.models import DeviceCopy, DeviceKey, DeviceOrder
from recognition.edge.services import copies, queue
from tenants.organizations.models import Property
from tenants.premises.kinds import DeviceState


@dataclass(frozen=True)
class Sealed:
    """One person's templates for one terminal: `count` rows of `dimension` float32, sealed to `key`."""

    key: DeviceKey
    person_id: uuid.UUID
    model_version: str
    dimension: int
    count: int
    sealed: bytes = field(repr=False)

    @property
    def pair(self) -> tuple[uuid.UUID, uuid.UUID]:
        return self.key.device_id, self.person_id


def takers(*, tenant: Property, model_version: str = "") -> QuerySet[DeviceKey]:
    """Return the living keys of the terminals that may be given templates: active, and not about to delete everybody.

    With a model version only those that run this model, or have not said which: models are never mixed.
    """
    keys = DeviceKey.objects.filter(tenant=tenant, revoked_at__isnull=True, device__state=DeviceState.ACTIVE)
    if model_version:
        unknown = Q(device__report__isnull=True) | Q(device__report__model_version="")
        keys = keys.filter(unknown | Q(device__report__model_version=model_version))
    return keys.exclude(device__in=queue.devices_being_wiped(tenant_id=tenant.pk)).select_related("device__report")


def model_of(key: DeviceKey) -> str:
    """Return which model a terminal of `takers` runs, empty when it has not said."""
    report = getattr(key.device, "report", None)  # reverse one-to-one: absent until the first report
    return report.model_version if report else ""


def holders(*, device_id: uuid.UUID | OuterRef, model_version: str) -> QuerySet[DeviceCopy]:
    """Return the copies of this model that a terminal holds or that are on their way to it."""
    held = (CopyState.WANTED, *order_rules.HELD_STATES)
    return DeviceCopy.objects.filter(device=device_id, state__in=held, model_version=model_version)


@transaction.atomic
def store(*, tenant: Property, work: Sequence[Sealed]) -> int:
    """Order terminals to keep what was sealed to them, in place of earlier work about the same people.

    The people are locked. What was sealed to a key that was replaced meanwhile, or to a terminal that stopped, is
    dropped: whoever replaced it has it sealed anew. Returns how many orders went out.
    """
    if not work:
        return 0
    queue.hold_queue(tenant_id=tenant.pk)
    living = set(takers(tenant=tenant).values_list("pk", flat=True))
    good = {one.pair: one for one in work if one.key.pk in living}
    if not good:
        return 0
    rows = copies.known(tenant_id=tenant.pk, pairs=good)
    devices, people = {pair[0] for pair in good}, {pair[1] for pair in good}
    under_way = queue.open_orders().filter(device__in=devices, person__in=people)
    queue.take_back([order for order in under_way if (order.device_id, order.person_id) in good])
    states: dict[DeviceCopy, CopyState] = {}
    for pair, copy in rows.items():
        # Whether an earlier order was fetched makes no difference to one that brings a face.
        states[copy] = order_rules.after_order(kind=OrderKind.STORE, state=CopyState(copy.state), was_sent=False)
        copy.model_version = good[pair].model_version
    copies.become(states)
    orders = [
        DeviceOrder(
            tenant=tenant,
            device_id=one.key.device_id,
            person_id=one.person_id,
            kind=OrderKind.STORE,
            model_version=one.model_version,
            dimension=one.dimension,
            count=one.count,
            sealed=one.sealed,
        )
        for one in good.values()
    ]
    return len(queue.put(orders))
