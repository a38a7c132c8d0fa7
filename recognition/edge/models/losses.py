"""Terminals that were declared lost: two members say so, because an erasure is then complete without the terminal."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.premises.models import Device


class DeviceLoss(TenantOwned):
    """One loss: declared by one member, confirmed by a second, or taken back. Evidence: nobody deletes one."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="losses", verbose_name=_("device"))
    reason = models.CharField(_("What happened"), max_length=500)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    declared_at = models.DateTimeField(_("Declared lost"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    confirmed_at = models.DateTimeField(_("Confirmed"), null=True, blank=True, editable=False)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    taken_back_at = models.DateTimeField(_("Taken back"), null=True, blank=True, editable=False)
    returned_at = models.DateTimeField(_("Came back"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-declared_at"]
        verbose_name = _("loss of a terminal")
        verbose_name_plural = _("losses of terminals")
        constraints = [
            models.UniqueConstraint(
                fields=["device"],
                condition=Q(taken_back_at__isnull=True, returned_at__isnull=True),
                name="one_loss_at_a_time",
                violation_error_message=_("This terminal is declared lost already."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("declared_by")),
                name="loss_has_a_second_member",
                violation_error_message=_("A second member confirms that a terminal is lost."),
            ),
        ]
