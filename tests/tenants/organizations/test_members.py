"""Members: one owner at least, one membership per user, also when two people act at once."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from tenants.organizations.models import Membership, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import tenant_context
from tenants.organizations.services.members import add_member, change_role, remove_member
from tenants.organizations.services.users import update_user
from tests import factories
from tests.threads import Job, interleave


def membership_of(tenant: Property, user: User) -> Membership:
    return Membership.objects.get(tenant=tenant, user=user)


def test_a_new_member_has_no_password_until_setting_one(tenant: Property) -> None:
    membership = add_member(tenant=tenant, email="New.Person@Example.com", role=Role.MANAGER)
    assert membership.user.email == "new.person@example.com"
    assert not membership.user.has_usable_password()


def test_a_user_joins_once_whatever_the_case_of_the_address(tenant: Property) -> None:
    add_member(tenant=tenant, email="one@example.com", role=Role.MANAGER)
    with pytest.raises(ValidationError), transaction.atomic():
        add_member(tenant=tenant, email="ONE@example.com", role=Role.AUDITOR)
    assert User.objects.filter(email__iexact="one@example.com").count() == 1


@pytest.mark.parametrize("email", ["", "not an address", "a@b"])
def test_a_bad_address_makes_no_account(tenant: Property, email: str) -> None:
    with pytest.raises(ValidationError):
        add_member(tenant=tenant, email=email, role=Role.MANAGER)
    assert not User.objects.filter(email=email).exists()


def test_an_unknown_role_is_refused(tenant: Property) -> None:
    with pytest.raises(ValueError, match="emperor"):
        add_member(tenant=tenant, email="one@example.com", role="emperor")


@pytest.mark.parametrize("act", [remove_member, lambda **kwargs: change_role(role=Role.MANAGER, **kwargs)])
def test_the_last_owner_stays(tenant: Property, owner: User, act: object) -> None:
    with pytest.raises(ValidationError) as refused:
        act(tenant=tenant, membership=membership_of(tenant, owner))
    assert refused.value.code == "last_owner"
    membership = membership_of(tenant, owner)
    assert (membership.role, membership.is_active) == (Role.OWNER, True)


def close(user: User, actor: User) -> User:
    return update_user(user=user, actor=actor, name=user.name, is_active=False, is_staff=user.is_staff)


def test_an_owner_whose_account_is_closed_is_none(tenant: Property, owner: User) -> None:
    other = factories.make_member(tenant, Role.OWNER)
    close(other, actor=owner)
    with pytest.raises(ValidationError) as refused:
        remove_member(tenant=tenant, membership=membership_of(tenant, owner))
    assert refused.value.code == "last_owner"


def test_the_account_of_the_last_owner_is_not_closed(tenant: Property, owner: User) -> None:
    staff = User.objects.create_superuser("root@example.com")
    with pytest.raises(ValidationError) as refused:
        close(owner, actor=staff)
    assert refused.value.error_dict["is_active"][0].code == "last_owner"
    assert tenant.name in str(refused.value)
    factories.make_member(tenant, Role.OWNER)
    assert not close(owner, actor=staff).is_active


def test_an_owner_leaves_when_another_stays(tenant: Property, owner: User) -> None:
    factories.make_member(tenant, Role.OWNER)
    assert not remove_member(tenant=tenant, membership=membership_of(tenant, owner)).is_active


def test_a_member_of_another_property_cannot_be_changed_here(tenant: Property) -> None:
    other = factories.make_property()
    foreign = membership_of(other, factories.make_member(other, Role.MANAGER))
    with pytest.raises(ValidationError) as refused:
        remove_member(tenant=tenant, membership=foreign)
    assert refused.value.code == "different_tenants"


class TestAtOnce:
    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture
    def two_owners(self) -> tuple[Property, list[User]]:
        with transaction.atomic():
            tenant = factories.make_property()
            return tenant, [factories.make_member(tenant, Role.OWNER) for _one in range(2)]

    def job(self, tenant: Property, work: object, pause_before: str = "") -> Job:
        def run() -> object:
            with tenant_context(tenant.pk):
                return work()

        return Job(run, pause_before=pause_before)

    def test_two_owners_who_remove_each_other_leave_one(self, two_owners: tuple) -> None:
        tenant, (one, two) = two_owners
        removed, refused = interleave(
            self.job(
                tenant,
                lambda: remove_member(tenant=tenant, membership=membership_of(tenant, two)),
                pause_before='UPDATE "organizations_membership"',
            ),
            self.job(tenant, lambda: remove_member(tenant=tenant, membership=membership_of(tenant, one))),
        )
        assert isinstance(removed, Membership)
        assert isinstance(refused, ValidationError)
        with tenant_context(tenant.pk):
            assert Membership.objects.filter(role=Role.OWNER, is_active=True).count() == 1

    def test_one_owner_removed_and_the_other_ones_account_closed_leave_one(self, two_owners: tuple) -> None:
        tenant, (one, two) = two_owners
        staff = User.objects.create_superuser("root@example.com")
        with tenant_context(tenant.pk):
            leaving = membership_of(tenant, one)
        closed, refused = interleave(
            self.job(tenant, lambda: close(two, actor=staff), pause_before='UPDATE "organizations_user"'),
            self.job(tenant, lambda: remove_member(tenant=tenant, membership=leaving)),
        )
        assert isinstance(closed, User)
        assert isinstance(refused, ValidationError)

    def test_a_new_role_does_not_bring_a_removed_member_back(self, two_owners: tuple) -> None:
        tenant, _owners = two_owners
        with tenant_context(tenant.pk):
            clerk = membership_of(tenant, factories.make_member(tenant, Role.FRONT_DESK))
            seen_by_another = Membership.objects.get(pk=clerk.pk)
            remove_member(tenant=tenant, membership=clerk)
            change_role(tenant=tenant, membership=seen_by_another, role=Role.MANAGER)
            membership = Membership.objects.get(pk=clerk.pk)
            assert (membership.is_active, membership.role) == (False, Role.MANAGER)
            assert not membership.user.propertyuserpermission_set.exists()
