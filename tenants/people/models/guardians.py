"""Who answers for a child under 14."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.kinds import KinshipEvidence, Relationship
from tenants.people.models.persons import Person


class Guardian(TenantOwned):
    """监护人: an adult who answers for a child (PIPL 31; Measures Art 7). What shows it was seen, never copied."""

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="guardians", verbose_name=_("child"))
    guardian = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="guardian_of", verbose_name=_("guardian")
    )
    relationship = models.CharField(_("Relationship"), max_length=10, choices=Relationship)
    evidence = models.CharField(_("What was seen"), max_length=20, choices=KinshipEvidence)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("Recorded"), auto_now_add=True)
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["recorded_at"]
        verbose_name = _("guardian")
        verbose_name_plural = _("guardians")
        constraints = [
            models.UniqueConstraint(
                fields=["child", "guardian"],
                condition=Q(ended_at__isnull=True),
                name="guardian_once",
                violation_error_code="guardian_taken",
                violation_error_message=_("This guardian is recorded already."),
            ),
            models.CheckConstraint(
                condition=~Q(child=F("guardian")),
                name="nobody_is_their_own_guardian",
                violation_error_message=_("Nobody is their own guardian."),
            ),
        ]
