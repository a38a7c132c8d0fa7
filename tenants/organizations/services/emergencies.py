"""Emergency access: platform staff look into one property for hours, with a reason, and the property sees it."""

from collections.abc import Callable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.access import permissions_of
from tenants.organizations.kinds import EmergencyScope
from tenants.organizations.models import EmergencyAccess, Membership, Property, User
from tenants.organizations.oversight import LEAST_REASON
from tenants.organizations.roles import Permission
from tenants.organizations.scoping import tenant_context

MOST_HOURS = 4

Listener = Callable[[EmergencyAccess], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Hear of each emergency access that starts, in its transaction: the owners are told by a room above."""
    if listener not in _listeners:
        _listeners.append(listener)


@transaction.atomic
def start(
    *,
    tenant: Property,
    staff: User,
    hours: int,
    reason: str,
    scope: EmergencyScope | str = EmergencyScope.AUDITOR,
    wider_because: str = "",
) -> EmergencyAccess:
    """Let `staff` into one property from now on. The property is told at once. In no other tenant's context.

    Raises ValidationError by field: hours outside 1 to 4, a reason of fewer than 20 characters, more than an
    auditor's view without a justification; for somebody who is no platform staff, a member, or inside already.
    """
    with tenant_context(tenant.pk):
        # Two presses of the button make one access.
        staff = User.objects.select_for_update(no_key=True).get(pk=staff.pk)
        _require_outsider(tenant, staff)
        _require_reasons(hours, reason, EmergencyScope(scope), wider_because)
        now = timezone.now()
        emergency = EmergencyAccess(
            tenant=tenant,
            staff=staff,
            scope=EmergencyScope(scope),
            reason=reason.strip(),
            wider_because=wider_because.strip(),
            started_at=now,
            ends_at=now + timedelta(hours=hours),
        )
        emergency.full_clean()
        emergency.save()
        for listener in _listeners:
            listener(emergency)
    return emergency


@transaction.atomic
def end(*, tenant: Property, emergency: EmergencyAccess, actor: User) -> EmergencyAccess:
    """End an emergency access before its hour. From the commit on it opens nothing.

    Raises ValidationError when it is over, and for anybody but its own staff member and an owner.
    """
    with tenant_context(tenant.pk):
        emergency = EmergencyAccess.objects.select_for_update(of=("self",)).get(pk=emergency.pk, tenant=tenant)
        is_owner = Permission.MANAGE_MEMBERS in permissions_of(user=actor, tenant=tenant)
        if actor.pk != emergency.staff_id and not is_owner:
            raise ValidationError(
                _("Only an owner of the property, or whoever started it, ends it. Ask one of them."), code="not_allowed"
            )
        if not emergency.is_standing:
            raise ValidationError(_("This emergency access is over already. Nothing is left to do."), code="over")
        emergency.ended_at, emergency.ended_by = timezone.now(), actor
        emergency.save(update_fields=["ended_at", "ended_by"])
    return emergency


def _require_outsider(tenant: Property, staff: User) -> None:
    if not staff.is_staff or not staff.is_active:
        raise ValidationError(_("Only platform staff start an emergency access."), code="not_staff")
    if Membership.objects.filter(tenant=tenant, user=staff, is_active=True).exists():
        raise ValidationError(
            _("You are a member of this property and need no emergency access. Sign in there."), code="member"
        )
    if EmergencyAccess.objects.standing().filter(tenant=tenant, staff=staff).exists():
        raise ValidationError(
            _("Your emergency access to this property still runs. End it first, or use it."), code="running"
        )


def _require_reasons(hours: int, reason: str, scope: EmergencyScope, wider_because: str) -> None:
    errors: dict[str, ValidationError] = {}
    if not 1 <= hours <= MOST_HOURS:
        errors["hours"] = ValidationError(_("Between one and four hours. Start another one then."), code="hours")
    if len(reason.strip()) < LEAST_REASON:
        errors["reason"] = ValidationError(
            _("Give the reason in at least 20 characters: the property reads it."), code="reason"
        )
    if scope != EmergencyScope.AUDITOR and len(wider_because.strip()) < LEAST_REASON:
        errors["wider_because"] = ValidationError(
            _("Say in at least 20 characters why an auditor's view is not enough."), code="wider_because"
        )
    if errors:
        raise ValidationError(errors)
