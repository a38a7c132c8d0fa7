"""What the portal does by itself: only where it was switched on, never to the last owner, never for good."""

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.security.alerts import options
from portal.security.alerts.answers import LOCKING, SUSPENDING
from portal.security.alerts.kinds import StepKind
from portal.security.alerts.raising import ring
from portal.security.detection.rules import RULES
from portal.security.models import Alert
from tenants.clearance.consequences import follow_devices
from tenants.clearance.services import activate_device
from tenants.organizations.models import Membership, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.members import restore_member
from tenants.premises.kinds import DeviceState, SuspensionReason
from tests import factories

pytestmark = pytest.mark.django_db


def switch(tenant: Property, *, locks: bool = False, suspends: bool = False) -> None:
    options.change(tenant=tenant, phone="", locks_accounts=locks, suspends_devices=suspends)


def rung(tenant: Property, subject: str, rule: str = "mass_reading") -> Alert:
    enter_tenant(tenant.pk)
    return ring(rule, tenant.pk, subject, {"count": 150}, timezone.now())


def steps(alert: Alert) -> list[tuple[str, str]]:
    return list(alert.steps.order_by("pk").values_list("kind", "text"))


def signed_in(tenant: Property, user: User) -> Client:
    client = Client()
    page = client.post(reverse("account_login"), {"login": user.email, "password": factories.PASSWORD})
    assert page.status_code == 302
    assert client.get(reverse("today", args=[tenant.slug])).status_code == 200
    return client


def test_every_rule_with_an_answer_is_a_rule() -> None:
    assert set(RULES) >= (LOCKING | SUSPENDING)


def test_an_account_is_locked_here_and_its_sessions_end(tenant: Property, owner: User) -> None:
    switch(tenant, locks=True)
    desk = factories.make_member(tenant, Role.FRONT_DESK)
    elsewhere = factories.make_property()
    factories.make_member(elsewhere, Role.FRONT_DESK, email=desk.email)
    first, second = signed_in(tenant, desk), signed_in(elsewhere, desk)
    alert = rung(tenant, f"user:{desk.pk}")
    assert steps(alert) == [(StepKind.LOCKED, "")]
    for client in (first, second):
        assert client.get(reverse("today", args=[tenant.slug])).status_code == 302, "the session is over"
    again = signed_in(elsewhere, desk)
    assert again.get(reverse("today", args=[tenant.slug])).status_code == 404, "the account is locked here"
    enter_tenant(tenant.pk)
    entry = LogEntry.objects.filter(object_pk=str(desk.memberships.get(tenant=tenant).pk)).latest("pk")
    assert entry.changes["is_active"] == ["True", "False"]
    assert entry.additional_data["actor"] == "rule:mass_reading"


def test_an_owner_unlocks_it_and_the_same_open_alert_does_not_lock_it_again(tenant: Property, owner: User) -> None:
    switch(tenant, locks=True)
    desk = factories.make_member(tenant, Role.FRONT_DESK)
    rung(tenant, f"user:{desk.pk}")
    member = desk.memberships.get()
    restore_member(tenant=tenant, membership=member)
    alert = rung(tenant, f"user:{desk.pk}")
    member.refresh_from_db()
    assert member.is_active and alert.count == 2 and steps(alert) == [(StepKind.LOCKED, "")]
    signed_in(tenant, desk)


def test_the_last_owner_is_never_locked_out(tenant: Property, owner: User) -> None:
    switch(tenant, locks=True)
    client = signed_in(tenant, owner)
    alert = rung(tenant, f"user:{owner.pk}")
    assert steps(alert) == [(StepKind.NOT_LOCKED, "last_owner")]
    assert client.get(reverse("today", args=[tenant.slug])).status_code == 200


@pytest.mark.parametrize("subject", ["user:not-an-id", "user:00000000-0000-0000-0000-000000000000"])
def test_of_an_account_that_is_no_member_it_says_so(tenant: Property, owner: User, subject: str) -> None:
    switch(tenant, locks=True)
    assert steps(rung(tenant, subject)) == [(StepKind.NOT_LOCKED, "no_member")]


def test_nothing_is_done_where_nobody_has_switched_it_on(tenant: Property, owner: User) -> None:
    desk = factories.make_member(tenant, Role.FRONT_DESK)
    device, _code = factories.make_active_device(tenant)
    alerts = [rung(tenant, f"user:{desk.pk}"), rung(tenant, f"device:{device.pk}", "device_moved")]
    switch(tenant)
    alerts.append(rung(tenant, f"user:{desk.pk}", "mass_export"))
    assert [steps(alert) for alert in alerts] == [[], [], []]
    assert Membership.objects.get(user=desk).is_active


def test_a_guessed_password_locks_nobody_out(tenant: Property, owner: User) -> None:
    switch(tenant, locks=True)
    desk = factories.make_member(tenant, Role.FRONT_DESK)
    assert steps(rung(tenant, f"user:{desk.pk}", "sign_in_guessing")) == []


def test_a_device_is_suspended_and_only_the_gate_lets_it_start_again(tenant: Property, owner: User) -> None:
    switch(tenant, suspends=True)
    device, _code = factories.make_active_device(tenant)
    alert = rung(tenant, f"device:{device.pk}", "device_moved")
    device.refresh_from_db()
    assert (device.state, device.suspended_for) == (DeviceState.SUSPENDED, SuspensionReason.ALERT)
    assert steps(alert) == [(StepKind.SUSPENDED, "")]
    follow_devices(tenant=tenant)
    device.refresh_from_db()
    assert device.state == DeviceState.SUSPENDED, "the gate does not start it by itself"
    assert activate_device(tenant=tenant, device=device).state == DeviceState.ACTIVE


def test_a_device_that_uses_no_faces_and_one_that_is_not_here_are_left_alone(tenant: Property, owner: User) -> None:
    switch(tenant, suspends=True)
    device, _code = factories.make_device(tenant)
    assert steps(rung(tenant, f"device:{device.pk}", "device_moved")) == [(StepKind.NOT_SUSPENDED, "wrong_state")]
    other = factories.make_property()
    foreign, _code = factories.make_active_device(other)
    assert steps(rung(tenant, f"device:{foreign.pk}", "device_moved")) == [(StepKind.NOT_SUSPENDED, "no_device")]
    enter_tenant(other.pk)
    foreign.refresh_from_db()
    assert foreign.state == DeviceState.ACTIVE
