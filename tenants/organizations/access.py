"""One door for tenants: the only place where a slug becomes a Property.

A stranger gets DoesNotExist (404 at the doors), a member without the right PermissionDenied (403).
Being platform staff or a superuser opens nothing here: they are strangers but for the hours of an emergency access.
"""

import uuid

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from tenants.organizations.kinds import EmergencyScope
from tenants.organizations.models import EmergencyAccess, Membership, Property, User
from tenants.organizations.roles import EMERGENCY_PERMISSIONS, Permission, Role
from tenants.organizations.scoping import USER_SETTING, enter_tenant, set_local
from tenants.organizations.trail import Happening, Kind, note, tell


def get_tenant(
    *,
    user: User | AnonymousUser,
    slug: str,
    permission: Permission,
    within: frozenset[Permission] | None = None,
) -> Property:
    """Return the property, its row-level security context entered, for an active member with the right.

    Platform staff with an emergency access of this hour come in by it (`emergency`), and each time is written down.

    The result carries `granted`, the member's permissions here, for menus and buttons. `within` is the most that a
    token of theirs may do; None asks for a person.
    Raises Property.DoesNotExist or PermissionDenied.
    """
    tenant = Property.objects.select_related("handler").get(slug=slug)
    if not user.is_authenticated or not user.is_active:
        raise Property.DoesNotExist
    set_local(USER_SETTING, str(user.pk))
    enter_tenant(tenant.pk)
    if Membership.objects.filter(tenant=tenant, user=user, is_active=True).exists():
        tenant.granted = permissions_of(user=user, tenant=tenant)
    else:
        tenant.emergency = _emergency_of(user=user, tenant=tenant)
        if tenant.emergency is None:
            leave()
            raise Property.DoesNotExist
        tenant.granted = EMERGENCY_PERMISSIONS[EmergencyScope(tenant.emergency.scope)]
    if within is not None:
        tenant.granted &= within
    if permission not in tenant.granted:
        leave()
        facts = {"reason": "right", "what": permission.value}
        tell(Happening(kind=Kind.REFUSED, actor=f"user:{user.pk}", tenant_id=tenant.pk, facts=facts))
        raise PermissionDenied
    if tenant.emergency is not None:
        _note_emergency(tenant, tenant.emergency, permission)
    return tenant


def _emergency_of(*, user: User, tenant: Property) -> EmergencyAccess | None:
    """Return the emergency access under which this member of the platform's staff may look in now, if any."""
    if not user.is_staff:
        return None
    return EmergencyAccess.objects.standing().filter(tenant=tenant, staff=user).first()


def _note_emergency(tenant: Property, emergency: EmergencyAccess, permission: Permission) -> None:
    """Write down that somebody came in by it, and for what: nothing is opened under it without a trace."""
    note(
        Happening(
            kind=Kind.EMERGENCY_READ,
            actor=f"user:{emergency.staff_id}",
            tenant_id=tenant.pk,
            subject=f"emergency:{emergency.pk}",
            facts={"right": permission.value},
        )
    )


def leave() -> None:
    """Close the context again: what follows in this transaction (an error page) sees no tenant."""
    set_local("consentry.tenant", "")


def permissions_of(*, user: User, tenant: Property) -> frozenset[Permission]:
    """Return what guardian's rows grant this user here; nothing to a closed account.

    A superuser's global rights do not count; groups have none.
    """
    if not user.is_active:
        return frozenset()
    rows = user.propertyuserpermission_set.filter(content_object=tenant)
    codenames = set(rows.values_list("permission__codename", flat=True))
    return frozenset(Permission(codename) for codename in codenames if codename in Permission.values)


def get_public_tenant(*, slug: str) -> Property:
    """Return the property of a public page (notice, request, personal link) with its context entered.

    Raises Property.DoesNotExist.
    """
    tenant = Property.objects.select_related("handler").get(slug=slug)
    enter_tenant(tenant.pk)
    return tenant


def get_device_tenant(*, tenant_id: uuid.UUID) -> None:
    """Enter the context that the id of a terminal's key names; the key is still to be proved in it."""
    enter_tenant(tenant_id)


def tenants_of(*, user: User) -> QuerySet[Property]:
    """Return the properties that the user may open now, as a member or in an emergency, for the switcher."""
    set_local(USER_SETTING, str(user.pk))
    mine = Q(pk__in=Membership.objects.filter(user=user, is_active=True).values("tenant_id"))
    if user.is_staff:
        mine |= Q(pk__in=EmergencyAccess.objects.standing().filter(staff=user).values("tenant_id"))
    return Property.objects.filter(mine).select_related("handler")


def roles_of(*, user: User) -> set[Role]:
    """Return the roles that the user has in any property, each once."""
    set_local(USER_SETTING, str(user.pk))
    return {Role(role) for role in Membership.objects.filter(user=user, is_active=True).values_list("role", flat=True)}
