"""Complaints, each with a number, a day and an answer (Measures Art 17; NDSMR 20)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.models import Person
from tenants.rights.kinds import ComplaintState

# An answered complaint keeps an answer, or the database refuses it; of an emptied one it is this sign.
EMPTIED = "—"


class Complaint(TenantOwned):
    """投诉: what somebody finds wrong with how faces are used here; with a name or without."""

    number = models.CharField(_("Number"), max_length=20, editable=False)
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(_("State"), max_length=10, choices=ComplaintState, default=ComplaintState.RECEIVED)
    language = models.CharField(_("Language"), max_length=10, default="zh-hans")
    name = models.CharField(_("Name"), max_length=80, blank=True)
    contact = models.CharField(_("Phone or e-mail"), max_length=120, blank=True)
    text = models.TextField(_("Complaint"), max_length=4000, blank=True)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name=_("person")
    )
    received_at = models.DateTimeField(_("Received"), auto_now_add=True)
    due_on = models.DateField(_("Due"), editable=False)
    is_due_final = models.BooleanField(default=True, editable=False)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("Assigned to"),
    )  # fmt: skip
    answer = models.TextField(_("Answer"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    answered_at = models.DateTimeField(_("Answered"), null=True, blank=True, editable=False)
    escalated_at = models.DateTimeField(_("Escalated"), null=True, blank=True, editable=False)

    @property
    def texts_until(self) -> datetime | None:
        """When its texts go; None while it is open, and once they are gone."""
        if self.answered_at is None or not self.text:
            return None
        return self.answered_at + timedelta(days=self.tenant.request_days)

    @property
    def is_emptied(self) -> bool:
        """Whether what was answered is no longer kept."""
        return self.answer == EMPTIED

    class Meta:
        ordering = ["due_on", "received_at"]
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="complaint_number_once"),
            models.CheckConstraint(
                condition=Q(state="received") | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="closed_complaint_has_answer",
                violation_error_message=_("A complaint is closed with an answer."),
            ),
        ]
