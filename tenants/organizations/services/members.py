"""Members and their rights: the only writer of guardian permissions."""

import uuid
from collections.abc import Collection

from django.contrib.auth.models import Permission as AuthPermission
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Membership, Property, PropertyUserPermission, User
from tenants.organizations.roles import ROLE_PERMISSIONS, Role
from tenants.organizations.scoping import require_same_tenant


@transaction.atomic
def add_member(*, tenant: Property, email: str, role: Role | str, name: str = "") -> Membership:
    """Give a user, known or new, a role here. A new user has no password until they set one by mail.

    Raises ValidationError when the user is already a member.
    """
    email = User.objects.normalize_email(email).lower()
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User(email=email, name=name)
        user.set_unusable_password()
        user.full_clean(exclude=["password"])
        user.save()
    membership = Membership(tenant=tenant, user=user, role=Role(role))
    membership.full_clean()
    membership.save()
    _sync(membership)
    return membership


@transaction.atomic
def change_role(*, tenant: Property, membership: Membership, role: Role | str) -> Membership:
    """Change a member's role. Raises ValidationError when nobody would own the property."""
    return _change(tenant, membership, role=Role(role))


@transaction.atomic
def remove_member(*, tenant: Property, membership: Membership) -> Membership:
    """End a membership; the row stays as evidence. Raises ValidationError for the last owner."""
    return _change(tenant, membership, is_active=False)


@transaction.atomic
def restore_member(*, tenant: Property, membership: Membership) -> Membership:
    """Take a former member back with the role they had."""
    return _change(tenant, membership, is_active=True)


def _change(tenant: Property, membership: Membership, **fields: object) -> Membership:
    require_same_tenant(tenant, membership)
    owners = hold_owners(tenant_ids=[tenant.pk])
    # What the caller read before may have changed meanwhile: only `fields` may be written.
    membership = (
        Membership.objects.select_for_update(of=("self",)).select_related("user", "tenant").get(pk=membership.pk)
    )
    for name, value in fields.items():
        setattr(membership, name, value)
    stays_owner = membership.is_active and membership.role == Role.OWNER
    if not stays_owner and [owner.pk for owner in owners] == [membership.pk]:
        raise ValidationError(_("The last owner cannot leave. Make somebody else owner first."), code="last_owner")
    membership.save()
    _sync(membership)
    return membership


def hold_owners(*, tenant_ids: Collection[uuid.UUID]) -> list[Membership]:
    """Lock the owners of these properties, and return those who can sign in.

    Two changes at once leave one of them; one order keeps two such changes from a deadlock.
    """
    owners = Membership.objects.filter(tenant__in=tenant_ids, role=Role.OWNER, is_active=True).order_by("pk")
    list(owners.select_for_update(of=("self",)))
    # Asked again under the lock: an account may have been closed while this waited for it.
    return list(owners.filter(user__is_active=True))


def follow_roles(**_kwargs: object) -> None:
    """Give every member what their role may do in this release: a new permission reaches those who are there already.

    Runs after every migration, as the owner; a member whose rights are right costs nothing but one row of one query.
    """
    held = PropertyUserPermission.objects.filter(user=OuterRef("user"), content_object=OuterRef("tenant"))
    rows = Membership.objects.filter(is_active=True).select_related("user", "tenant")
    for membership in rows.annotate(held=ArraySubquery(held.values("permission__codename"))):
        if set(membership.held) != ROLE_PERMISSIONS[Role(membership.role)]:
            _sync(membership)


def _sync(membership: Membership) -> None:
    """Make the guardian rows equal to the role's permissions."""
    wanted = ROLE_PERMISSIONS[Role(membership.role)] if membership.is_active else frozenset()
    held = PropertyUserPermission.objects.filter(user=membership.user, content_object=membership.tenant)
    held.exclude(permission__codename__in=wanted).delete()
    have = set(held.values_list("permission__codename", flat=True))
    missing = AuthPermission.objects.filter(
        content_type__app_label="organizations", codename__in=[p.value for p in wanted if p.value not in have]
    )
    PropertyUserPermission.objects.bulk_create(
        [
            PropertyUserPermission(user=membership.user, permission=permission, content_object=membership.tenant)
            for permission in missing
        ]
    )
