"""An emergency in the platform admin: explained, confirmed, told to the property, and the only way in for staff."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal.security.models import AccessEvent
from tenants.organizations.kinds import EmergencyScope
from tenants.organizations.models import EmergencyAccess, Membership, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.people.owner_letters import tell_of_role, tell_owners
from tests import factories
from tests.architecture.routes import member_routes
from tests.senders import Postbox

REASON = "东门所有终端离线，物业请求平台排查原因与影响。"
ADD = "admin:organizations_emergencyaccess_add"


@pytest.fixture
def staff(db: None) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_user("staff@example.com", factories.PASSWORD, is_staff=True))
    return client


def fields(tenant: Property, **about: str) -> dict[str, str]:
    required = {"property": str(tenant.pk), "hours": "2", "reason": REASON, "scope": "auditor", "understood": "on"}
    return required | {"wider_because": ""} | about


def started(staff: Client, tenant: Property, **about: str) -> EmergencyAccess:
    answer = staff.post(reverse(ADD), fields(tenant, **about))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    enter_tenant(tenant.pk)
    return EmergencyAccess.objects.get(tenant=tenant)


def test_staff_look_in_by_an_emergency_alone(staff: Client, tenant: Property, owner: User) -> None:
    assert staff.get(reverse("today", args=[tenant.slug])).status_code == 404
    explained = staff.get(reverse(ADD)).content.decode()
    assert "An owner can end it at any time" in explained
    emergency = started(staff, tenant)
    page = staff.get(reverse("today", args=[tenant.slug]))
    assert "You look in under emergency access" in page.content.decode()
    assert staff.get(reverse("people", args=[tenant.slug])).status_code == 403, "An auditor sees nobody's name"
    enter_tenant(tenant.pk)
    subjects = AccessEvent.objects.filter(tenant=tenant.pk, kind="emergency_read").values_list("subject", flat=True)
    assert set(subjects) == {f"emergency:{emergency.pk}"}


def test_what_is_read_under_a_wider_one_is_noted_with_its_id(staff: Client, tenant: Property) -> None:
    person = factories.make_person(tenant)
    emergency = started(staff, tenant, scope="manager", wider_because="要核对是哪些住户的人脸没有删除，须看名单。")
    assert staff.get(reverse("person", args=[tenant.slug, person.pk])).status_code == 200
    assert staff.get(f"/api/v1/properties/{tenant.slug}/people/").status_code == 200
    enter_tenant(tenant.pk)
    for kind in ("identity_read", "identities_listed"):
        event = AccessEvent.objects.filter(tenant=tenant.pk, kind=kind).latest("pk")
        assert event.facts["emergency"] == str(emergency.pk)


@pytest.mark.parametrize(
    ("about", "field"),
    [({"reason": "太短"}, "reason"), ({"understood": ""}, "understood"), ({"hours": "5"}, "hours")],
)
def test_what_is_missing_stands_beside_its_field(
    staff: Client, tenant: Property, about: dict[str, str], field: str
) -> None:
    answer = staff.post(reverse(ADD), fields(tenant, **about))
    assert set(answer.context["adminform"].form.errors) == {field}
    assert staff.get(reverse("today", args=[tenant.slug])).status_code == 404


def test_its_staff_member_ends_it_and_no_colleague(staff: Client, tenant: Property) -> None:
    emergency = started(staff, tenant)
    change = reverse("admin:organizations_emergencyaccess_change", args=[emergency.pk])
    colleague = Client()
    colleague.force_login(User.objects.create_superuser("root@example.com"))
    assert colleague.post(change, {"end_now": "on"}).status_code == 403
    assert "end_now" in staff.get(change).content.decode()
    assert staff.post(change, {"end_now": "on"}).status_code == 302
    assert staff.get(reverse("today", args=[tenant.slug])).status_code == 404
    assert "end_now" not in staff.get(change).content.decode(), "What is over is read only"


def test_the_owners_are_told_by_a_letter_that_names_no_reason(
    staff: Client,
    tenant: Property,
    owner: User,
    settings: Settings,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    settings.MAIL_SENDER, settings.PUBLIC_URL = "tests.senders.Postbox", "https://portal.example"
    Postbox.sent.clear()
    factories.make_member(tenant, Role.PRIVACY_OFFICER)
    with django_capture_on_commit_callbacks() as queued:
        emergency = started(staff, tenant)
    assert len(queued) == 1, "The rehearsal of the form tells nobody"
    assert tell_owners(tenant_id=tenant.pk, emergency_id=emergency.pk)
    [letter] = Postbox.sent
    assert letter.to == owner.email
    assert "staff@example.com" in letter.text and f"/t/{tenant.slug}/members/emergencies/" in letter.text
    assert REASON not in letter.text


def test_a_letter_that_did_not_leave_is_tried_again(
    staff: Client, tenant: Property, owner: User, settings: Settings
) -> None:
    settings.MAIL_SENDER, settings.PUBLIC_URL = "tests.senders.Silent", "https://portal.example"
    emergency = started(staff, tenant)
    assert not tell_owners(tenant_id=tenant.pk, emergency_id=emergency.pk)


def test_the_owners_are_told_whom_staff_gave_a_role(
    staff: Client,
    tenant: Property,
    owner: User,
    settings: Settings,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    settings.MAIL_SENDER, settings.PUBLIC_URL = "tests.senders.Postbox", "https://portal.example"
    Postbox.sent.clear()
    about = {"property": str(tenant.pk), "email": "new@example.com", "name": "", "role": "owner"}
    with django_capture_on_commit_callbacks() as added:
        staff.post(reverse("admin:organizations_membership_add"), about)
    enter_tenant(tenant.pk)
    member = Membership.objects.get(tenant=tenant, user__email="new@example.com")
    assert tell_of_role(tenant_id=tenant.pk, membership_id=member.pk)
    [letter] = Postbox.sent
    assert letter.to == owner.email and "new@example.com" in letter.text, "The new one is not told of themselves"
    change = reverse("admin:organizations_membership_change", args=[member.pk])
    with django_capture_on_commit_callbacks() as removed:
        staff.post(change, {"role": "owner"})
    with django_capture_on_commit_callbacks() as back:
        staff.post(change, {"role": "manager", "is_active": "on"})
    assert [len(queued) for queued in (added, removed, back)] == [1, 0, 1]


def test_staff_make_none_of_their_own_a_member(staff: Client, tenant: Property) -> None:
    add = reverse("admin:organizations_membership_add")
    answer = staff.post(add, {"property": str(tenant.pk), "email": "Staff@example.com", "name": "", "role": "owner"})
    assert "start an emergency access" in answer.content.decode()
    enter_tenant(tenant.pk)
    former = factories.make_member(tenant, Role.OWNER, "former@example.com").memberships.get()
    User.objects.filter(email="former@example.com").update(is_staff=True)
    change = reverse("admin:organizations_membership_change", args=[former.pk])
    answer = staff.post(change, {"role": "manager", "is_active": "on"})
    assert "start an emergency access" in answer.content.decode()
    enter_tenant(tenant.pk)
    assert not Membership.objects.filter(user__email="staff@example.com").exists()


@pytest.mark.parametrize("scope", EmergencyScope)
def test_an_auditors_view_shows_no_resident_on_any_page_or_list(
    staff: Client, tenant: Property, scope: EmergencyScope
) -> None:
    factories.make_person(tenant, "李秀英特别", phone="13912345678")
    started(staff, tenant, scope=scope.value, wider_because="要核对是哪些住户的人脸没有删除，须看名单。")
    found = {}
    for route in member_routes():
        if route.keys == ("slug",) and "get" in route.methods:
            found[route.name] = staff.get(reverse(route.name, args=[tenant.slug]))
    assert {name for name, answer in found.items() if answer.status_code >= 500} == set()
    named = {name for name, answer in found.items() if "李秀英特别" in b"".join(answer).decode(errors="ignore")}
    assert bool(named) == (scope == EmergencyScope.MANAGER), named
    assert sum(answer.status_code == 200 for answer in found.values()) > 20


def test_the_platforms_own_pages_name_nobody_of_a_property(staff: Client, tenant: Property) -> None:
    """Nobody who lives there: members work there."""
    factories.make_person(tenant, "李秀英特别", phone="13912345678")
    for model in ("organizations_property", "organizations_membership", "auditlog_logentry", "security_accessevent"):
        page = staff.get(reverse(f"admin:{model}_changelist")).content.decode()
        assert "李秀英特别" not in page and "13912345678" not in page
