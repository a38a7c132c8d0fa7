"""What platform staff tell the members of all properties, or of some handlers': a banner on every page."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.operations.models import Announcement, AnnouncementPutAway, Tone
from tenants.organizations.models import Handler, Property, User

KEPT_DAYS = 365


@transaction.atomic
def announce(
    *,
    text_zh: str,
    text_en: str,
    starts_at: datetime,
    ends_at: datetime,
    tone: Tone | str = Tone.INFO,
    handlers: Sequence[Handler] = (),
    actor: User | None = None,
) -> Announcement:
    """Say something to all members, or to those of these handlers. Raises ValidationError."""
    if ends_at <= timezone.now():
        raise ValidationError({"ends_at": ValidationError(_("This is past: nobody would read it."), code="past")})
    row = Announcement(made_by=actor)
    return _write(
        row, text_zh=text_zh, text_en=text_en, starts_at=starts_at, ends_at=ends_at, tone=tone, handlers=handlers
    )


@transaction.atomic
def change(
    *,
    announcement: Announcement,
    text_zh: str,
    text_en: str,
    starts_at: datetime,
    ends_at: datetime,
    tone: Tone | str,
    handlers: Sequence[Handler] = (),
) -> Announcement:
    """Change it; `ends_at` in the past ends it. Who has put it away does not see it again. Raises ValidationError."""
    row = Announcement.objects.select_for_update().get(pk=announcement.pk)
    return _write(
        row, text_zh=text_zh, text_en=text_en, starts_at=starts_at, ends_at=ends_at, tone=tone, handlers=handlers
    )


def _write(row: Announcement, *, handlers: Sequence[Handler], **fields: str | datetime) -> Announcement:
    for name, value in fields.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    row.handlers = [handler.pk for handler in handlers]
    row.full_clean()
    row.save()
    return row


def standing(*, tenant: Property, user: User) -> QuerySet[Announcement]:
    """Return what this member reads on this property's pages now, the newest first."""
    away = AnnouncementPutAway.objects.filter(announcement=OuterRef("pk"), user=user)
    rows = running().filter(~Exists(away))
    for_them = Q(handlers=[]) | Q(handlers__contains=[tenant.handler_id])
    return rows.filter(for_them).order_by("-starts_at")


def running() -> QuerySet[Announcement]:
    """Return every announcement of this moment."""
    now = timezone.now()
    return Announcement.objects.filter(starts_at__lte=now, ends_at__gt=now)


@transaction.atomic
def put_away(*, announcement: Announcement, user: User) -> None:
    """Do not show it to this member again. Twice changes nothing."""
    AnnouncementPutAway.objects.get_or_create(announcement=announcement, user=user)


def expire() -> int:
    """Drop what was over a year ago and return how many rows went."""
    return Announcement.objects.filter(ends_at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()[0]
