"""What a terminal is asked to do, what it answered, and which faces it holds."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recognition.edge.kinds import CopyState, OrderKind, OrderState
from tenants.organizations.scoping import TenantOwned
from tenants.people.models import Person
from tenants.premises.models import Device


class DeviceOrder(TenantOwned):
    """One piece of work. Its receipt, signed by the terminal, is evidence and stays; `sealed` goes with the answer."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="orders", verbose_name=_("device"))
    number = models.PositiveBigIntegerField(_("Number"))  # grows per device
    kind = models.CharField(_("Order"), max_length=10, choices=OrderKind)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("State"), max_length=10, choices=OrderState, default=OrderState.WAITING)
    reason = models.CharField(_("Reason"), max_length=60, blank=True)
    model_version = models.CharField(_("Model"), max_length=120, blank=True)
    dimension = models.PositiveIntegerField(default=0)
    count = models.PositiveSmallIntegerField(default=0)
    sealed = models.BinaryField(null=True, blank=True)  # HPKE to the terminal's sealing key
    until = models.DateTimeField(_("Until"), null=True, blank=True)  # of an `enrol` that nobody came for
    requested_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # the member who had an `enrol` ordered; empty for the person, and for what follows by itself
    created_at = models.DateTimeField(_("Ordered"))
    sent_at = models.DateTimeField(_("Fetched"), null=True, blank=True)
    finished_at = models.DateTimeField(_("Finished"), null=True, blank=True)
    key = models.ForeignKey("edge.DeviceKey", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    receipt = models.TextField(blank=True)
    signature = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering = ["device", "number"]
        verbose_name = _("order to a terminal")
        verbose_name_plural = _("orders to terminals")
        indexes = [models.Index(fields=["device", "state", "number"]), models.Index(fields=["person", "kind"])]
        constraints = [
            models.UniqueConstraint(fields=["device", "number"], name="device_order_number_once"),
            models.CheckConstraint(
                condition=Q(sealed__isnull=True) | Q(kind=OrderKind.STORE, state__in=["waiting", "sent"]),
                name="nothing_sealed_outlives_its_order",
            ),
        ]


class DeviceCopy(TenantOwned):
    """Whether one terminal holds one person's face. The portal knows that it does, and not the face."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="copies", verbose_name=_("device"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="copies", verbose_name=_("person"))
    state = models.CharField(_("State"), max_length=10, choices=CopyState, default=CopyState.WANTED)
    handle = models.CharField(_("The terminal's own name for it"), max_length=80, blank=True)
    model_version = models.CharField(_("Model"), max_length=120, blank=True)
    since = models.DateTimeField(_("Since"))
    # When its terminal was declared lost while it held this face; it stays although the terminal came back.
    lost_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["device", "person"]
        verbose_name = _("face on a terminal")
        verbose_name_plural = _("faces on terminals")
        constraints = [models.UniqueConstraint(fields=["device", "person"], name="one_copy_per_device_and_person")]
