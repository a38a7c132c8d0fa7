"""Those who handle alerts are told of each, and in a storm of many together; nobody else, and no name with it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from portal.security.alerts import delivering, options
from portal.security.alerts.kinds import Channel, DeliveryReason, DeliveryState
from portal.security.alerts.places import place
from portal.security.alerts.raising import QUIET, ring
from portal.security.alerts.telling import HOUR, MOST_AN_HOUR
from portal.security.detection.rules import RULES
from portal.security.models import Alert, AlertDelivery
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.members import remove_member
from tests import factories
from tests.senders import Postbox

pytestmark = pytest.mark.django_db

HIGH, LOW = "mass_reading", "form_flood"


@pytest.fixture(autouse=True)
def _postbox(settings: Settings) -> Iterator[None]:
    settings.MAIL_SENDER = settings.SMS_SENDER = "tests.senders.Postbox"
    Postbox.sent.clear()
    yield
    Postbox.sent.clear()


@pytest.fixture
def sent(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Callable[..., list[str]]:
    """Ring about each subject, send what waits, and return whom it went to."""

    def send(tenant: Property | None, *subjects: str, rule: str = HIGH) -> list[str]:
        before = len(Postbox.sent)
        for subject in subjects:
            ring(rule, tenant.pk if tenant else None, subject, {"count": 150}, timezone.now())
        delivering.sweep()
        return [letter.to for letter in Postbox.sent[before:]]

    return send


def set_phone(tenant: Property, phone: str) -> None:
    options.change(tenant=tenant, phone=phone, locks_accounts=False, suspends_devices=False)


def test_owner_and_privacy_officer_are_told_and_nobody_else(tenant: Property, sent: Callable[..., list[str]]) -> None:
    told = {role: factories.make_member(tenant, role).email for role in Role}
    assert sent(tenant, "user:aaaa") == sorted([told[Role.OWNER], told[Role.PRIVACY_OFFICER]])
    [letter, _second] = Postbox.sent
    alert = Alert.objects.get()
    assert str(RULES[HIGH].title) in letter.subject
    assert f"https://portal.example/t/{tenant.slug}/alerts/{alert.pk}/" in letter.text
    assert "aaaa" not in letter.text + letter.subject


def test_the_phone_on_duty_rings_for_what_is_urgent_alone(
    tenant: Property, owner: User, sent: Callable[..., list[str]]
) -> None:
    set_phone(tenant, "13800138000")
    assert sent(tenant, "user:aaaa", rule=LOW) == [owner.email]
    assert sent(tenant, "user:aaaa", rule=HIGH) == [owner.email, "13800138000"]


def test_one_alert_is_told_once_until_it_was_quiet_for_a_day(
    tenant: Property, owner: User, sent: Callable[..., list[str]]
) -> None:
    assert sent(tenant, "user:aaaa", "user:aaaa") == [owner.email]
    ring(HIGH, tenant.pk, "user:aaaa", {}, timezone.now() + QUIET + timedelta(seconds=1))
    delivering.sweep()
    assert len(Postbox.sent) == 2


def test_in_a_storm_the_rest_comes_together_once_an_hour(
    tenant: Property, owner: User, sent: Callable[..., list[str]]
) -> None:
    everything = [f"user:{number}" for number in range(MOST_AN_HOUR + 5)]
    assert len(sent(tenant, *everything)) == MOST_AN_HOUR + 1
    summary = Postbox.sent[-1]
    assert "5" in summary.subject and summary.text.strip().endswith(f"/t/{tenant.slug}/alerts/")
    assert sent(tenant, "user:later", "user:latest") == [], "the next summary waits for its hour"
    an_hour_ago(tenant)
    assert sent(tenant) == [owner.email]
    assert "2" in Postbox.sent[-1].subject
    enter_tenant(tenant.pk)
    assert not Alert.objects.filter(told_at=None).exists()


def an_hour_ago(tenant: Property) -> None:
    """Let what was told be told an hour ago."""
    from tests.roles import database_role

    with database_role("owner"):
        for row in AlertDelivery.objects.filter(tenant=tenant.pk):
            AlertDelivery.objects.filter(pk=row.pk).update(created_at=row.created_at - HOUR)


def test_a_letter_that_cannot_leave_is_tried_again_and_given_up_at_last(
    tenant: Property, owner: User, sent: Callable[..., list[str]], settings: Settings
) -> None:
    settings.MAIL_SENDER = "tests.senders.Unreachable"
    sent(tenant, "user:aaaa")
    for attempt in range(1, len(delivering.PAUSES) + 2):
        enter_tenant(tenant.pk)
        row = AlertDelivery.objects.get()
        assert (row.attempts, row.reason) == (attempt, DeliveryReason.NOT_SENT)
        assert (row.state == DeliveryState.WAITING) == (attempt <= len(delivering.PAUSES))
        AlertDelivery.objects.filter(state=DeliveryState.WAITING).update(next_try_at=timezone.now())
        delivering.sweep()
    assert AlertDelivery.objects.get().ended_at is not None


def test_who_lost_the_right_meanwhile_hears_nothing(tenant: Property, owner: User) -> None:
    officer = factories.make_member(tenant, Role.PRIVACY_OFFICER)
    ring(HIGH, tenant.pk, "user:aaaa", {}, timezone.now())
    remove_member(tenant=tenant, membership=officer.memberships.get())
    delivering.sweep()
    assert [letter.to for letter in Postbox.sent] == [owner.email]
    enter_tenant(tenant.pk)
    row = AlertDelivery.objects.get(member=officer)
    assert (row.state, row.reason) == (DeliveryState.FAILED, DeliveryReason.NO_ADDRESS)


def test_without_a_mail_server_nothing_waits(tenant: Property, owner: User, settings: Settings) -> None:
    settings.MAIL_SENDER = ""
    ring(HIGH, tenant.pk, "user:aaaa", {}, timezone.now())
    assert not AlertDelivery.objects.exists()
    assert Alert.objects.get().told_at is not None


def test_platform_staff_are_told_of_what_belongs_to_no_property(
    tenant: Property, owner: User, sent: Callable[..., list[str]]
) -> None:
    staff = factories.make_member(tenant, Role.FRONT_DESK)
    staff.is_staff = True
    staff.save()
    assert sent(None, "log:1", rule="audit_broken") == [staff.email]
    assert "/admin/security/alert/" in Postbox.sent[0].text


def test_the_sweep_asks_only_where_something_waits(tenant: Property, owner: User) -> None:
    other = factories.make_property()
    factories.make_member(other, Role.OWNER)
    ring(HIGH, other.pk, "user:aaaa", {}, timezone.now())
    delivering.sweep()
    with place(other.pk):
        assert AlertDelivery.objects.get().state == DeliveryState.SENT
    enter_tenant(tenant.pk)
    assert not AlertDelivery.objects.exists()
    assert set(Channel) == {Channel.EMAIL, Channel.SMS, Channel.WEBHOOK}
