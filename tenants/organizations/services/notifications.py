"""Tell members what happened, and keep how each wants to hear of it."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Membership, Notification, NotificationSettings, Property, User
from tenants.organizations.news import ABOUT, NotificationKind, Way
from tenants.organizations.roles import Role, roles_with

READ_KEPT = timedelta(days=90)
# Who never looks is not served by what happened a year ago.
UNREAD_KEPT = timedelta(days=365)
ALERTS = frozenset({NotificationKind.ALERT, NotificationKind.ALERT_HIGH})


def tell(
    *,
    tenant: Property | uuid.UUID,
    kind: NotificationKind,
    subject: models.Model | None = None,
    occasion: str = "",
    but_not: uuid.UUID | None = None,
    only: Collection[uuid.UUID] | None = None,
) -> None:
    """Tell the members who may know: in the caller's transaction, the letters leave afterwards. Three queries.

    The same subject and occasion are told once, however often this is called. `but_not` is the user whose own act
    it is; `only` are the users whom alone it concerns, as far as they may know.
    """
    tell_each(tenant=tenant, kind=kind, about=[(subject, occasion)], but_not=but_not, only=only)


def tell_each(
    *,
    tenant: Property | uuid.UUID,
    kind: NotificationKind,
    about: Sequence[tuple[models.Model | None, str]],
    but_not: uuid.UUID | None = None,
    only: Collection[uuid.UUID] | None = None,
) -> None:
    """Tell of many things of one kind, each a subject and its occasion. Three queries, none when there is nothing."""
    if not about:
        return
    tenant_id = tenant.pk if isinstance(tenant, Property) else tenant
    told = _ways(tenant_id, kind, but_not=but_not, only=only)
    # Mail about an alert leaves with the alert's own messages (portal/security/alerts): here it is in the page.
    is_mailed = kind not in ALERTS
    rows = [
        Notification(
            tenant_id=tenant_id,
            user_id=user,
            kind=kind,
            subject=f"{subject._meta.model_name}:{subject.pk}" if subject else "",
            occasion=occasion,
            way=way if is_mailed or way != Way.AT_ONCE else Way.PAGE,
            next_try_at=timezone.now() if is_mailed and way == Way.AT_ONCE else None,
        )
        for user, way in told.items()
        for subject, occasion in about
    ]
    if rows:
        Notification.objects.bulk_create(rows, ignore_conflicts=True)


def _ways(
    tenant_id: uuid.UUID,
    kind: NotificationKind,
    *,
    but_not: uuid.UUID | None,
    only: Collection[uuid.UUID] | None,
) -> dict[uuid.UUID, Way]:
    """Return who is told and how, in one order, so that two at once wait for each other and no more."""
    members = Membership.objects.filter(
        tenant=tenant_id, is_active=True, user__is_active=True, role__in=roles_with(ABOUT[kind].permission)
    ).exclude(user=but_not)
    if only is not None:
        members = members.filter(user__in=only)
    roles = dict(members.order_by("user_id").values_list("user_id", "role"))
    wishes = wishes_of(roles)
    ways = {user: wishes[user].way(kind, is_owner=role == Role.OWNER) for user, role in roles.items()}
    return {user: way for user, way in ways.items() if way != Way.OFF}


def wishes_of(users: Collection[uuid.UUID]) -> dict[uuid.UUID, NotificationSettings]:
    """Return the settings of each of these users; who never chose has the defaults, unsaved. One query."""
    saved = NotificationSettings.objects.in_bulk(list(users)) if users else {}
    return {user: saved.get(user) or NotificationSettings(user_id=user) for user in users}


@transaction.atomic
def choose(*, user: User, ways: Mapping[str, str], digest_hour: int, language: str) -> NotificationSettings:
    """Write down how a member wants to hear of each kind. What is not named stays as it is.

    Raises ValidationError: also for an owner who would not hear of high alerts at once.
    """
    row = _locked(user)
    unknown = [kind for kind, way in ways.items() if kind not in NotificationKind.values or way not in Way.values]
    if unknown:
        raise ValidationError({unknown[0]: ValidationError(_("Choose one of these ways."), code="invalid_choice")})
    high = NotificationKind.ALERT_HIGH.value
    if ways.get(high, Way.AT_ONCE) != Way.AT_ONCE and owns_something(user):
        text = _("An owner hears of these by mail at once: an attack does not wait until somebody looks.")
        raise ValidationError({high: ValidationError(text, code="owner_hears")})
    row.ways = row.ways | dict(ways)
    row.digest_hour, row.language = digest_hour, language
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def show_setup(*, user: User, is_shown: bool) -> None:
    """Put the checklist of the first steps away, or bring it back, for this member."""
    row = _locked(user)
    row.hides_setup = not is_shown
    row.save(update_fields=["hides_setup"])


def owns_something(user: User) -> bool:
    """Say whether this user owns a property. In the user's own context, or the one of a property they own."""
    return Membership.objects.filter(user=user, role=Role.OWNER, is_active=True).exists()


@transaction.atomic
def mark_read(*, tenant: Property, user: User, pk: uuid.UUID | None = None) -> int:
    """Mark one notification of this member here as read, or with None all; return how many were not yet."""
    rows = Notification.objects.filter(tenant=tenant, user=user, read_at=None)
    if pk is not None:
        rows = rows.filter(pk=pk)
    # What was read needs no letter any more.
    return rows.update(read_at=timezone.now(), next_try_at=None)


def expire(*, tenant_id: uuid.UUID) -> int:
    """Delete what was read ninety days ago, or never within a year; return how many. The context is entered."""
    now = timezone.now()
    over = Q(read_at__lt=now - READ_KEPT) | Q(created_at__lt=now - UNREAD_KEPT)
    return Notification.objects.filter(over, tenant=tenant_id).delete()[0]


def _locked(user: User) -> NotificationSettings:
    row, _is_new = NotificationSettings.objects.get_or_create(user=user)
    return NotificationSettings.objects.select_for_update(of=("self",)).get(pk=row.pk)
