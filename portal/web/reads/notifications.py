"""A member's own notifications, and of what they are told at all."""

from django.db.models import QuerySet

from tenants.organizations.access import roles_of
from tenants.organizations.models import Notification, Property, User
from tenants.organizations.news import NotificationKind, kinds_for
from tenants.organizations.roles import ROLE_PERMISSIONS, Permission, Role


def mine(tenant: Property, user: User) -> QuerySet[Notification]:
    """Return what this member may still know, the newest first: who lost a right is shown no link to a closed door."""
    return Notification.objects.filter(tenant=tenant, user=user, kind__in=kinds_for(tenant.granted)).order_by(
        "-created_at", "pk"
    )


def kinds_of(user: User) -> list[NotificationKind]:
    """Return of what somebody is told in any of their properties."""
    return kinds_for(frozenset[Permission]().union(*(ROLE_PERMISSIONS[role] for role in roles_of(user=user))))


def is_owner(user: User) -> bool:
    return Role.OWNER in roles_of(user=user)
