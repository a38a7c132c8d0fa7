"""Emergency access of platform staff: hours, a reason, one property, no more than needed, and never the second half."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from portal.security.models import AccessEvent
from tenants.organizations.access import get_tenant, leave, tenants_of
from tenants.organizations.kinds import EmergencyScope
from tenants.organizations.models import EmergencyAccess, Property, User
from tenants.organizations.roles import EMERGENCY_PERMISSIONS, SHARED_ACTS, Permission, Role
from tenants.organizations.scoping import enter_tenant, tenant_context
from tenants.organizations.services import emergencies
from tests import factories
from tests.threads import Job, interleave

REASON = "东门所有终端离线，物业请求平台排查原因与影响。"
WIDER = {"scope": EmergencyScope.MANAGER, "wider_because": "要核对是哪些住户的人脸没有删除，须看名单。"}


@pytest.fixture
def staff(db: None) -> User:
    return User.objects.create_user("staff@example.com", is_staff=True)


def start(tenant: Property, staff: User, **about: Any) -> EmergencyAccess:
    return emergencies.start(**{"tenant": tenant, "staff": staff, "hours": 1, "reason": REASON} | about)


def let_in(tenant: Property, user: User | AnonymousUser, permission: Permission = Permission.VIEW_HOME) -> Property:
    return get_tenant(user=user, slug=tenant.slug, permission=permission)


def is_out(tenant: Property, user: User) -> bool:
    try:
        let_in(tenant, user)
    except Property.DoesNotExist:
        return True
    return False


def test_staff_are_strangers_but_for_the_hours_of_an_emergency(tenant: Property, staff: User) -> None:
    assert is_out(tenant, staff)
    emergency = start(tenant, staff)
    inside = let_in(tenant, staff)
    assert inside.emergency == emergency
    assert inside.granted == EMERGENCY_PERMISSIONS[EmergencyScope.AUDITOR]
    assert list(tenants_of(user=staff)) == [tenant]
    enter_tenant(tenant.pk)
    factories.rewrite(
        EmergencyAccess.objects.all(),
        started_at=timezone.now() - timedelta(hours=2),
        ends_at=timezone.now() - timedelta(hours=1),
    )
    assert is_out(tenant, staff)
    assert not tenants_of(user=staff).exists()


def test_it_opens_one_property_to_one_member_of_staff(tenant: Property, staff: User) -> None:
    other, colleague = factories.make_property(), User.objects.create_superuser("root@example.com")
    start(tenant, staff)
    assert is_out(other, staff)
    assert is_out(tenant, colleague)


@pytest.mark.parametrize(("column", "value"), [("is_staff", False), ("is_active", False)])
def test_who_is_no_staff_any_more_is_out_at_once(tenant: Property, staff: User, column: str, value: bool) -> None:
    start(tenant, staff)
    setattr(staff, column, value)
    staff.save()
    assert is_out(tenant, staff)


def test_an_auditors_view_names_nobody_and_a_wider_one_is_justified(tenant: Property, staff: User) -> None:
    start(tenant, staff)
    with pytest.raises(PermissionDenied):
        let_in(tenant, staff, Permission.VIEW_PEOPLE)
    other = factories.make_property()
    with pytest.raises(ValidationError) as refused:
        start(other, staff, scope=EmergencyScope.MANAGER, wider_because="太短")
    assert set(refused.value.error_dict) == {"wider_because"}
    start(other, staff, **WIDER)
    assert Permission.VIEW_PEOPLE in let_in(other, staff, Permission.VIEW_PEOPLE).granted


def test_no_emergency_completes_what_takes_two_members() -> None:
    second = {halves.completes for halves in SHARED_ACTS.values()} | {Permission.MANAGE_MEMBERS}
    assert all(second.isdisjoint(rights) for rights in EMERGENCY_PERMISSIONS.values())


@pytest.mark.parametrize(
    ("about", "fields"),
    [
        ({"hours": 0}, {"hours"}),
        ({"hours": 5}, {"hours"}),
        ({"reason": "x" * 19}, {"reason"}),
        ({"reason": " " * 40}, {"reason"}),
        ({"hours": 9, "reason": ""}, {"hours", "reason"}),
    ],
)
def test_hours_and_a_reason_are_asked_for(tenant: Property, staff: User, about: dict, fields: set[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        start(tenant, staff, **about)
    assert set(refused.value.error_dict) == fields
    assert is_out(tenant, staff)


def test_members_and_others_start_none(tenant: Property, staff: User) -> None:
    for user, code in (
        (factories.make_member(tenant, Role.OWNER), "not_staff"),
        (factories.make_member(tenant, Role.FRONT_DESK, "staff@example.com"), "member"),
    ):
        user.refresh_from_db()
        with pytest.raises(ValidationError) as refused:
            start(tenant, user)
        assert refused.value.code == code


def test_what_is_opened_under_it_is_written_down_with_its_id(tenant: Property, staff: User) -> None:
    emergency = start(tenant, staff)
    let_in(tenant, staff, Permission.VIEW_AUDIT)
    [event] = AccessEvent.objects.filter(tenant=tenant.pk, kind="emergency_read")
    assert (event.actor, event.subject) == (f"user:{staff.pk}", f"emergency:{emergency.pk}")
    assert event.facts == {"right": "view_audit"}


def test_its_staff_member_and_an_owner_end_it_and_nobody_else(tenant: Property, staff: User, owner: User) -> None:
    for who, code in ((factories.make_member(tenant, Role.PRIVACY_OFFICER), "not_allowed"), (owner, ""), (staff, "")):
        emergency = EmergencyAccess.objects.standing().first() or start(tenant, staff)
        if code:
            with pytest.raises(ValidationError) as refused:
                emergencies.end(tenant=tenant, emergency=emergency, actor=who)
            assert refused.value.code == code
            continue
        assert emergencies.end(tenant=tenant, emergency=emergency, actor=who).ended_by == who
        assert is_out(tenant, staff)
        enter_tenant(tenant.pk)
        with pytest.raises(ValidationError) as over:
            emergencies.end(tenant=tenant, emergency=emergency, actor=who)
        assert over.value.code == "over"


def test_the_database_refuses_more_than_four_hours_and_no_reason(tenant: Property, staff: User) -> None:
    now = timezone.now()
    for broken in ({"ends_at": now + timedelta(hours=5)}, {"reason": "x"}, {"scope": EmergencyScope.MANAGER}):
        about = {
            "tenant": tenant,
            "staff": staff,
            "reason": REASON,
            "started_at": now,
            "ends_at": now + timedelta(hours=1),
        }
        with pytest.raises(IntegrityError), transaction.atomic():
            EmergencyAccess(**about | broken).save()


def test_nothing_of_one_is_rewritten_or_prolonged(tenant: Property, staff: User) -> None:
    emergency = start(tenant, staff)
    rows = EmergencyAccess.objects.filter(pk=emergency.pk)
    for change in ({"reason": "y" * 30}, {"ends_at": timezone.now() + timedelta(hours=4)}):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        rows.delete()
    emergencies.end(tenant=tenant, emergency=emergency, actor=staff)
    with pytest.raises(IntegrityError, match="not rewritten"), transaction.atomic():
        rows.update(ended_at=None, ended_by=None)


def test_without_its_property_at_hand_staff_see_their_own_only(tenant: Property, staff: User) -> None:
    start(tenant, staff)
    start(tenant, User.objects.create_user("other@example.com", is_staff=True))
    leave()
    assert not EmergencyAccess.objects.exists()
    list(tenants_of(user=staff))
    assert [row.staff_id for row in EmergencyAccess.objects.all()] == [staff.pk]


class TestAtOnce:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_two_presses_of_the_button_make_one(self) -> None:
        with transaction.atomic():
            tenant = factories.make_property()
        staff = User.objects.create_user("staff@example.com", is_staff=True)

        def press() -> EmergencyAccess:
            with transaction.atomic():
                return start(tenant, staff)

        first, second = interleave(Job(press, pause_before='INSERT INTO "organizations_emergencyaccess"'), Job(press))
        assert isinstance(first, EmergencyAccess)
        assert isinstance(second, ValidationError) and second.code == "running"
        with tenant_context(tenant.pk):
            assert EmergencyAccess.objects.count() == 1
