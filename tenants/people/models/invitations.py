"""Messages that carry a personal link to somebody who did not start it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.kinds import InvitationState, PromptChannel
from tenants.people.models.persons import Person
from tenants.people.models.prompts import PromptRecord


class Invitation(TenantOwned):
    """One message and how far it has come: no address, no text, no secret. Evidence that somebody was asked."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    prompt = models.OneToOneField(PromptRecord, on_delete=models.PROTECT, related_name="invitation")
    channel = models.CharField(_("How"), max_length=10, choices=PromptChannel)
    state = models.CharField(_("State"), max_length=10, choices=InvitationState, default=InvitationState.QUEUED)
    reason = models.CharField(_("Reason"), max_length=20, blank=True)
    asked_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("Asked"))
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0)
    next_try_at = models.DateTimeField(_("Next attempt"), null=True, blank=True)
    sent_at = models.DateTimeField(_("Sent"), null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=[PromptChannel.SMS, PromptChannel.EMAIL]), name="an_invitation_is_a_message"
            ),
            models.CheckConstraint(
                condition=Q(state=InvitationState.SENT, sent_at__isnull=False)
                | (~Q(state=InvitationState.SENT) & Q(sent_at__isnull=True)),
                name="a_sent_invitation_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state=InvitationState.QUEUED, next_try_at__isnull=False)
                | (~Q(state=InvitationState.QUEUED) & Q(next_try_at__isnull=True)),
                name="a_waiting_invitation_has_its_next_attempt",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[InvitationState.FAILED, InvitationState.GIVEN_UP]) | ~Q(reason=""),
                name="an_invitation_not_sent_has_its_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "next_try_at"],
                condition=Q(state=InvitationState.QUEUED),
                name="invitations_that_wait",
            )
        ]
