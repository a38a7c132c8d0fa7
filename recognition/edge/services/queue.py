"""The queue of work of each terminal: put in, taken back, fetched. Rows are written here and in `receipts` alone."""

import uuid
from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from recognition.edge import order_rules
from recognition.edge.kinds import OPEN_ORDERS, CopyState, OrderKind, OrderState
from recognition.edge.models import DeviceCopy, DeviceKey, DeviceOrder
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device
from tenants.rights.ledger import forgotten

# What ends the use of a face, or says nothing of one: safe for anybody.
TAKES_AWAY = (OrderKind.SUSPEND, OrderKind.DELETE, OrderKind.WIPE, OrderKind.ROTATE)


def hold_queue(*, tenant_id: uuid.UUID) -> None:
    """Let changes of one property's orders and copies happen one after the other, until the end of the transaction.

    After every row that is locked (people, devices), and before any order or copy is read: numbers then grow as they
    commit, and a terminal never sees a later one before an earlier one. Twice changes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"orders:{tenant_id}"])


def put(orders: Sequence[DeviceOrder]) -> list[DeviceOrder]:
    """Give orders their numbers and write them down. The queue is held. Two queries, whatever the number."""
    if not orders:
        return []
    latest = DeviceOrder.objects.filter(device=OuterRef("pk")).order_by("-number").values("number")[:1]
    devices = Device.objects.filter(pk__in={order.device_id for order in orders})
    last = {pk: number or 0 for pk, number in devices.values_list("pk", Subquery(latest))}
    now = timezone.now()
    for order in orders:
        last[order.device_id] += 1
        order.number, order.created_at = last[order.device_id], now
    return DeviceOrder.objects.bulk_create(orders)


def take_back(orders: Iterable[DeviceOrder]) -> None:
    """Cancel open orders that a later one has overtaken; nothing sealed outlives them. The queue is held. One query."""
    DeviceOrder.objects.filter(pk__in=[order.pk for order in orders], state__in=OPEN_ORDERS).update(
        state=OrderState.CANCELLED, sealed=None, finished_at=timezone.now()
    )


def open_orders() -> QuerySet[DeviceOrder]:
    """Return what waits or was fetched, without what is sealed in it."""
    return DeviceOrder.objects.filter(state__in=OPEN_ORDERS).defer("sealed")


def devices_being_wiped(*, tenant_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the devices that are to delete everybody: nothing else is asked of them until they have."""
    rows = DeviceOrder.objects.filter(tenant_id=tenant_id, kind=OrderKind.WIPE, state__in=OPEN_ORDERS)
    return set(rows.values_list("device_id", flat=True))


def fetched_faces(*, copies: Iterable[DeviceCopy]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Return (device, person) of those wanted copies for which an order that brings a face was fetched. One query."""
    wanted = {(copy.device_id, copy.person_id): copy.since for copy in copies if copy.state == CopyState.WANTED}
    if not wanted:
        return set()
    rows = DeviceOrder.objects.filter(
        device__in={device for device, _person in wanted},
        person__in={person for _device, person in wanted},
        kind__in=order_rules.BRINGS_A_FACE,
        sent_at__isnull=False,
        created_at__gte=min(wanted.values()),
    )
    sent = rows.values_list("device_id", "person_id", "created_at")
    return {
        (device, person)
        for device, person, created_at in sent
        if (device, person) in wanted and created_at >= wanted[device, person]
    }


@transaction.atomic
def take_back_sealed(*, device: Device) -> int:
    """Take back every sealed template that still waits for a terminal; return how many.

    The device is locked. Their copies count as outdated, so that the face worker seals them anew.
    """
    hold_queue(tenant_id=device.tenant_id)
    orders = list(open_orders().filter(device=device, kind=OrderKind.STORE))
    if not orders:
        return 0
    take_back(orders)
    DeviceCopy.objects.filter(device=device, person__in=[order.person_id for order in orders]).update(model_version="")
    return len(orders)


@transaction.atomic
def fetch(*, device: Device, key: DeviceKey, after: int = 0) -> tuple[list[DeviceOrder], bool]:
    """Return a terminal's next orders after a number, ascending, and whether there are more; they are sent from now on.

    The queue is held: what an erasure has overtaken by its commit is never among them. One that is stopped is given no
    template: no face goes where none may be. Nothing is said of somebody whose erasure this database has forgotten
    (tenants/rights/ledger.py) but that the face is to go. `key` is the terminal's own.
    """
    hold_queue(tenant_id=device.tenant_id)
    _catch_up(device, after)
    # Asked here and not for each of the many that stop together: one that asks for nothing is given nothing.
    if not Device.objects.filter(pk=device.pk, state=DeviceState.ACTIVE).exists():
        take_back_sealed(device=device)
    now = timezone.now()
    rows = DeviceOrder.objects.filter(device=device, state__in=OPEN_ORDERS, number__gt=after)
    rows = rows.exclude(kind=OrderKind.ENROL, until__lte=now, state=OrderState.WAITING).order_by("number")
    found = list(rows[: order_rules.BATCH + 1])
    given = found[: order_rules.BATCH]
    erased = forgotten({order.person_id for order in given if order.kind not in TAKES_AWAY and order.person_id})
    given = [order for order in given if order.person_id not in erased or order.kind in TAKES_AWAY]
    fresh = [order.pk for order in given if order.state == OrderState.WAITING]
    DeviceOrder.objects.filter(pk__in=fresh).update(state=OrderState.SENT, sent_at=now, key=key)
    return given, len(found) > order_rules.BATCH


def _catch_up(device: Device, after: int) -> None:
    """Give new numbers to what a terminal would never ask for. The queue is held.

    It asks for what comes after the last it did. Where something waits before that, the database was restored from an
    older backup and counts from there again. What was fetched and not confirmed has lost its receipt and is done anew.
    """
    rows = open_orders().filter(device=device, number__lte=after)
    waiting = rows.filter(state=OrderState.WAITING)
    # An `enrol` whose time is over is given to nobody and waits to be called off; that is no sign.
    if not waiting.exclude(kind=OrderKind.ENROL, until__lte=timezone.now()).exists():
        return
    lost = list(rows.exclude(kind=OrderKind.ENROL, state=OrderState.SENT).order_by("number"))
    latest = DeviceOrder.objects.filter(device=device).order_by("-number").values_list("number", flat=True)[0]
    for number, order in enumerate(lost, start=max(latest, after) + 1):
        DeviceOrder.objects.filter(pk=order.pk).update(number=number, state=OrderState.WAITING)
