"""What speaks for a stolen or copied key, counted by the hour so that nobody can fill the table."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from recognition.edge.kinds import AlarmKind
from tenants.organizations.scoping import TenantOwned
from tenants.premises.models import Device


class DeviceAlarm(TenantOwned):
    """One kind of attempt within one hour. `device` is empty when the key named none of this property."""

    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, blank=True, related_name="alarms", verbose_name=_("device")
    )
    kind = models.CharField(_("What happened"), max_length=20, choices=AlarmKind)
    hour = models.DateTimeField()  # the beginning of the hour
    count = models.PositiveIntegerField(_("How often"), default=1)
    address = models.CharField(_("Network address"), max_length=45, blank=True)  # of the last one
    first_at = models.DateTimeField(_("First"))
    last_at = models.DateTimeField(_("Last"))

    class Meta:
        ordering = ["-last_at"]
        verbose_name = _("alarm of a terminal")
        verbose_name_plural = _("alarms of terminals")
        indexes = [models.Index(fields=["tenant", "last_at"], name="alarm_of_property")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "device", "kind", "hour"], name="one_alarm_per_hour", nulls_distinct=False
            )
        ]
