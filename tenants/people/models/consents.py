"""What a person answered."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.kinds import ConsentChannel, ConsentDecision, ConsentPurpose, GivenBy, WithdrawnBy
from tenants.people.models.guardians import Guardian
from tenants.people.models.papers import PaperForm
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
    withdrawn_by = models.CharField(_("Withdrawn by"), max_length=15, choices=WithdrawnBy, blank=True)
    # Every yes has a period, said before it is given (NDSMR 22; Illinois BIPA 15(b)). A no has none.
    ends_on = models.DateField(_("Holds until"), null=True, blank=True)
    given_by = models.CharField(_("Given by"), max_length=10, choices=GivenBy, default=GivenBy.PERSON)
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, null=True, blank=True, related_name="consents")
    channel = models.CharField(_("How"), max_length=10, choices=ConsentChannel, default=ConsentChannel.LINK)
    paper = models.OneToOneField(
        PaperForm, on_delete=models.PROTECT, null=True, blank=True, related_name="consent", verbose_name=_("sheet")
    )

    class Meta:
        ordering = ["-decided_at"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(decision=ConsentDecision.AGREE),
                name="only_an_agreement_is_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__in=WithdrawnBy.values),
                name="a_withdrawal_names_who_withdrew",
            ),
            models.CheckConstraint(
                condition=Q(decision=ConsentDecision.DECLINE) | Q(ends_on__isnull=False),
                name="an_agreement_has_a_period",
            ),
            models.CheckConstraint(
                condition=Q(given_by=GivenBy.GUARDIAN, guardian__isnull=False)
                | Q(given_by=GivenBy.PERSON, guardian__isnull=True),
                name="a_guardians_answer_names_the_guardian",
            ),
            models.CheckConstraint(
                condition=Q(channel=ConsentChannel.DESK_PAPER, paper__isnull=False)
                | Q(channel=ConsentChannel.LINK, paper__isnull=True),
                name="an_answer_on_paper_has_its_sheet",
            ),
        ]

    @property
    def stands(self) -> bool:
        """A yes that nobody took back, given in the life of the face that is not over."""
        over = self.person.face_ended_at
        is_yes = self.decision == ConsentDecision.AGREE and self.withdrawn_at is None
        return is_yes and (over is None or self.decided_at > over)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise ValidationError(_("A consent is evidence and is kept at least three years."), code="evidence")
