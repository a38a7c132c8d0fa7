"""What the gate answered, kept as evidence: per door and per person, what was true on any past day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.models import Person
from tenants.premises.models import Device


class Clearance(TenantOwned):
    """准入核验: one answer of the gate about one device or one person, written when it changes.

    Append-only for every role: it holds codes and days, no name and no face. The answer of a past day is the
    last row of that day or before.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, blank=True, related_name="clearances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="clearances")
    is_allowed = models.BooleanField(_("Allowed"))
    blockers = models.JSONField(_("Blockers"), default=list)
    answered_at = models.DateTimeField(_("Answered"), db_index=True)

    class Meta:
        ordering = ["-answered_at"]
        verbose_name = _("clearance")
        verbose_name_plural = _("clearances")
        constraints = [
            models.CheckConstraint(
                condition=Q(device__isnull=False, person__isnull=True) | Q(device__isnull=True, person__isnull=False),
                name="clearance_of_a_device_or_a_person",
            ),
            models.CheckConstraint(condition=Q(is_allowed=Q(blockers=[])), name="clearance_allows_without_blockers"),
        ]
        indexes = [
            models.Index(fields=["device", "-answered_at"], name="clearance_of_device"),
            models.Index(fields=["person", "-answered_at"], name="clearance_of_person"),
        ]
