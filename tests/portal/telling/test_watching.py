"""What passes by itself is told when its day comes, once; and so is the end of a silence."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from portal.telling.watching import watch, watch_property
from tenants.clearance.rules.devices import SIGN_LIFETIME
from tenants.organizations.models import Property, User
from tenants.organizations.news import NotificationKind
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.properties import update_handler
from tenants.premises.kinds import MethodKind
from tenants.premises.models import AccessMethod, Device
from tenants.premises.services import devices
from tenants.premises.services.doors import set_method_live
from tenants.rights.kinds import RequestKind
from tenants.rights.services import requests
from tenants.transparency.services import assessments
from tests import factories
from tests.portal.telling.conftest import Told

pytestmark = pytest.mark.django_db
K = NotificationKind


def kinds(told: Told, tenant: Property, user: User, now: datetime | None = None) -> list[str]:
    """What is told after two turns: the second one adds nothing. The review of access has a test of its own."""
    for _turn in range(2):
        watch_property(tenant_id=tenant.pk, now=now)
    return [said.notification.kind for said in told(user) if said.notification.kind != K.REVIEW_DUE]


def test_a_request_is_told_when_it_is_due_soon_and_when_it_is_overdue(tenant: Property, told: Told) -> None:
    owner = factories.make_member(tenant, Role.OWNER)
    request, _code = requests.receive(tenant=tenant, kind=RequestKind.ACCESS, name="李阿姨", contact="13800138000")
    assert kinds(told, tenant, owner) == [K.REQUEST_RECEIVED]
    last = timezone.make_aware(datetime.combine(request.due_on, time(9)))
    assert kinds(told, tenant, owner, last - timedelta(days=1)) == [K.REQUEST_RECEIVED, K.REQUEST_DUE_SOON]
    assert kinds(told, tenant, owner, last + timedelta(days=1))[2:] == [K.REQUEST_OVERDUE]


def test_a_silent_device_is_told_and_that_it_is_back(tenant: Property, told: Told) -> None:
    owner = factories.make_member(tenant, Role.OWNER)
    device, _code = factories.make_active_device(tenant)
    heard = timezone.now()
    Device.objects.filter(pk=device.pk).update(last_seen_at=heard, pairing_used_at=heard)
    assert kinds(told, tenant, owner, heard + timedelta(minutes=59)) == []
    assert kinds(told, tenant, owner, heard + timedelta(minutes=61)) == [K.DEVICE_SILENT]
    Device.objects.filter(pk=device.pk).update(last_seen_at=heard + timedelta(hours=3))
    assert kinds(told, tenant, owner, heard + timedelta(hours=3)) == [K.DEVICE_SILENT, K.DEVICE_BACK]
    assert all(device.name in said.text for said in told(owner))


def test_a_device_that_a_rule_stopped_is_told_and_one_that_a_member_stopped_is_not(
    tenant: Property, told: Told
) -> None:
    owner = factories.make_member(tenant, Role.OWNER)
    by_rule, _code = factories.make_active_device(tenant)
    by_hand, _code = factories.make_active_device(tenant)
    devices.suspend(tenant=tenant, device=by_hand)
    for method in AccessMethod.objects.filter(access_point=by_rule.access_point).exclude(kind=MethodKind.FACE):
        set_method_live(tenant=tenant, method=method, is_live=False)
    assert kinds(told, tenant, owner) == [K.DEVICE_STOPPED]
    assert by_rule.name in told(owner)[0].text


def test_what_runs_out_is_told_a_month_before(tenant: Property, told: Told) -> None:
    owner = factories.make_member(tenant, Role.OWNER)
    device, _code = factories.make_active_device(tenant)
    ends = timezone.make_aware(datetime.combine(device.sign_photo_on + SIGN_LIFETIME, time(9)))
    assert K.SIGN_ENDS not in kinds(told, tenant, owner, ends - timedelta(days=31))
    assert K.SIGN_ENDS in kinds(told, tenant, owner, ends - timedelta(days=30))
    update_handler(handler=tenant.handler, contract_ends_on=timezone.localdate() + timedelta(days=30))
    enter_tenant(tenant.pk)
    assert kinds(told, tenant, owner).count(K.CONTRACT_ENDS) == 1


def test_a_stale_assessment_and_a_draft_that_waits_for_a_signature_are_told(tenant: Property, told: Told) -> None:
    writer, other = factories.make_member(tenant, Role.OWNER), factories.make_member(tenant, Role.OWNER)
    factories.make_active_device(tenant)
    enter_tenant(tenant.pk)
    assessments.mark_stale(tenant=tenant, codes=["incident"])
    draft = assessments.start_draft(tenant=tenant, actor=writer)
    assessments.edit(tenant=tenant, assessment=draft, actor=writer, conclusion="acceptable")
    # The stale assessment stops the device as well.
    assert kinds(told, tenant, other)[-2:] == [K.ASSESSMENT_STALE, K.SIGNATURE_WAITS]
    assert kinds(told, tenant, writer)[-1] == K.ASSESSMENT_STALE


def test_the_review_of_access_is_told_two_weeks_before(tenant: Property, told: Told) -> None:
    factories.make_member(tenant, Role.OWNER)
    watch_property(tenant_id=tenant.pk)
    assert told() == []
    watch_property(tenant_id=tenant.pk, now=timezone.now() + timedelta(days=80))
    assert [said.notification.kind for said in told()] == [K.REVIEW_DUE]


def test_each_property_has_its_turn(tenant: Property, told: Told) -> None:
    factories.make_member(tenant, Role.OWNER)
    factories.make_property()
    update_handler(handler=tenant.handler, contract_ends_on=timezone.localdate())
    watch()
    assert [said.notification.kind for said in told()] == [K.CONTRACT_ENDS]
