"""What a property came to when it was last counted: numbers for a page over many properties, and nobody's row."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned


class PropertyFigures(TenantOwned):
    """One row for each property. A member sees the rows of all their properties at once (docs/decisions/0024).

    Counted anew every ten minutes: no page counts a million people, and none is older than `counted_at` says.
    """

    # Duties of the property (readiness): met, to be mended, and those that stop every face or device.
    met = models.PositiveIntegerField(default=0)
    due = models.PositiveIntegerField(default=0)
    blocking = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    # Persons whose face is kept, here or on a terminal; one that waits for a terminal's receipt still counts (Art 15).
    faces = models.PositiveIntegerField(default=0)
    # What people asked and complain about, together: each has a clock of its own.
    open_requests = models.PositiveIntegerField(default=0)
    overdue_requests = models.PositiveIntegerField(default=0)
    active_devices = models.PositiveIntegerField(default=0)
    suspended_devices = models.PositiveIntegerField(default=0)
    # Of the active ones.
    silent_devices = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(_("Counted"))

    class Meta:
        verbose_name = _("figures of a property")
        verbose_name_plural = _("figures of properties")
        constraints = [models.UniqueConstraint(fields=["tenant"], name="figures_once_per_property")]
