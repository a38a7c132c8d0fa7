"""The platform admin: services behind every form, no face data, and no way in for others."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from portal.admin.pages import PlatformAdmin
from tenants.organizations.models import Handler, Membership, Property, PropertyUserPermission, User
from tenants.organizations.roles import ROLE_PERMISSIONS, Role
from tests import factories


@pytest.fixture
def staff(db: None) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_user("staff@example.com", factories.PASSWORD, is_staff=True))
    return client


@pytest.fixture
def superuser(db: None) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_superuser("root@example.com", factories.PASSWORD))
    return client


def page(name: str, *args: object) -> str:
    return reverse(f"admin:{name}", args=args)


def property_fields(handler: Handler, **fields: str) -> dict[str, str]:
    return {
        "handler": str(handler.pk),
        "slug": "west-lake",
        "kind": "hotel",
        "name": "西湖酒店",
        "name_en": "",
        "address": "",
        "storage_mode": "on_device",
        "owner_email": "owner@example.com",
        "owner_name": "王经理",
    } | fields


def test_no_page_shows_a_person_or_a_face() -> None:
    shown = {model._meta.label for model in admin.site._registry}
    assert shown == {
        "organizations.Handler",
        "organizations.Property",
        "organizations.Membership",
        "organizations.User",
        "socialaccount.SocialApp",
        "organizations.EmergencyAccess",
        "auditlog.LogEntry",
        "security.AccessEvent",
        "security.Alert",
        "operations.FailedTask",
        "operations.Announcement",
    }
    assert all(isinstance(entry, PlatformAdmin) for entry in admin.site._registry.values())


def test_a_stranger_goes_to_the_sign_in_page_and_a_member_gets_403(client: Client, owner: User) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert "next=%2Fadmin%2F" in answer.redirect_chain[-1][0] or "next=/admin/" in answer.redirect_chain[-1][0]
    client.force_login(owner)
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get(page("organizations_handler_changelist"), follow=True).status_code == 403


@pytest.mark.parametrize("name", ["handler", "property", "membership", "user"])
def test_every_list_opens_and_nothing_can_be_deleted(staff: Client, owner: User, name: str) -> None:
    answer = staff.get(page(f"organizations_{name}_changelist"), {"q": "a"})
    assert answer.status_code == 200
    row = {"handler": Handler, "property": Property, "membership": Membership, "user": User}[name].objects.first()
    assert staff.get(page(f"organizations_{name}_change", row.pk)).status_code == 200
    assert staff.get(page(f"organizations_{name}_delete", row.pk)).status_code == 403


def test_members_of_every_property_are_listed(staff: Client, owner: User) -> None:
    factories.make_member(factories.make_property(), Role.AUDITOR, "auditor@example.com")
    seen = staff.get(page("organizations_membership_changelist")).content.decode()
    assert owner.email in seen
    assert "auditor@example.com" in seen


def test_a_handler_is_registered_and_its_errors_stand_beside_their_fields(staff: Client) -> None:
    fields = {
        "name": "杭州安居物业",
        "credit_code": "91330100MA27ABCD5X",
        "contact_name": "王",
        "contact_phone": "1",
        "contact_email": "",
        "address": "",
    }
    add = page("organizations_handler_add")
    wrong = staff.post(add, fields | {"credit_code": "short"})
    assert "credit_code" in wrong.context["adminform"].form.errors
    assert staff.post(add, fields)["Location"] == page("organizations_handler_changelist")
    handler = Handler.objects.get()
    again = staff.post(add, fields)
    assert set(again.context["adminform"].form.errors) == {"name", "credit_code"}
    staff.post(page("organizations_handler_change", handler.pk), fields | {"contact_phone": "0571-1"})
    handler.refresh_from_db()
    assert handler.contact_phone == "0571-1"


def test_a_property_starts_with_its_first_owner(staff: Client) -> None:
    handler = factories.make_handler()
    add = page("organizations_property_add")
    assert staff.post(add, property_fields(handler)).status_code == 302
    tenant = Property.objects.get()
    granted = PropertyUserPermission.objects.filter(content_object=tenant, user__email="owner@example.com")
    assert granted.count() == len(ROLE_PERMISSIONS[Role.OWNER])
    taken = staff.post(add, property_fields(handler, owner_email="other@example.com"))
    assert "slug" in taken.context["adminform"].form.errors
    assert not User.objects.filter(email="other@example.com").exists()


def test_staff_do_not_change_where_a_property_keeps_faces(staff: Client, tenant: Property) -> None:
    fields = {"kind": "compound", "name": "新名", "name_en": "", "address": "", "storage_mode": "on_device"}
    staff.post(page("organizations_property_change", tenant.pk), fields)
    tenant.refresh_from_db()
    assert (tenant.name, tenant.storage_mode) == ("新名", "portal")


def test_a_member_is_added_once(staff: Client, tenant: Property) -> None:
    fields = {"property": str(tenant.pk), "email": "desk@example.com", "name": "", "role": "front_desk"}
    add = page("organizations_membership_add")
    assert staff.post(add, fields).status_code == 302
    assert staff.post(add, fields).status_code == 200
    assert Membership.objects.filter(tenant=tenant).count() == 1


def test_the_last_owner_stays(staff: Client, tenant: Property, owner: User) -> None:
    membership = Membership.objects.get(user=owner)
    change = page("organizations_membership_change", membership.pk)
    for fields in ({"role": "auditor", "is_active": "on"}, {"role": "owner"}):
        answer = staff.post(change, fields)
        assert answer.status_code == 200
        assert "The last owner cannot leave" in answer.content.decode()
    factories.make_member(tenant, Role.OWNER)
    assert staff.post(change, {"role": "auditor"}).status_code == 302
    membership.refresh_from_db()
    assert (membership.role, membership.is_active) == ("auditor", False)


def test_only_a_superuser_names_platform_staff(staff: Client, superuser: Client, owner: User) -> None:
    change = page("organizations_user_change", owner.pk)
    refused = staff.post(change, {"name": "王", "is_active": "on", "is_staff": "on"})
    assert "is_staff" in refused.context["adminform"].form.errors
    named = {"name": "王", "is_active": "on", "is_staff": "on", "confirmed": owner.email}
    assert superuser.post(change, named).status_code == 302
    owner.refresh_from_db()
    assert owner.is_staff
    own = superuser.post(
        page("organizations_user_change", User.objects.get(email="root@example.com").pk), {"name": "", "is_active": ""}
    )
    assert "your own rights" in own.content.decode()


def test_the_log_is_of_the_platform_and_cannot_be_changed(staff: Client, tenant: Property) -> None:
    factories.make_person(tenant)
    answer = staff.get(page("auditlog_logentry_changelist"))
    kinds = {entry.content_type.app_label for entry in answer.context["cl"].result_list}
    assert kinds == {"organizations"}
    assert staff.get(page("auditlog_logentry_add")).status_code == 403


def test_health_answers_with_and_without_workers(staff: Client) -> None:
    answer = staff.get(page("health"))
    assert answer.status_code == 200
    found = {str(finding): finding.is_well for finding in answer.context["findings"]}
    assert found["Database"]
    assert found["Broker"]
    assert not found["Worker for the queue recognition"]


def test_admin_pages_open_row_level_security_and_others_do_not(staff: Client, owner: User) -> None:
    member = Client(headers={"accept-language": "en"})
    member.force_login(User.objects.get(email="staff@example.com"))
    tenant = Membership.objects.get(user=owner).tenant
    assert member.get(f"/t/{tenant.slug}/people/").status_code == 404
