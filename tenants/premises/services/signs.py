"""Asking colleagues for a new photo of a sign (Measures Art 13). Recording one is `devices.record_sign`."""

import uuid
from collections.abc import Collection
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Membership, Notification, Property, User
from tenants.organizations.news import ABOUT, NotificationKind
from tenants.organizations.roles import roles_with
from tenants.organizations.scoping import require_same_tenant
from tenants.organizations.services.notifications import tell
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device

# Nobody is told of the same sign twice within this time.
PAUSE = timedelta(days=7)


@transaction.atomic
def ask_for_photo(*, tenant: Property, device: Device, actor: User) -> None:
    """Tell the other members who look after devices. Nothing of the device changes. Raises ValidationError:
    `retired`, `nobody` without such a member, `asked` within a week of the last time."""
    require_same_tenant(tenant, device)
    if device.state == DeviceState.RETIRED:
        raise ValidationError(_("This device is retired."), code="retired")
    if not others(tenant=tenant, actor=actor):
        raise ValidationError(_("Nobody else here looks after devices."), code="nobody")
    if asked_lately(tenant=tenant, devices=[device.pk]):
        raise ValidationError(_("A photo of this sign was asked for within the last week."), code="asked")
    today = timezone.localdate().isoformat()
    tell(tenant=tenant, kind=NotificationKind.SIGN_ASKED, subject=device, occasion=today, but_not=actor.pk)


def others(*, tenant: Property, actor: User) -> bool:
    """Say whether another member than this one may record a photo."""
    roles = roles_with(ABOUT[NotificationKind.SIGN_ASKED].permission)
    members = Membership.objects.filter(tenant=tenant, is_active=True, user__is_active=True, role__in=roles)
    return members.exclude(user=actor).exists()


def asked_lately(*, tenant: Property, devices: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return of these devices those whose sign was asked for within a week. One query."""
    kind = Device._meta.model_name
    wanted = {f"{kind}:{pk}": pk for pk in devices}
    told = Notification.objects.filter(
        tenant=tenant, kind=NotificationKind.SIGN_ASKED, subject__in=wanted, created_at__gt=timezone.now() - PAUSE
    )
    return {wanted[subject] for subject in told.order_by().values_list("subject", flat=True).distinct()}
