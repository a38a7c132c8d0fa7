"""What happened at a door: pseudonymous, and without anything of the face or of a pass's number."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.models import Person
from tenants.premises.kinds import DeviceMode, MethodKind
from tenants.premises.models import Device


class DoorEvent(TenantOwned):
    """One answer to a door. A non-match names nobody; the second retention clock deletes the row."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+", verbose_name=_("device"))
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    method = models.CharField(_("Method"), max_length=10, choices=MethodKind, default=MethodKind.FACE)
    mode = models.CharField(_("Mode"), max_length=10, choices=DeviceMode, blank=True)  # empty for a pass
    is_allowed = models.BooleanField(_("Allowed"))
    rule = models.CharField(_("Rule"), max_length=60)
    at = models.DateTimeField(_("At"), db_index=True)
    # The terminal's own id of an event that it reported afterwards; empty for an answer that was given here.
    reported = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("door event")
        verbose_name_plural = _("door events")
        indexes = [models.Index(fields=["tenant", "at"], name="event_of_property")]
        constraints = [models.UniqueConstraint(fields=["device", "reported"], name="event_reported_once")]
