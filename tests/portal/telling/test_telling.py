"""Who is told of what: by role, once for each occasion, as each chose, and never with a name."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import override

from portal.security.alerts.raising import ring
from recognition.edge.services import losses
from tenants.organizations.models import Notification, NotificationSettings, Property
from tenants.organizations.news import ABOUT, NotificationKind, Way, kinds_for
from tenants.organizations.roles import ROLE_PERMISSIONS, Role
from tenants.organizations.services import notifications
from tenants.organizations.services.notifications import choose, tell
from tenants.people.services import minors
from tenants.rights.kinds import HoldKind, RequestKind
from tenants.rights.services import complaints, holds, requests
from tests import factories
from tests.portal.telling.conftest import Told
from tests.roles import database_role

pytestmark = pytest.mark.django_db
K = NotificationKind


def test_each_kind_has_a_right_a_heading_and_a_way() -> None:
    assert set(ABOUT) == set(NotificationKind)
    assert kinds_for(ROLE_PERMISSIONS[Role.FRONT_DESK]) == [K.JOB_DONE]
    assert set(kinds_for(ROLE_PERMISSIONS[Role.OWNER])) == set(NotificationKind)


def test_a_request_is_told_to_who_answers_requests_and_names_nobody(tenant: Property, told: Told) -> None:
    members = {role: factories.make_member(tenant, role) for role in Role}
    request, _code = requests.receive(
        tenant=tenant, kind=RequestKind.ACCESS, name="李阿姨", contact="13800138000", message="我的脸"
    )
    heard = {role for role, user in members.items() if told(user)}
    assert heard == {Role.OWNER, Role.MANAGER, Role.PRIVACY_OFFICER}
    with override("en"):
        [said] = told(members[Role.OWNER])
        assert said.text == f"Received: request {request.number}."
    assert said.url.endswith(f"/requests/{request.pk}/")
    row = said.notification
    assert "李阿姨" not in str([getattr(row, field.attname) for field in row._meta.concrete_fields])


def test_who_wrote_a_request_down_is_not_told_of_it(tenant: Property, told: Told) -> None:
    desk, other = factories.make_member(tenant, Role.MANAGER), factories.make_member(tenant, Role.MANAGER)
    requests.receive(
        tenant=tenant, kind=RequestKind.ACCESS, name="李阿姨", contact="", channel="paper", entered_by=desk
    )
    assert not told(desk)
    assert len(told(other)) == 1


def test_one_occasion_is_told_once_and_the_next_one_again(tenant: Property, told: Told) -> None:
    owner = factories.make_member(tenant, Role.OWNER)
    device = factories.make_device(tenant)[0]
    for occasion in ("2026-03-01", "2026-03-01", "2026-03-02"):
        tell(tenant=tenant, kind=K.SIGN_ENDS, subject=device, occasion=occasion)
    assert [said.notification.occasion for said in told(owner)] == ["2026-03-01", "2026-03-02"]


def test_what_waits_for_a_second_member_is_told_to_the_others(tenant: Property, told: Told) -> None:
    one, other = factories.make_member(tenant, Role.OWNER), factories.make_member(tenant, Role.OWNER)
    device, _code = factories.make_active_device(tenant)
    ends_on = timezone.localdate() + timedelta(days=30)
    holds.ask(tenant=tenant, actor=one, kind=HoldKind.EVENTS, reason="法院", article="民诉法 67", ends_on=ends_on)
    losses.declare(tenant=tenant, device=device, reason="不见了", actor=one)
    minors.ask_for_access(tenant=tenant, person=factories.make_child(tenant), actor=one, reason="来访")
    assert not told(one)
    assert [said.notification.kind for said in told(other)] == [K.HOLD_WAITS, K.LOSS_WAITS, K.MINOR_WAITS]
    assert all(said.url for said in told(other))
    assert "小宝" not in str([said.text for said in told(other)])


def test_a_complaint_and_an_alert_are_told(tenant: Property, told: Told) -> None:
    owner = factories.make_member(tenant, Role.OWNER)
    complaints.receive(tenant=tenant, text="灯太亮", name="李阿姨")
    ring("mass_reading", tenant.pk, "user:aaaa", {"count": 150}, timezone.now())
    assert [said.notification.kind for said in told(owner)] == [K.COMPLAINT_RECEIVED, K.ALERT_HIGH]


def test_what_is_gone_is_said_to_be_gone(tenant: Property, told: Told) -> None:
    owner = factories.make_member(tenant, Role.OWNER)
    device = factories.make_device(tenant)[0]
    tell(tenant=tenant, kind=K.DEVICE_SILENT, subject=device, occasion=timezone.now().isoformat())
    with database_role("owner"):
        Notification.objects.update(subject=f"device:{tenant.pk}")
    with override("en"):
        [said] = told(owner)
    assert "no longer there" in said.text
    assert said.url == ""


def test_a_member_who_wants_nothing_of_a_kind_is_not_told(tenant: Property, told: Told) -> None:
    owner = factories.make_member(tenant, Role.OWNER)
    choose(user=owner, ways={K.SIGN_ENDS: Way.OFF}, digest_hour=8, language="en")
    tell(tenant=tenant, kind=K.SIGN_ENDS, subject=factories.make_device(tenant)[0])
    tell(tenant=tenant, kind=K.DEVICE_BACK)
    assert [said.notification.kind for said in told(owner)] == [K.DEVICE_BACK]


def test_an_owner_cannot_do_without_letters_of_high_alerts(tenant: Property) -> None:
    owner, officer = factories.make_member(tenant, Role.OWNER), factories.make_member(tenant, Role.PRIVACY_OFFICER)
    with pytest.raises(ValidationError) as refused:
        choose(user=owner, ways={K.ALERT_HIGH: Way.OFF}, digest_hour=8, language="zh-hans")
    assert refused.value.error_dict[K.ALERT_HIGH][0].code == "owner_hears"
    choose(user=officer, ways={K.ALERT_HIGH: Way.OFF}, digest_hour=8, language="zh-hans")
    # Also where it was chosen before somebody became owner.
    row = NotificationSettings(user=owner, ways={K.ALERT_HIGH: Way.OFF})
    assert row.way(K.ALERT_HIGH, is_owner=True) == Way.AT_ONCE
    assert row.way(K.ALERT_HIGH) == Way.OFF


def test_only_kinds_and_ways_of_the_list_are_kept(tenant: Property) -> None:
    owner = factories.make_member(tenant, Role.OWNER)
    for ways in ({"gossip": Way.OFF}, {K.ALERT: "pigeon"}):
        with pytest.raises(ValidationError):
            choose(user=owner, ways=ways, digest_hour=8, language="zh-hans")
    with pytest.raises(ValidationError):
        choose(user=owner, ways={}, digest_hour=24, language="zh-hans")
    assert not NotificationSettings.objects.exclude(ways={}).exists()


def test_what_was_read_goes_after_ninety_days_and_the_rest_after_a_year(tenant: Property, told: Told) -> None:
    factories.make_member(tenant, Role.OWNER)
    for occasion in ("new", "read", "forgotten"):
        tell(tenant=tenant, kind=K.SIGN_ENDS, occasion=occasion)
    rows, now = Notification.objects.filter(tenant=tenant), timezone.now()
    with database_role("owner"):
        rows.filter(occasion="read").update(read_at=now - timedelta(days=91))
        rows.filter(occasion="forgotten").update(created_at=now - timedelta(days=366))
    assert notifications.expire(tenant_id=tenant.pk) == 2
    assert [said.notification.occasion for said in told()] == ["new"]
