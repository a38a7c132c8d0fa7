"""What members are told, and how each wants to hear of it. Ids and codes only: no row holds a name."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations import actors
from tenants.organizations.news import ABOUT, NotificationKind, Way
from tenants.organizations.scoping import TenantOwned


class Notification(TenantOwned):
    """That one member is told of one thing. `subject` is "<kind of row>:<id>", or empty for the property itself.

    `occasion` tells one time from the next for the same subject (a day, a moment): each is told once and no more.
    `way` is how the member wanted to hear of it when it happened.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    kind = models.CharField(max_length=30, choices=NotificationKind)
    subject = models.CharField(max_length=100, blank=True)
    occasion = models.CharField(max_length=40, blank=True)
    way = models.CharField(max_length=10, choices=Way, default=Way.PAGE)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    # By letter of its own or in a digest.
    mailed_at = models.DateTimeField(null=True, blank=True)
    # A letter at once: how often it was tried, and when it is next.
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(fields=["tenant", "user", "-created_at"], name="notification_of_a_member"),
            models.Index(fields=["tenant", "user"], name="notification_not_read", condition=Q(read_at=None)),
            models.Index(fields=["next_try_at"], name="notification_letter_waits", condition=~Q(next_try_at=None)),
            models.Index(
                fields=["user"],
                name="notification_digest_waits",
                condition=Q(way=Way.DIGEST, mailed_at=None, read_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "tenant", "kind", "subject", "occasion"], name="each_occasion_is_told_once"
            ),
        ]


class NotificationSettings(models.Model):
    """How one member wants to hear of things, in every property they work in. Without a row: as `ABOUT` says.

    Also whether they put the checklist of the first steps away.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="+", editable=False
    )
    # {kind: way}, only where the member chose.
    ways = models.JSONField(default=dict, blank=True)
    digest_hour = models.PositiveSmallIntegerField(
        _("Daily mail at (Beijing time)"), default=8, validators=[MaxValueValidator(23)]
    )
    language = models.CharField(
        _("Language of my mails"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    # The Beijing day of the last digest: one a day, whatever runs twice.
    digest_on = models.DateField(null=True, blank=True, editable=False)
    # The first steps were put away on Today.
    hides_setup = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("settings of notifications")
        verbose_name_plural = _("settings of notifications")
        constraints = [
            models.CheckConstraint(condition=Q(digest_hour__lte=23), name="digest_hour_is_an_hour"),
        ]

    def __str__(self) -> str:
        return f"notificationsettings {self.pk}"

    def get_additional_data(self) -> dict[str, str]:
        return actors.said({})

    def way(self, kind: NotificationKind, *, is_owner: bool = False) -> Way:
        """Return how this member hears of a kind. An owner hears of high alerts at once, whatever was chosen."""
        if kind == NotificationKind.ALERT_HIGH and is_owner:
            return Way.AT_ONCE
        chosen = self.ways.get(kind.value)
        return Way(chosen) if chosen in Way.values else ABOUT[kind].way
