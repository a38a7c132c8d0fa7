"""Who looks after who has access: emergency access of platform staff, and the quarterly review. Both are evidence."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.kinds import EmergencyScope
from tenants.organizations.scoping import TenantOwned

LONGEST = timedelta(hours=4)
LEAST_REASON = 20


class EmergencyQuerySet(models.QuerySet["EmergencyAccess"]):
    def standing(self) -> "EmergencyQuerySet":
        """Return those that hold now: neither ended nor past their hours."""
        return self.filter(ended_at__isnull=True, ends_at__gt=timezone.now())


class EmergencyAccess(TenantOwned):
    """One member of the platform's staff may look into one property, for hours, and the property sees it.

    Who has no membership has no other way in (`access.get_tenant`).
    """

    staff = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("Platform staff")
    )
    scope = models.CharField(_("What it opens"), max_length=10, choices=EmergencyScope, default=EmergencyScope.AUDITOR)
    reason = models.CharField(_("Reason"), max_length=500)
    # Why an auditor's view is not enough; empty where it is.
    wider_because = models.CharField(_("Why more is needed"), max_length=500, blank=True)
    started_at = models.DateTimeField(_("Started at"), default=timezone.now)
    ends_at = models.DateTimeField(_("Ends at"))
    ended_at = models.DateTimeField(_("Ended early"), null=True, blank=True)
    ended_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Ended by"),
    )

    objects = EmergencyQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("emergency access")
        verbose_name_plural = _("emergency accesses")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("started_at")) & Q(ends_at__lte=F("started_at") + LONGEST),
                name="emergency_ends_within_hours",
                violation_error_message=_("An emergency access ends within four hours. Start another one then."),
            ),
            models.CheckConstraint(
                condition=GreaterThanOrEqual(Length(Trim("reason")), LEAST_REASON),
                name="emergency_has_a_reason",
                violation_error_message=_("Give the reason in at least 20 characters: the property reads it."),
            ),
            models.CheckConstraint(
                condition=Q(scope=EmergencyScope.AUDITOR)
                | Q(GreaterThanOrEqual(Length(Trim("wider_because")), LEAST_REASON)),
                name="wider_emergency_is_justified",
                violation_error_message=_("Say in at least 20 characters why an auditor's view is not enough."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="emergency_is_ended_by_somebody",
            ),
        ]

    @property
    def is_standing(self) -> bool:
        return self.ended_at is None and self.ends_at > timezone.now()


class AccessReview(TenantOwned):
    """What was decided about each member's access, once a quarter. Names nobody: members are ids."""

    reviewed_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("Reviewed by")
    )
    reviewed_at = models.DateTimeField(_("Reviewed"), default=timezone.now)
    due_on = models.DateField(_("Was due"))
    # [{membership, role, decision: keep | change | remove, to: the new role, with a change}]
    decisions = models.JSONField(_("Decisions"))

    class Meta:
        ordering = ["-reviewed_at"]
        verbose_name = _("access review")
        verbose_name_plural = _("access reviews")
        constraints = [
            models.CheckConstraint(
                condition=~Q(decisions=[]),
                name="access_review_decides",
                violation_error_message=_("Decide about each member."),
            )
        ]

    def count(self, decision: str) -> int:
        """Return about how many members this was decided."""
        rows: list[dict[str, Any]] = self.decisions
        return sum(row["decision"] == decision for row in rows)
