"""What the platform keeps about its own running: work that failed, and what its staff tell everybody."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations import actors


class FailedTask(models.Model):
    """A task that failed for good. Its name, the ids it was given and the kind of error: never a message or a value.

    An error's message may hold what somebody wrote; whoever needs it reads the worker's own log of that minute.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.CharField(_("Task"), max_length=100)
    ids = models.JSONField(_("Ids"), default=list)
    # Whether `ids` is all that it was given: with less it cannot be sent again.
    is_whole = models.BooleanField(default=False)
    error = models.CharField(_("Error"), max_length=120)
    at = models.DateTimeField(_("Failed"), default=timezone.now)
    retried_at = models.DateTimeField(_("Sent again"), null=True)
    retried_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Sent again by")
    )

    class Meta:
        verbose_name = _("failed task")
        verbose_name_plural = _("failed tasks")
        ordering = ["-at"]
        indexes = [models.Index(fields=["-at"], name="failedtask_newest_first")]

    def __str__(self) -> str:
        return f"{self.task} {self.pk}"

    def get_additional_data(self) -> dict[str, str]:
        return actors.said({})


class Tone(models.TextChoices):
    INFO = "info", _("For information")
    DUE = "due", _("Important")
    STOP = "stop", _("Urgent")


class Announcement(models.Model):
    """A sentence of platform staff on every page of the properties' members, from one moment until another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text_zh = models.CharField(_("Text in Chinese"), max_length=300)
    text_en = models.CharField(_("Text in English"), max_length=300)
    tone = models.CharField(_("How urgent"), max_length=10, choices=Tone, default=Tone.INFO)
    starts_at = models.DateTimeField(_("From"))
    ends_at = models.DateTimeField(_("Until"))
    # The ids of the handlers whose members read it; none: everybody.
    handlers = ArrayField(models.UUIDField(), default=list, blank=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="announcement_ends_after_it_starts",
                violation_error_message=_("It ends before it starts."),
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The text in the language of the reader."""
        from django.utils.translation import get_language

        return self.text_en if (get_language() or "").startswith("en") else self.text_zh

    def get_additional_data(self) -> dict[str, str]:
        return actors.said({})


class AnnouncementPutAway(models.Model):
    """A member has read an announcement and does not want to see it again."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="put_away")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["announcement", "user"], name="an_announcement_is_put_away_once")
        ]

    def __str__(self) -> str:
        return f"announcementputaway {self.pk}"
