"""What a person answered."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.kinds import ConsentDecision, ConsentPurpose
from tenants.people.models.persons import Person
from tenants.transparency.models import Notice


class Consent(TenantOwned):
    """单独同意: one person, one purpose, one notice version, one answer. Evidence: kept, never deleted."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(_("Purpose"), max_length=15, choices=ConsentPurpose)
    decision = models.CharField(_("Answer"), max_length=10, choices=ConsentDecision)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="consents")
    notice_hash = models.CharField(_("Fingerprint of the notice"), max_length=64)
    language = models.CharField(_("Language shown"), max_length=10)
    decided_at = models.DateTimeField(_("Answered"))
    withdrawn_at = models.DateTimeField(_("Withdrawn"), null=True, blank=True)

    class Meta:
        ordering = ["-decided_at"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(decision=ConsentDecision.AGREE),
                name="only_an_agreement_is_withdrawn",
            )
        ]

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise ValidationError(_("A consent is evidence and is kept at least three years."), code="evidence")
