"""What must be kept a while longer, although its time is over."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.models import Person
from tenants.rights.kinds import HoldKind


class LegalHold(TenantOwned):
    """法定保留: events or evidence are kept until a day. It never keeps a face usable (PIPL 47, last sentence)."""

    kind = models.CharField(_("What is kept"), max_length=10, choices=HoldKind)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="holds", verbose_name=_("person")
    )
    reason = models.CharField(_("Reason"), max_length=500, blank=True)
    article = models.CharField(_("Article"), max_length=120)
    ends_on = models.DateField(_("Ends"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    asked_at = models.DateTimeField(_("Asked"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    approved_at = models.DateTimeField(_("Approved"), null=True, blank=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    lifted_at = models.DateTimeField(_("Lifted"), null=True, blank=True, editable=False)

    # When a sweep found that it was over, and let go what it had kept.
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        indexes = [
            models.Index(fields=["tenant", "ends_on"], condition=Q(ended_at__isnull=True), name="hold_not_ended"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")),
                name="hold_has_a_second_member",
                violation_error_message=_("A second member approves a legal hold."),
            ),
        ]
