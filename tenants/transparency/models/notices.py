"""Notices, immutable once published."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tenants.organizations.kinds import StorageMode
from tenants.organizations.scoping import TenantOwned
from tenants.transparency.rules.notices import FIELDS, ITEMS


class NoticeState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def published(self) -> "NoticeQuerySet":
        return self.filter(state=NoticeState.PUBLISHED)

    def current(self) -> "Notice | None":
        """Return the notice in force: the latest published version."""
        return self.published().order_by("-version").first()


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
    needs_new_consent = models.BooleanField(_("Everybody is asked again"), default=False, editable=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(_("Published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
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
        ]

    @property
    def texts(self) -> dict[str, str]:
        return {field: getattr(self, field) for field in FIELDS}

    @property
    def items(self) -> list[tuple[str, str]]:
        """The five items in the reader's language: (item, text)."""
        language = "en" if (get_language() or "").startswith("en") else "zh"
        return [(item, getattr(self, f"{item}_{language}")) for item in ITEMS]
