"""What was just done can be taken back: once, within minutes, by who did it, while they still may."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from portal.security.alerts.kinds import AlertState
from portal.security.alerts.raising import ring
from portal.web import undo
from portal.web.undo import Act, Note, offer
from recognition.edge.services import losses
from tenants.organizations.models import Membership, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.members import remove_member
from tenants.premises.kinds import DeviceState
from tenants.premises.models import AccessMethod
from tenants.rights.kinds import HoldKind, RequestKind
from tenants.rights.models import LegalHold
from tenants.rights.services import complaints, requests
from tests import factories

pytestmark = pytest.mark.django_db
At = Callable[..., str]
EN = {"HTTP_ACCEPT_LANGUAGE": "en"}
TOKEN = re.compile(r'name="token" value="([^"]+)"')


def button(answer: Any) -> str:
    """The note that the button beside the message carries."""
    found = TOKEN.search(answer.content.decode())
    assert found is not None, "there is no button to undo"
    return found[1]


def do(client: Client, address: str, **data: Any) -> str:
    """Do it as a member does, and return the button of the page that follows."""
    return button(client.post(address, data, follow=True))


def taken_back(client: Client, at: At, token: str) -> str:
    return client.post(at("undo"), {"token": token}, follow=True, **EN).content.decode()


def test_a_removed_member_is_back(client: Client, tenant: Property, at: At) -> None:
    member = Membership.objects.get(user=factories.make_member(tenant, Role.MANAGER))
    token = do(client, at("member_remove", member))
    assert "It is taken back" in taken_back(client, at, token)
    enter_tenant(tenant.pk)
    member.refresh_from_db()
    assert member.is_active
    assert "once, within ten minutes" in taken_back(client, at, token)


def test_who_looked_after_a_request_or_a_complaint_looks_after_it_again(
    client: Client, tenant: Property, owner: User, at: At
) -> None:
    other = factories.make_member(tenant, Role.MANAGER)
    request, _code = requests.receive(tenant=tenant, kind=RequestKind.ACCESS, name="李阿姨", contact="13800138000")
    complaint, _complaint_code = complaints.receive(tenant=tenant, text="灯太亮")
    for row, name in ((request, "request_assign"), (complaint, "complaint_assign")):
        do(client, at(name, row), to=str(owner.pk))
        token = do(client, at(name, row), to=str(other.pk))
        taken_back(client, at, token)
        enter_tenant(tenant.pk)
        row.refresh_from_db()
        assert row.assigned_to_id == owner.pk


def test_what_somebody_else_changed_since_stays_as_they_made_it(
    client: Client, tenant: Property, owner: User, at: At
) -> None:
    complaint, _code = complaints.receive(tenant=tenant, text="灯太亮")
    other = factories.make_member(tenant, Role.MANAGER)
    token = do(client, at("complaint_assign", complaint), to=str(owner.pk))
    enter_tenant(tenant.pk)
    complaints.assign(tenant=tenant, complaint=complaint, to=other)
    assert "Somebody changed it since" in taken_back(client, at, token)
    enter_tenant(tenant.pk)
    complaint.refresh_from_db()
    assert complaint.assigned_to_id == other.pk


def test_a_suspended_device_asks_the_gate_again(client: Client, tenant: Property, at: At) -> None:
    device, _code = factories.make_active_device(tenant)
    token = do(client, at("device_suspend", device))
    taken_back(client, at, token)
    enter_tenant(tenant.pk)
    device.refresh_from_db()
    assert device.state == DeviceState.ACTIVE
    token = do(client, at("device_suspend", device))
    enter_tenant(tenant.pk)
    way = AccessMethod.objects.filter(access_point=device.access_point).exclude(kind="face").get()
    do(client, at("method_toggle", way), is_live="0")
    taken_back(client, at, token)
    enter_tenant(tenant.pk)
    device.refresh_from_db()
    assert device.state == DeviceState.SUSPENDED


def test_a_way_an_alert_a_loss_and_a_hold_are_taken_back(client: Client, tenant: Property, at: At) -> None:
    device, _code = factories.make_active_device(tenant)
    way = AccessMethod.objects.filter(access_point=device.access_point).exclude(kind="face").get()
    taken_back(client, at, do(client, at("method_toggle", way), is_live="0"))
    alert = ring("mass_reading", tenant.pk, "user:aaaa", {"count": 150}, timezone.now())
    taken_back(client, at, do(client, at("alert", alert), text="问过了"))
    taken_back(client, at, do(client, at("device_lost", device), reason="不见了"))
    ends_on = (timezone.localdate() + timedelta(days=30)).isoformat()
    asked = {"kind": HoldKind.EVENTS, "reason": "法院", "article": "民诉法 67", "ends_on": ends_on}
    taken_back(client, at, do(client, at("hold_add"), **asked))
    enter_tenant(tenant.pk)
    way.refresh_from_db()
    alert.refresh_from_db()
    assert way.is_live
    assert alert.state == AlertState.NEW
    assert losses.open_loss(device=device) is None
    assert LegalHold.objects.get(tenant=tenant).lifted_at is not None


def test_the_button_is_good_for_who_pressed_here_and_for_ten_minutes(
    client: Client, tenant: Property, owner: User, at: At, as_role: Callable[[Role], Client], monkeypatch: Any
) -> None:
    member = Membership.objects.get(user=factories.make_member(tenant, Role.MANAGER))
    remove_member(tenant=tenant, membership=member)
    note = Note(Act.MEMBER_REMOVED, member.pk)
    mine = offer(tenant=tenant, user=owner, note=note)
    elsewhere = offer(tenant=factories.make_property(), user=owner, note=note)
    enter_tenant(tenant.pk)
    assert "once, within ten minutes" in taken_back(as_role(Role.OWNER), at, mine)
    assert "once, within ten minutes" in taken_back(client, at, elsewhere)
    assert "once, within ten minutes" in taken_back(client, at, mine[:-1] + ("a" if mine[-1] != "a" else "b"))
    assert signing.loads(mine, salt="portal.web.undo")[0] == "member_removed"
    monkeypatch.setattr(undo, "LIFETIME", timedelta(seconds=-1))
    assert "once, within ten minutes" in taken_back(client, at, mine)
    enter_tenant(tenant.pk)
    member.refresh_from_db()
    assert not member.is_active


def test_who_lost_the_right_since_takes_nothing_back(tenant: Property, at: At) -> None:
    desk = factories.make_member(tenant, Role.FRONT_DESK)
    member = Membership.objects.get(user=factories.make_member(tenant, Role.MANAGER))
    remove_member(tenant=tenant, membership=member)
    client = Client()
    client.force_login(desk)
    token = offer(tenant=tenant, user=desk, note=Note(Act.MEMBER_REMOVED, member.pk))
    assert client.post(at("undo"), {"token": token}).status_code == 403
    enter_tenant(tenant.pk)
    member.refresh_from_db()
    assert not member.is_active
