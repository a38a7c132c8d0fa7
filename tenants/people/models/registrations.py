"""Tickets with which people register themselves at the desk."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.kinds import RegistrationState
from tenants.people.models.persons import Person
from tenants.people.rules.registrations import state_of


class Registration(TenantOwned):
    """One ticket for one person: a secret in an address, stored as a hash. It holds no name.

    A used one is evidence of who let somebody in on the records, so nobody deletes it.
    """

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("Made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("Valid until"), editable=False)
    used_at = models.DateTimeField(_("Used"), null=True, blank=True, editable=False)
    # Of the one form that was sent, so that the same form sent twice is no second person and no stranger either.
    submission_hash = models.CharField(max_length=64, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("Stopped"), null=True, blank=True, editable=False)
    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="registration"
    )

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, person__isnull=True)
                | Q(used_at__isnull=False, person__isnull=False, cancelled_at__isnull=True),
                name="a_used_ticket_names_one_person",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="a_ticket_ends_after_it_begins"),
        ]

    @property
    def state(self) -> RegistrationState:
        """What became of it by now."""
        return state_of(
            used_at=self.used_at, cancelled_at=self.cancelled_at, expires_at=self.expires_at, now=timezone.now()
        )
