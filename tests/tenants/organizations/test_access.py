"""The one door for tenants: who comes in, with which rights, and what PostgreSQL shows meanwhile."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.models import Permission as AuthPermission
from django.core.exceptions import PermissionDenied
from guardian.shortcuts import assign_perm

from tenants.organizations.access import get_public_tenant, get_tenant, permissions_of, tenants_of
from tenants.organizations.models import Property, User
from tenants.organizations.roles import ROLE_PERMISSIONS, Permission, Role
from tenants.organizations.scoping import current_tenant_id
from tenants.organizations.services.accounts import create_account
from tenants.organizations.services.members import change_role, remove_member, restore_member
from tests import factories
from tests.roles import database_role


@pytest.mark.parametrize("role", Role)
def test_a_member_has_exactly_the_permissions_of_the_role(tenant: Property, role: Role) -> None:
    user = factories.make_member(tenant, role)
    granted = get_tenant(user=user, slug=tenant.slug, permission=Permission.VIEW_HOME).granted
    assert granted == ROLE_PERMISSIONS[role]


def test_every_permission_is_somebodys_and_the_owner_has_all() -> None:
    assert ROLE_PERMISSIONS[Role.OWNER] == frozenset(Permission)
    assert set(ROLE_PERMISSIONS) == set(Role)


def test_an_auditor_changes_nothing_and_sees_nobody() -> None:
    may = ROLE_PERMISSIONS[Role.AUDITOR]
    assert all(permission.startswith("view_") for permission in may)
    assert not may & {Permission.VIEW_PEOPLE, Permission.VIEW_REQUESTS}


def test_a_member_without_the_permission_is_refused_and_the_context_is_closed(tenant: Property) -> None:
    user = factories.make_member(tenant, Role.AUDITOR)
    with pytest.raises(PermissionDenied):
        get_tenant(user=user, slug=tenant.slug, permission=Permission.MANAGE_PREMISES)
    assert current_tenant_id() == ""


def test_strangers_find_nothing_and_the_context_is_closed(tenant: Property) -> None:
    stranger = factories.make_member(factories.make_property(), Role.OWNER)
    admin = create_account(email="root@example.com", password=factories.PASSWORD, is_platform_staff=True)
    for user in (stranger, admin, AnonymousUser()):
        with pytest.raises(Property.DoesNotExist):
            get_tenant(user=user, slug=tenant.slug, permission=Permission.VIEW_HOME)
    with pytest.raises(Property.DoesNotExist):
        get_tenant(user=stranger, slug="no-such-place", permission=Permission.VIEW_HOME)
    with pytest.raises(Property.DoesNotExist):
        get_tenant(user=stranger, slug=tenant.slug, permission=Permission.VIEW_HOME)
    assert current_tenant_id() == ""


def test_a_grant_without_a_membership_opens_nothing(tenant: Property) -> None:
    stranger = factories.make_member(factories.make_property(), Role.OWNER)
    assign_perm("organizations.view_home", stranger, tenant)
    with pytest.raises(Property.DoesNotExist):
        get_tenant(user=stranger, slug=tenant.slug, permission=Permission.VIEW_HOME)


def test_a_global_permission_and_a_superusers_power_add_nothing(tenant: Property) -> None:
    user = factories.make_member(tenant, Role.AUDITOR)
    with database_role("owner"):
        user.user_permissions.add(*AuthPermission.objects.filter(codename=Permission.MANAGE_PREMISES.value))
        user.is_superuser = True
        user.save()
    granted = get_tenant(user=user, slug=tenant.slug, permission=Permission.VIEW_HOME).granted
    assert granted == ROLE_PERMISSIONS[Role.AUDITOR]


def test_a_removed_member_finds_nothing_until_taken_back(tenant: Property) -> None:
    user = factories.make_member(tenant, Role.MANAGER)
    membership = user.memberships.get(tenant=tenant)
    remove_member(tenant=tenant, membership=membership)
    assert not user.propertyuserpermission_set.exists()
    with pytest.raises(Property.DoesNotExist):
        get_tenant(user=user, slug=tenant.slug, permission=Permission.VIEW_HOME)
    from tenants.organizations.scoping import enter_tenant

    enter_tenant(tenant.pk)
    restore_member(tenant=tenant, membership=membership)
    granted = get_tenant(user=user, slug=tenant.slug, permission=Permission.VIEW_HOME).granted
    assert granted == ROLE_PERMISSIONS[Role.MANAGER]


def test_a_closed_account_finds_nothing(tenant: Property) -> None:
    user = factories.make_member(tenant, Role.OWNER)
    user.is_active = False
    user.save()
    with pytest.raises(Property.DoesNotExist):
        get_tenant(user=user, slug=tenant.slug, permission=Permission.VIEW_HOME)


def test_another_role_takes_the_old_rights_away(tenant: Property) -> None:
    user = factories.make_member(tenant, Role.MANAGER)
    change_role(tenant=tenant, membership=user.memberships.get(tenant=tenant), role=Role.FRONT_DESK)
    granted = get_tenant(user=user, slug=tenant.slug, permission=Permission.VIEW_HOME).granted
    assert granted == ROLE_PERMISSIONS[Role.FRONT_DESK]


def test_the_switcher_shows_the_properties_of_active_memberships(tenant: Property) -> None:
    user = factories.make_member(tenant, Role.MANAGER)
    other = factories.make_property()
    factories.make_member(other, Role.AUDITOR, email=user.email)
    left = factories.make_property()
    factories.make_member(left, Role.AUDITOR, email=user.email)
    remove_member(tenant=left, membership=user.memberships.get(tenant=left))
    assert set(tenants_of(user=user)) == {tenant, other}


def test_a_public_page_enters_the_context_of_its_property(tenant: Property) -> None:
    other = factories.make_property()
    assert get_public_tenant(slug=tenant.slug) == tenant
    assert current_tenant_id() == str(tenant.pk) != str(other.pk)


def test_a_closed_account_has_no_right_whatever_rows_are_left(tenant: Property, owner: User) -> None:
    assert permissions_of(user=owner, tenant=tenant)
    owner.is_active = False
    assert permissions_of(user=owner, tenant=tenant) == frozenset()
