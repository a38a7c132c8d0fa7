"""One door for tenants: the only place where a slug becomes a Property.

A stranger gets DoesNotExist (404 at the doors), a member without the right PermissionDenied (403).
Being platform staff or a superuser opens nothing here.
"""

import uuid

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from guardian.core import ObjectPermissionChecker

from tenants.organizations.models import Membership, Property, User
from tenants.organizations.roles import Permission
from tenants.organizations.scoping import USER_SETTING, enter_tenant, set_local


def get_tenant(*, user: User | AnonymousUser, slug: str, permission: Permission) -> Property:
    """Return the property, its row-level security context entered, for an active member with the right.

    The result carries `granted`, the member's permissions here, for menus and buttons.
    Raises Property.DoesNotExist or PermissionDenied.
    """
    tenant = Property.objects.select_related("handler").get(slug=slug)
    if not user.is_authenticated or not user.is_active:
        raise Property.DoesNotExist
    set_local(USER_SETTING, str(user.pk))
    enter_tenant(tenant.pk)
    if not Membership.objects.filter(tenant=tenant, user=user, is_active=True).exists():
        leave()
        raise Property.DoesNotExist
    tenant.granted = permissions_of(user=user, tenant=tenant)
    if permission not in tenant.granted:
        leave()
        raise PermissionDenied
    return tenant


def leave() -> None:
    """Close the context again: what follows in this transaction (an error page) sees no tenant."""
    set_local("consentry.tenant", "")


def permissions_of(*, user: User, tenant: Property) -> frozenset[Permission]:
    """Return what guardian grants this user here. A superuser's global rights do not count."""
    if user.is_superuser:
        codenames = set(
            user.propertyuserpermission_set.filter(content_object=tenant).values_list("permission__codename", flat=True)
        )
    else:
        codenames = set(ObjectPermissionChecker(user).get_perms(tenant))
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
    """Return the properties in which the user is an active member, for the switcher."""
    set_local(USER_SETTING, str(user.pk))
    mine = Membership.objects.filter(user=user, is_active=True).values("tenant_id")
    return Property.objects.filter(pk__in=mine).select_related("handler")
