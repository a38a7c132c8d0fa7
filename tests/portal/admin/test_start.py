"""A handler begins on one page of the platform admin: contract, first property, first owner, and what happens next."""

from datetime import date

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tenants.organizations.models import Handler, Membership, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tests import factories

START = "admin:start"
FIELDS = {
    "handler": "",
    "handler_name": "杭州安居物业",
    "credit_code": "91330100ma27abcd5x",
    "contact_name": "王",
    "contact_phone": "0571-1",
    "contract_signed_on": "2026-01-01",
    "kind": "compound",
    "name": "玉兰苑",
    "slug": "magnolia",
    "storage_mode": "on_device",
    "owner_email": "owner@example.com",
}


@pytest.fixture
def staff(db: None) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_user("staff@example.com", factories.PASSWORD, is_staff=True))
    return client


def test_everything_is_made_at_once_and_the_owner_is_invited(staff: Client) -> None:
    answer = staff.post(reverse(START), FIELDS, follow=True)
    tenant = Property.objects.select_related("handler").get()
    assert (tenant.handler.credit_code, tenant.handler.contract_signed_on) == ("91330100MA27ABCD5X", date(2026, 1, 1))
    enter_tenant(tenant.pk)
    assert Membership.objects.get(tenant=tenant).role == Role.OWNER
    assert mail.outbox[0].to == ["owner@example.com"]
    page = answer.content.decode()
    assert "What happens next" in page and "Send the invitation again" in page


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"credit_code": "short"}, "credit_code"),
        ({"handler_name": ""}, "handler_name"),
        ({"slug": "Not an address"}, "slug"),
        ({"owner_email": "staff@example.com"}, "owner_email"),
        ({"owner_email": "nobody"}, "owner_email"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_made(
    staff: Client, about: dict[str, str], field: str
) -> None:
    answer = staff.post(reverse(START), FIELDS | about)
    assert set(answer.context["form"].errors) == {field}
    assert not Handler.objects.exists() and not Property.objects.exists() and not mail.outbox


def test_a_handler_that_is_there_gets_another_property(staff: Client) -> None:
    handler = factories.make_handler()
    new = dict.fromkeys(("handler_name", "credit_code", "contact_name", "contact_phone", "contract_signed_on"), "")
    staff.post(reverse(START), FIELDS | new | {"handler": str(handler.pk)})
    assert Property.objects.get().handler == handler


def test_the_letter_is_sent_again_to_an_owner_of_this_property(staff: Client) -> None:
    staff.post(reverse(START), FIELDS)
    tenant = Property.objects.get()
    enter_tenant(tenant.pk)
    owner = Membership.objects.get(tenant=tenant)
    address = reverse("admin:started", args=[tenant.pk])
    assert staff.post(address, {"owner": str(owner.pk)}).status_code == 302
    assert len(mail.outbox) == 2
    other = factories.make_member(factories.make_property(), Role.OWNER).memberships.get()
    assert staff.post(address, {"owner": str(other.pk)}).status_code == 404


def test_the_first_page_leads_there_and_tells_which_contracts_end(staff: Client) -> None:
    over = factories.make_handler(contract_ends_on=date(2026, 1, 1))
    page = staff.get(reverse("admin:index")).content.decode()
    assert reverse(START) in page and "is over" in page
    assert "Social" not in page and "Directories" in page
    listed = staff.get(reverse("admin:organizations_handler_changelist"), {"contract": "over"}).content.decode()
    assert over.name in listed


def test_a_member_of_a_property_opens_none_of_these(tenant: Property, owner: User) -> None:
    client = Client()
    client.force_login(owner)
    for name in (START, "admin:versions", "admin:health"):
        assert client.get(reverse(name), follow=True).status_code == 403
