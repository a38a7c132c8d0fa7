"""Members: added by e-mail, never the last owner removed."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from tenants.organizations.models import Membership, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.members import add_member
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_new_address_gets_a_letter_to_set_a_password(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    client.post(at("member_add"), {"email": "new@example.com", "name": "小陈", "role": "front_desk"})
    (letter,) = mail.outbox
    assert letter.to == ["new@example.com"]
    assert "/accounts/invitation/" in letter.body


def test_a_known_address_gets_no_letter(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    known = factories.make_member(factories.make_property(), Role.MANAGER)
    client.post(at("member_add"), {"email": known.email, "role": "auditor"})
    enter_tenant(tenant.pk)
    assert Membership.objects.get(tenant=tenant, user=known).role == Role.AUDITOR
    assert not mail.outbox


def test_the_last_owner_stays(client: Client, tenant: Property, owner: User, at: Callable[..., str]) -> None:
    enter_tenant(tenant.pk)
    member = Membership.objects.get(tenant=tenant, user=owner)
    for page, data in (("member_edit", {"role": "auditor"}), ("member_remove", {})):
        assert client.post(at(page, member), data).context["form"].non_field_errors()


def test_a_member_is_removed_and_taken_back(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    user = factories.make_member(tenant, Role.MANAGER)
    member = Membership.objects.get(tenant=tenant, user=user)
    theirs = Client()
    theirs.force_login(user)
    for page, status in (("member_remove", 404), ("member_restore", 200)):
        client.post(at(page, member))
        assert theirs.get(at("today")).status_code == status


def test_a_membership_elsewhere_cannot_be_opened(
    client: Client, tenant: Property, owner: User, at: Callable[..., str]
) -> None:
    other = factories.make_property()
    member = add_member(tenant=other, email=owner.email, role=Role.OWNER)
    assert client.get(at("member_edit", member)).status_code == 404
