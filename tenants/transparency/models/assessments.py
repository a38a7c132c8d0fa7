"""Impact assessments, frozen when signed, and who worked on them."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.transparency.rules import assessments as rules


class AssessmentState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")


class AssessmentTrack(models.TextChoices):
    """Which form: the full one of the Measures, or Annex 2 of Order No. 25 for small handlers."""

    FULL = "full", _("Full form")
    SMALL = "small", _("Form for small handlers")


class Conclusion(models.TextChoices):
    ACCEPTABLE = "acceptable", _("The risk is acceptable with these measures")
    NOT_ACCEPTABLE = "not_acceptable", _("The risk is not acceptable")


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def signed(self) -> "AssessmentQuerySet":
        return self.filter(state=AssessmentState.SIGNED)

    def current(self) -> "Assessment | None":
        """Return the assessment in force: the latest signed version."""
        return self.signed().order_by("-version").first()


class Assessment(TenantOwned):
    """影响评估: one version of the prior impact assessment (Measures Art 9; PIPL 55, 56).

    A signed row never changes and nobody deletes it: it is evidence for at least three years after the
    processing it covers. Only that it became stale, what happened, and until when it covered, is written later.
    """

    version = models.PositiveIntegerField(_("Version"))
    state = models.CharField(_("State"), max_length=10, choices=AssessmentState, default=AssessmentState.DRAFT)
    track = models.CharField(_("Form"), max_length=10, choices=AssessmentTrack, default=AssessmentTrack.FULL)
    lawfulness = models.TextField(_("Purpose and method: lawful, legitimate, necessary"), blank=True)
    alternative_considered = models.TextField(_("The other way that was considered"), blank=True)
    least_impact = models.TextField(_("The choice that touches people least"), blank=True)
    rights_impact = models.TextField(
        _("Effect on people's rights, and whether what is done about it works"), blank=True
    )
    harm = models.TextField(_("Risk and harm of a leak, tampering, loss, damage or unlawful use"), blank=True)
    safeguards = models.TextField(_("Measures: lawful, effective, fitting the risk"), blank=True)
    officer_comment = models.TextField(_("Privacy officer's comment"), blank=True)
    conclusion = models.CharField(_("Conclusion"), max_length=15, choices=Conclusion, blank=True)
    # {purposes, modes, vendors, algorithms, place_kinds: lists; storage_mode}: the portal's facts, as judged.
    scope = models.JSONField(_("What it covers"), default=dict, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    drafted_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    signed_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    signed_at = models.DateTimeField(_("Signed"), null=True, blank=True, editable=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    stale_since = models.DateTimeField(_("Out of date since"), null=True, blank=True, editable=False)
    stale_for = models.JSONField(_("Out of date because"), default=list, blank=True, editable=False)
    # What happened, oldest first: [{happened_on, description, recorded_at, recorded_by}]; only ever added to.
    incidents = models.JSONField(_("What happened"), default=list, blank=True, editable=False)
    covers_until = models.DateField(_("End of the processing it covers"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(_("Changed"), auto_now=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version"], name="assessment_version_once"),
            models.UniqueConstraint(
                fields=["tenant"],
                condition=Q(state=AssessmentState.DRAFT),
                name="one_assessment_draft_at_a_time",
                violation_error_message=_("There is already a draft."),
            ),
            models.CheckConstraint(
                condition=Q(state=AssessmentState.DRAFT)
                | (Q(signed_at__isnull=False) & Q(signed_by__isnull=False) & ~Q(content_hash="")),
                name="signed_assessment_has_hash",
            ),
        ]

    @property
    def texts(self) -> dict[str, str]:
        return {field: getattr(self, field) for field in rules.TEXTS}

    @property
    def coverage(self) -> rules.Coverage:
        lists = ("purposes", "modes", "vendors", "algorithms", "place_kinds")
        return rules.Coverage(
            **{name: frozenset(self.scope.get(name, ())) for name in lists},
            storage_mode=self.scope.get("storage_mode", ""),
            stale_since=self.stale_since,
        )

    @property
    def last_incident_at(self) -> datetime | None:
        """When the latest of the incidents was recorded."""
        return datetime.fromisoformat(self.incidents[-1]["recorded_at"]) if self.incidents else None

    @property
    def content(self) -> dict[str, object]:
        """Everything that is judged, as plain values: what the fingerprint is of."""
        return {
            "tenant": str(self.tenant_id),
            "version": self.version,
            "track": self.track,
            "scope": self.scope,
            "texts": self.texts,
            "officer_comment": self.officer_comment,
            "conclusion": self.conclusion,
            "risks": [risk.content for risk in self.risks.all()],
        }


class Contribution(TenantOwned):
    """Who worked on an assessment, and when last."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="contributions", editable=False)
    user = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+", editable=False)
    last_at = models.DateTimeField(_("Last changed"))

    class Meta:
        ordering = ["last_at"]
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        constraints = [models.UniqueConstraint(fields=["assessment", "user"], name="one_contribution_per_member")]
