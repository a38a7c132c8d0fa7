"""Notices, immutable once published."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tenants.organizations.kinds import StorageMode
from tenants.organizations.scoping import TenantOwned
from tenants.transparency.rules.notices import FIELDS, ITEMS
from tenants.transparency.rules.publishing import REASONS
from tenants.transparency.rules.versions import Version

# Fewer digits of a fingerprint could be met by chance.
SHORTEST_FINGERPRINT = 8


class NoticeState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def published(self) -> "NoticeQuerySet":
        return self.filter(state=NoticeState.PUBLISHED)

    def current(self, *, on: date | None = None) -> "Notice | None":
        """Return the notice in force on a Beijing day, today unless told: the latest that has taken effect by then."""
        return self.published().filter(effective_on__lte=on or timezone.localdate()).order_by("-version").first()

    def waiting(self, *, on: date | None = None) -> "NoticeQuerySet":
        """Published, and in force from a later day; without those that a later version overtakes before that day."""
        overtaking = Notice.objects.filter(
            tenant=OuterRef("tenant"), version__gt=OuterRef("version"), effective_on__lte=OuterRef("effective_on")
        ).published()
        return self.published().filter(~Exists(overtaking), effective_on__gt=on or timezone.localdate())

    def once_in_force(self, *, on: date | None = None) -> "NoticeQuerySet":
        """Return what is or was in force, the latest version first: what a sheet signed on some day may bear."""
        return self.published().filter(effective_on__lte=on or timezone.localdate()).order_by("-version")

    def exact(self, version: int, fingerprint: str = "") -> "Notice | None":
        """Return one published version, or None when its text is not the one that the fingerprint begins."""
        if fingerprint and len(fingerprint) < SHORTEST_FINGERPRINT:
            return None
        return self.published().filter(version=version, content_hash__startswith=fingerprint).first()

    def facts(self) -> list[Version]:
        """Return the published versions as the rules need them. One query."""
        rows = self.published().values_list("version", "published_at", "effective_on", "needs_new_consent")
        return [
            Version(number, published_on=timezone.localdate(at), effective_on=effective_on, asks_again=asks_again)
            for number, at, effective_on, asks_again in rows.order_by("version")
            if at and effective_on  # both are set, says the database
        ]


class Notice(TenantOwned):
    """告知书: one version of what a person is told before a face is used (Measures Art 5)."""

    version = models.PositiveIntegerField(_("Version"))
    state = models.CharField(_("State"), max_length=10, choices=NoticeState, default=NoticeState.DRAFT)
    storage_mode = models.CharField(_("Where faces are stored"), max_length=20, choices=StorageMode)
    handler_contact_zh = models.TextField(_("Who is responsible, and how to reach them (Chinese)"), blank=True)
    handler_contact_en = models.TextField(_("Who is responsible, and how to reach them (English)"), blank=True)
    purpose_method_zh = models.TextField(_("What the face is used for, and how (Chinese)"), blank=True)
    purpose_method_en = models.TextField(_("What the face is used for, and how (English)"), blank=True)
    retention_zh = models.TextField(_("How long it is kept, and what happens then (Chinese)"), blank=True)
    retention_en = models.TextField(_("How long it is kept, and what happens then (English)"), blank=True)
    necessity_effect_zh = models.TextField(
        _("Why it is needed, and what it means for the person (Chinese)"), blank=True
    )
    necessity_effect_en = models.TextField(
        _("Why it is needed, and what it means for the person (English)"), blank=True
    )
    rights_zh = models.TextField(_("How to say no, see, correct or delete (Chinese)"), blank=True)
    rights_en = models.TextField(_("How to say no, see, correct or delete (English)"), blank=True)
    complaint_zh = models.TextField(_("Where to complain (Chinese)"), blank=True)
    complaint_en = models.TextField(_("Where to complain (English)"), blank=True)
    collected_zh = models.TextField(_("What is collected, one entry per line (Chinese)"), blank=True)
    collected_en = models.TextField(_("What is collected, one entry per line (English)"), blank=True)
    recipients_zh = models.TextField(_("To whom it is given, one entry per line (Chinese)"), blank=True)
    recipients_en = models.TextField(_("To whom it is given, one entry per line (English)"), blank=True)
    minors_zh = models.TextField(_("Rules for children (Chinese)"), blank=True)
    minors_en = models.TextField(_("Rules for children (English)"), blank=True)
    # Whether children's faces are used, frozen as the place of storage is: only then are their rules of any use.
    allows_under_14 = models.BooleanField(_("Children's faces are used"), default=False, editable=False)
    # Null in a draft: in force on the day of publication, unless a later day is chosen then.
    effective_on = models.DateField(_("In force from"), null=True, blank=True)
    needs_new_consent = models.BooleanField(_("Everybody is asked again"), default=False, editable=False)
    # Codes of `rules.publishing.REASONS`; empty when every consent stayed valid.
    asks_again_for = models.JSONField(_("Why everybody is asked again"), default=list, blank=True, editable=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(_("Published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    edited_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    updated_at = models.DateTimeField(_("Changed"), auto_now=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version"], name="notice_version_once"),
            models.UniqueConstraint(
                fields=["tenant"],
                condition=Q(state=NoticeState.DRAFT),
                name="one_draft_at_a_time",
                violation_error_message=_("There is already a draft."),
            ),
            models.CheckConstraint(
                condition=Q(state=NoticeState.DRAFT) | (Q(published_at__isnull=False) & ~Q(content_hash="")),
                name="published_notice_has_hash",
            ),
            models.CheckConstraint(
                condition=Q(state=NoticeState.DRAFT) | Q(effective_on__isnull=False),
                name="published_notice_has_first_day",
            ),
        ]

    @property
    def texts(self) -> dict[str, str]:
        return {field: getattr(self, field) for field in FIELDS}

    @property
    def items(self) -> list[tuple[str, str]]:
        """What is told, in the reader's language: (item, text)."""
        language = "en" if (get_language() or "").startswith("en") else "zh"
        return [(item, getattr(self, f"{item}_{language}")) for item in ITEMS]

    @property
    def reasons(self) -> list[str]:
        """Why everybody was asked again, in sentences."""
        return [str(REASONS[code]) for code in self.asks_again_for if code in REASONS]
