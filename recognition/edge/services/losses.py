"""Declare a terminal lost. Its keys stop, and no erasure waits for it any more; what it held counts as lost.

One member declares it with a reason, a second one confirms: a single hand must not turn “not deleted” into “complete”
(PIPL 47, 51). Should it come back, it is paired anew and deletes everybody first.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recognition.edge.kinds import CopyState
from recognition.edge.models import DeviceCopy, DeviceLoss
from recognition.edge.services import answered, copies, ending, keys, queue
from tenants.organizations.changes import facts_changed, hold_facts
from tenants.organizations.models import Property, User
from tenants.organizations.news import NotificationKind
from tenants.organizations.roles import SharedAct
from tenants.organizations.scoping import require_same_tenant
from tenants.organizations.services.notifications import tell
from tenants.organizations.services.separation import require_other_member
from tenants.people.services.persons import lock_together
from tenants.premises.models import Device
from tenants.premises.services import devices


@transaction.atomic
def declare(*, tenant: Property, device: Device, reason: str, actor: User) -> DeviceLoss:
    """Say that a terminal is lost. Nothing changes before a second member has confirmed it.

    Raises ValidationError: without a reason beside `reason`, and when it is declared lost already.
    """
    require_same_tenant(tenant, device)
    hold_facts(tenant=tenant)
    if not reason.strip():
        raise ValidationError({"reason": ValidationError(_("Say what happened to it."), code="required")})
    if open_loss(device=device) is not None:
        raise ValidationError(_("This terminal is declared lost already."), code="declared")
    loss = DeviceLoss(
        tenant=tenant, device=device, reason=reason.strip(), declared_by=actor, declared_at=timezone.now()
    )
    loss.full_clean()
    loss.save()
    tell(tenant=tenant, kind=NotificationKind.LOSS_WAITS, subject=loss, but_not=actor.pk)
    return loss


@transaction.atomic
def confirm(*, tenant: Property, loss: DeviceLoss, actor: User) -> DeviceLoss:
    """Stop a terminal's keys for good and count what it held as lost; erasures that waited for it alone go on.

    A face that no other terminal holds, nor this portal, is erased; the certificate says that this terminal was lost.

    Raises ValidationError for whoever declared it, code `same_member`, and for a loss that is not open, code `over`.
    """
    require_same_tenant(tenant, loss)
    hold_facts(tenant=tenant)
    # Before the device and the queue: whoever's only terminal this was is erased below.
    lock_together(copies.of_device(device=loss.device).values_list("person", flat=True))
    device = devices.stop_for_loss(tenant=tenant, device=loss.device)
    loss = _locked(loss)
    require_other_member(
        tenant=tenant,
        actor=actor,
        began={loss.declared_by_id},
        act=SharedAct.LOSS,
        refusal=_("A second member confirms that a terminal is lost."),
    )
    now = timezone.now()
    loss.confirmed_by, loss.confirmed_at = actor, now
    loss.save()
    keys.revoke(device=device)
    queue.hold_queue(tenant_id=tenant.pk)
    queue.take_back(queue.open_orders().filter(device=device))
    held = list(copies.of_device(device=device))
    copies.become(dict.fromkeys(held, CopyState.LOST))
    DeviceCopy.objects.filter(pk__in=[copy.pk for copy in held]).update(lost_at=now)
    answered.go_on_erasing(tenant_id=tenant.pk, people=[copy.person_id for copy in held])
    ending.end_lost_faces(tenant=tenant)
    facts_changed(tenant=tenant)
    return loss


@transaction.atomic
def take_back(*, tenant: Property, loss: DeviceLoss, actor: User) -> DeviceLoss:
    """Say that a terminal is not lost after all, before it was confirmed. One member is enough.

    Raises ValidationError for a loss that is not open, code `over`.
    """
    require_same_tenant(tenant, loss)
    hold_facts(tenant=tenant)
    loss = _locked(loss)
    loss.taken_back_by, loss.taken_back_at = actor, timezone.now()
    loss.save()
    return loss


def open_loss(*, device: Device) -> DeviceLoss | None:
    """Return the loss of a terminal that was neither taken back nor ended by its return; confirmed or not."""
    rows = DeviceLoss.objects.filter(device=device, taken_back_at__isnull=True, returned_at__isnull=True)
    return rows.select_related("declared_by", "confirmed_by").first()


def came_back(*, device: Device) -> bool:
    """Note that a terminal was paired again, and say whether it had been declared lost. The device is locked."""
    loss = open_loss(device=device)
    if loss is None:
        return False
    if loss.confirmed_at is None:
        loss.taken_back_at = timezone.now()  # it has spoken: there is nothing to confirm
    else:
        loss.returned_at = timezone.now()
    loss.save()
    return loss.confirmed_at is not None


def _locked(loss: DeviceLoss) -> DeviceLoss:
    loss = DeviceLoss.objects.select_for_update(of=("self",)).get(pk=loss.pk)
    if loss.confirmed_at is not None or loss.taken_back_at is not None:
        raise ValidationError(_("This was decided already."), code="over")
    return loss
