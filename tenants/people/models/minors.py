"""Who may look at the record of somebody under 18, and who did."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.models.persons import Person


class MinorAccess(TenantOwned):
    """One member asks for a reason, a second one says yes or no (Minors Network Protection Regulation 36)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="minor_accesses")
    asked_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    reason = models.CharField(_("Reason"), max_length=200)
    asked_at = models.DateTimeField(_("Asked"), auto_now_add=True)
    decided_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    decided_at = models.DateTimeField(_("Decided"), null=True, blank=True)
    ends_at = models.DateTimeField(_("Valid until"), null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("access to a minor's record")
        verbose_name_plural = _("accesses to minors' records")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="a_second_member_decides",
                violation_error_message=_("Somebody else must approve this."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="access_ends_only_after_approval",
            ),
            models.UniqueConstraint(
                fields=["person", "asked_by"],
                condition=Q(decided_at__isnull=True),
                name="one_open_question_per_member",
                violation_error_message=_("You have asked already. A second member must answer first."),
            ),
        ]


class MinorAccessView(TenantOwned):
    """One opening of a minor's record under an approval. Never changed, never deleted."""

    access = models.ForeignKey(MinorAccess, on_delete=models.PROTECT, related_name="views")
    viewed_at = models.DateTimeField(_("Opened"), auto_now_add=True)

    class Meta:
        ordering = ["-viewed_at"]
        verbose_name = _("opening of a minor's record")
        verbose_name_plural = _("openings of minors' records")
