"""What a terminal last said of itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.premises.models import Device


class DeviceReport(TenantOwned):
    """The last report of a terminal. Another algorithm than the declared one makes the assessment stale (Art 9)."""

    device = models.OneToOneField(Device, on_delete=models.PROTECT, related_name="report", verbose_name=_("device"))
    firmware = models.CharField(_("Firmware"), max_length=40, blank=True)
    algorithm = models.CharField(_("Algorithm"), max_length=80, blank=True)
    algorithm_version = models.CharField(_("Version of the algorithm"), max_length=40, blank=True)
    model_version = models.CharField(_("Model"), max_length=120, blank=True)
    faces = models.PositiveIntegerField(_("Faces held"), null=True, blank=True)
    last_order = models.PositiveBigIntegerField(_("Last order carried out"), null=True, blank=True)
    clock_offset = models.FloatField(_("Its clock minus ours, in seconds"), null=True, blank=True)
    at = models.DateTimeField(_("Reported"))

    class Meta:
        verbose_name = _("report of a terminal")
        verbose_name_plural = _("reports of terminals")
