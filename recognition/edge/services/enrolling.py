"""Have a face taken at a terminal that keeps it itself (Measures Art 8): ordered here, confirmed by its receipt."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recognition.edge import order_rules
from recognition.edge.kinds import CopyState, OrderKind, OrderState
from recognition.edge.models import DeviceKey, DeviceOrder
from recognition.edge.services import copies, orders, queue
from tenants.clearance.checks import blockers
from tenants.clearance.services import check_device, require_enrollment
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property, User
from tenants.organizations.scoping import require_same_tenant
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.people.services.persons import move_face
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device

# How long after its time a terminal that fetched the order may still say how it ended.
ANSWER_WITHIN = timedelta(hours=24)
# In these a face may be taken, for the first terminal or for one more.
BEFORE_A_FACE = (FaceState.CONSENTED, FaceState.CAPTURED)
TAKABLE = (*BEFORE_A_FACE, FaceState.ENROLLED)


@transaction.atomic
def order_enrolment(
    *, tenant: Property, person: Person, device: Device, requested_by: User | None = None
) -> DeviceOrder:
    """Have a terminal take the face of a person who stands before it within 72 hours; nothing of the face comes here.

    An earlier order for the same person there is taken back. Raises ValidationError: `in_portal` where faces are kept
    in this portal, `not_paired` and `not_active` about the device, `wrong_state` while a face is being erased, and
    every blocker when the law or the person does not say yes.
    """
    require_same_tenant(tenant, person, device)
    if tenant.storage_mode != StorageMode.ON_DEVICE:
        raise ValidationError(_("Here faces are kept in this portal. Send a photo instead."), code="in_portal")
    person = Person.objects.select_for_update().get(pk=person.pk)
    require_enrollment(person)
    if person.face_state not in TAKABLE:
        raise ValidationError(
            _("A face that is “%(state)s” cannot be taken now."),
            code="wrong_state",
            params={"state": person.get_face_state_display()},
        )
    _require(device)
    queue.hold_queue(tenant_id=tenant.pk)
    if device.pk in queue.devices_being_wiped(tenant_id=tenant.pk):
        raise ValidationError(_("This terminal is deleting all faces. Wait until it has confirmed."), code="wiping")
    queue.take_back(queue.open_orders().filter(device=device, person=person))
    [copy] = copies.known(tenant_id=tenant.pk, pairs=[(device.pk, person.pk)]).values()
    state = order_rules.after_order(kind=OrderKind.ENROL, state=CopyState(copy.state), was_sent=False)
    copies.become({copy: state})
    until = timezone.now() + order_rules.ENROL_FOR
    order = DeviceOrder(
        tenant=tenant, device=device, person=person, kind=OrderKind.ENROL, until=until, requested_by=requested_by
    )
    queue.put([order])
    if person.face_state == FaceState.CONSENTED:
        move_face(person=person, target=FaceState.CAPTURED)
    return order


def terminals(*, tenant: Property) -> list[Device]:
    """Return the active terminals that are paired, in the order of their names."""
    paired = DeviceKey.objects.filter(tenant=tenant, revoked_at__isnull=True).values("device")
    rows = Device.objects.filter(tenant=tenant, state=DeviceState.ACTIVE, pk__in=paired)
    return list(rows.select_related("access_point").order_by("name"))


@transaction.atomic
def expire(*, person: Person, now: datetime) -> Person:
    """Call off what nobody came for in time, of a locked person. What a terminal fetched it is also told to forget.

    Somebody whose face lies on no terminal any more is where they were before it was taken.
    """
    queue.hold_queue(tenant_id=person.tenant_id)
    late = queue.open_orders().filter(person=person, kind=OrderKind.ENROL, until__lte=now)
    for order in late.exclude(state=OrderState.SENT, until__gt=now - ANSWER_WITHIN).select_related("device"):
        [copy] = copies.known(tenant_id=person.tenant_id, pairs=[(order.device_id, person.pk)]).values()
        queue.take_back([order])
        if copy.state == CopyState.WANTED:
            orders.delete(person=person, device=order.device)
    return _let_go(put_back(person=person))


def put_back(*, person: Person) -> Person:
    """Let a locked person whose face no terminal is to take any more be where they were before it was ordered."""
    if person.face_state != FaceState.CAPTURED:
        return person
    if queue.open_orders().filter(person=person, kind=OrderKind.ENROL).exists():
        return person
    return move_face(person=person, target=FaceState.CONSENTED)


def _let_go(person: Person) -> Person:
    """Say of a locked person whose face lies on no terminal any more that there is none; it may be taken again.

    So it is when the terminal that held it was paired anew, lost it, or was retired.
    """
    if person.face_state != FaceState.ENROLLED or person.face_stored != StorageMode.ON_DEVICE:
        return person
    if copies.living(person=person).exists():
        return person
    return move_face(person=person, target=FaceState.CONSENTED)


def _require(device: Device) -> None:
    if device.state != DeviceState.ACTIVE or blockers(check_device(device)):
        raise ValidationError(_("This device is not active."), code="not_active")
    if not DeviceKey.objects.filter(device=device, revoked_at__isnull=True).exists():
        raise ValidationError(_("This terminal is not paired yet."), code="not_paired")
