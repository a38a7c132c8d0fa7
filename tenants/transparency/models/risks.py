"""The risk matrix of an assessment, frozen with it."""

from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.transparency.models.assessments import Assessment
from tenants.transparency.rules import assessments as rules

ONE_TO_FIVE = [MinValueValidator(1), MaxValueValidator(5)]
RISK_FIELDS = ("kind", "title", "likelihood", "impact", "measure", "owner", "due_on", "done_on")


class RiskKind(models.TextChoices):
    """What typically goes wrong where faces open doors."""

    LEAK = "leak", _("Face templates leak")
    OTHER_PURPOSE = "other_purpose", _("Faces are used for another purpose")
    PRESSURE = "pressure", _("People feel pressed to agree")
    PASSERS_BY = "passers_by", _("Passers-by who did not agree are captured")
    CHILDREN = "children", _("Children are enrolled as if they were adults")
    FALSE_REJECTION = "false_rejection", _("Older people are not recognised")
    DEVICE_THEFT = "device_theft", _("A device is stolen or replaced")
    INSIDER = "insider", _("A member looks at or copies what is not theirs")
    VENDOR = "vendor", _("A vendor reaches the data")
    OTHER = "other", _("Another risk")


class RiskBand(models.TextChoices):
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class Risk(TenantOwned):
    """One row of the risk matrix: how likely, how bad, what is done about it, by whom and until when."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="risks", editable=False)
    number = models.PositiveSmallIntegerField(editable=False)
    kind = models.CharField(_("Kind of risk"), max_length=20, choices=RiskKind, default=RiskKind.OTHER)
    title = models.CharField(_("Risk"), max_length=120)
    likelihood = models.PositiveSmallIntegerField(_("Likelihood"), validators=ONE_TO_FIVE)
    impact = models.PositiveSmallIntegerField(_("Impact"), validators=ONE_TO_FIVE)
    measure = models.TextField(_("Measure"), blank=True)
    owner = models.CharField(_("Who sees to it"), max_length=80, blank=True)
    due_on = models.DateField(_("Until"), null=True, blank=True)
    done_on = models.DateField(_("Done"), null=True, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("risk")
        verbose_name_plural = _("risks")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="risk_number_once"),
            models.CheckConstraint(
                condition=Q(likelihood__gte=1) & Q(likelihood__lte=5) & Q(impact__gte=1) & Q(impact__lte=5),
                name="risk_is_scored_from_one_to_five",
                violation_error_message=_("Likelihood and impact are scored from 1 to 5."),
            ),
        ]

    @property
    def score(self) -> int:
        return self.likelihood * self.impact

    @property
    def band(self) -> RiskBand:
        return RiskBand(rules.band(self.likelihood, self.impact))

    @property
    def is_settled(self) -> bool:
        """Say whether somebody does something about it, and until when."""
        return bool(self.measure.strip() and self.owner.strip() and (self.due_on or self.done_on))

    @property
    def values(self) -> dict[str, Any]:
        """What is written in the row, by field."""
        return {field: getattr(self, field) for field in RISK_FIELDS}

    @property
    def content(self) -> dict[str, object]:
        return {field: value.isoformat() if isinstance(value, date) else value for field, value in self.values.items()}
