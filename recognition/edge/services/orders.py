"""What terminals are asked to do about a face that lives elsewhere: stop using it, use it again, delete it."""

from django.db import transaction

from recognition.edge import order_rules
from recognition.edge.kinds import CopyState, OrderKind
from recognition.edge.models import DeviceCopy, DeviceOrder
from recognition.edge.services import copies, queue
from tenants.people.models import Person
from tenants.premises.models import Device


@transaction.atomic
def suspend(*, person: Person) -> int:
    """Have every terminal that may hold this face stop using it; return how many orders went out.

    What nobody has fetched is taken back: a face that is not to be used goes nowhere. The person is locked.
    """
    return _follow(person, OrderKind.SUSPEND)


@transaction.atomic
def resume(*, person: Person) -> int:
    """Have every terminal that holds this face use it again; return how many orders went out. The person is locked."""
    return _follow(person, OrderKind.RESUME)


@transaction.atomic
def delete(*, person: Person, device: Device | None = None) -> int:
    """Order the deletion of a face at every terminal that may hold it, or at one; return how many orders went out.

    What nobody has fetched is gone at once; from the commit no terminal can fetch it. An order under way stays
    as it is. The person is locked.
    """
    return _follow(person, OrderKind.DELETE, device=device)


@transaction.atomic
def wipe(*, device: Device, is_certain: bool = False) -> DeviceOrder | None:
    """Have a terminal delete everybody, in place of all its other work; None when it can hold nobody.

    `is_certain` orders it also when nothing is known to lie there. The device is locked.
    """
    queue.hold_queue(tenant_id=device.tenant_id)
    under_way = list(queue.open_orders().filter(device=device))
    if order := next((order for order in under_way if order.kind == OrderKind.WIPE), None):
        return order
    held = list(copies.of_device(device=device))
    fetched = queue.fetched_faces(copies=held)
    states = {
        copy: order_rules.after_order(
            kind=OrderKind.WIPE,
            state=CopyState(copy.state),
            was_sent=(copy.device_id, copy.person_id) in fetched,
        )
        for copy in held
    }
    queue.take_back(under_way)
    copies.become(states)
    if not is_certain and CopyState.DELETING not in states.values():
        return None
    [order] = queue.put([DeviceOrder(tenant_id=device.tenant_id, device=device, kind=OrderKind.WIPE)])
    return order


@transaction.atomic
def ask_for_new_keys(*, device: Device) -> DeviceOrder:
    """Order a terminal to make new keys (docs/device-protocol.md, 7)."""
    queue.hold_queue(tenant_id=device.tenant_id)
    [order] = queue.put([DeviceOrder(tenant_id=device.tenant_id, device=device, kind=OrderKind.ROTATE)])
    return order


def _follow(person: Person, kind: OrderKind, *, device: Device | None = None) -> int:
    queue.hold_queue(tenant_id=person.tenant_id)
    held = copies.living(person=person)
    held_here = list(held.filter(device=device) if device else held)
    if not held_here:
        return 0
    fetched = queue.fetched_faces(copies=held_here)
    under_way: dict[object, list[DeviceOrder]] = {copy.device_id: [] for copy in held_here}
    for order in queue.open_orders().filter(person=person, device__in=list(under_way)).order_by("number"):
        under_way[order.device_id].append(order)
    wiped = queue.devices_being_wiped(tenant_id=person.tenant_id)
    new, overtaken, states = [], [], {}
    for copy in held_here:
        was_sent = (copy.device_id, copy.person_id) in fetched
        if copy.device_id in wiped:
            continue  # the terminal is to delete everybody, and is asked for nothing else before
        wanted, stays = _next(kind, copy, under_way[copy.device_id], was_sent=was_sent)
        overtaken += [order for order in under_way[copy.device_id] if order is not stays]
        states[copy] = order_rules.after_order(kind=wanted or kind, state=CopyState(copy.state), was_sent=was_sent)
        if any(order.kind == OrderKind.STORE for order in under_way[copy.device_id]):
            copy.model_version = ""  # what was on its way does not arrive: it is sealed anew when it may be used
        if wanted is not None:
            new.append(DeviceOrder(tenant_id=person.tenant_id, device_id=copy.device_id, person=person, kind=wanted))
    queue.take_back(overtaken)
    copies.become(states)
    return len(queue.put(new))


def _next(
    kind: OrderKind, copy: DeviceCopy, under_way: list[DeviceOrder], *, was_sent: bool
) -> tuple[OrderKind | None, DeviceOrder | None]:
    """Return what is ordered about a copy, None for nothing, and the order under way that stays in force."""
    same = next((order for order in under_way if order.kind == kind), None)
    if same is not None and under_way[-1] is same:
        return None, same
    if not order_rules.may_be_there(state=CopyState(copy.state), was_sent=was_sent):
        return None, None
    if kind != OrderKind.DELETE and copy.state == CopyState.DELETING:
        return None, under_way[-1] if under_way else None
    is_being_taken = any(order.kind == OrderKind.ENROL for order in under_way)
    if kind == OrderKind.SUSPEND and is_being_taken and copy.state == CopyState.WANTED:
        # A terminal takes no notice of `suspend` while it waits for somebody; a deletion ends that.
        return OrderKind.DELETE, None
    return kind, None
