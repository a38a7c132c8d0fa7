"""Floor plans: a picture of a place, with the zones and doors in it placed on it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.premises.models.places import AccessPoint, Zone


class FloorPlan(TenantOwned):
    """One picture a zone. No evidence: it may be replaced and removed."""

    zone = models.OneToOneField(Zone, on_delete=models.CASCADE, related_name="plan", verbose_name=_("zone"))
    picture = models.BinaryField(_("Floor plan"))
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("floor plan")
        verbose_name_plural = _("floor plans")


def _percent(label: str) -> models.DecimalField:
    return models.DecimalField(
        label, max_digits=4, decimal_places=1, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )


class PlanMark(TenantOwned):
    """Where a zone or a door is on a plan: percent from the left and from the top."""

    plan = models.ForeignKey(FloorPlan, on_delete=models.CASCADE, related_name="marks")
    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    door = models.ForeignKey(AccessPoint, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    x = _percent("x")
    y = _percent("y")

    class Meta:
        ordering = ["y", "x"]
        verbose_name = _("mark on a plan")
        verbose_name_plural = _("marks on plans")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(zone__isnull=True, door__isnull=False)
                | models.Q(zone__isnull=False, door__isnull=True),
                name="mark_is_of_a_zone_or_a_door",
            ),
            models.CheckConstraint(
                condition=models.Q(x__gte=0, x__lte=100, y__gte=0, y__lte=100), name="mark_is_on_the_plan"
            ),
            models.UniqueConstraint(fields=["plan", "zone"], name="zone_once_on_a_plan"),
            models.UniqueConstraint(fields=["plan", "door"], name="door_once_on_a_plan"),
        ]
