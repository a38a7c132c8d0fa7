"""Letters at once and the daily mail: in the reader's language, each thing once, nothing that may not be known."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.timezone import get_fixed_timezone
from pytest_django import Settings

from portal.telling.digests import send_digests
from portal.telling.sending import PAUSES, send_at_once
from tenants.organizations.models import Membership, Notification, Property, User
from tenants.organizations.news import NotificationKind, Way
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.members import remove_member
from tenants.organizations.services.notifications import choose, mark_read, tell
from tests import factories
from tests.senders import Postbox

pytestmark = pytest.mark.django_db
K = NotificationKind
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=get_fixed_timezone(480))


@pytest.fixture
def owner(tenant: Property) -> User:
    return factories.make_member(tenant, Role.OWNER)


def hear(user: User, way: Way, *kinds: NotificationKind, language: str = "en", hour: int = 8) -> None:
    choose(user=user, ways=dict.fromkeys(kinds, way), digest_hour=hour, language=language)


def test_what_happens_together_is_one_letter_and_leaves_once(tenant: Property, owner: User) -> None:
    hear(owner, Way.AT_ONCE, K.DEVICE_STOPPED, K.SIGN_ENDS)
    device = factories.make_device(tenant)[0]
    tell(tenant=tenant, kind=K.DEVICE_STOPPED, subject=device)
    tell(tenant=tenant, kind=K.SIGN_ENDS, subject=device, occasion="2026-03-01")
    assert send_at_once() == 1
    assert send_at_once() == 0
    [letter] = Postbox.sent
    assert letter.to == owner.email
    assert "2 new notifications" in letter.subject
    assert f"“{device.name}” was suspended: a rule does not hold any more." in letter.text
    assert f"/t/{tenant.slug}/devices/{device.pk}/" in letter.text
    assert "https://portal.example/accounts/notifications/" in letter.text


def test_each_reads_letters_in_the_language_they_chose(tenant: Property, owner: User) -> None:
    other = factories.make_member(tenant, Role.OWNER)
    hear(owner, Way.AT_ONCE, K.REVIEW_DUE, language="en")
    hear(other, Way.AT_ONCE, K.REVIEW_DUE, language="zh-hans")
    tell(tenant=tenant, kind=K.REVIEW_DUE, occasion="2026-03-01")
    assert send_at_once() == 2
    texts = {letter.to: letter.text for letter in Postbox.sent}
    assert "1 March 2026" in texts[owner.email]
    assert "2026年3月1日" in texts[other.email]


def test_what_was_read_and_what_may_not_be_known_any_more_needs_no_letter(tenant: Property, owner: User) -> None:
    left = factories.make_member(tenant, Role.OWNER)
    for user in (owner, left):
        hear(user, Way.AT_ONCE, K.SIGN_ENDS)
    tell(tenant=tenant, kind=K.SIGN_ENDS, occasion="2026-03-01")
    assert mark_read(tenant=tenant, user=owner) == 1
    remove_member(tenant=tenant, membership=Membership.objects.get(user=left))
    assert send_at_once() == 0
    assert not Postbox.sent
    assert not Notification.objects.filter(next_try_at__isnull=False).exists()


def test_a_letter_that_does_not_leave_is_tried_again_and_given_up(
    tenant: Property, owner: User, settings: Settings
) -> None:
    hear(owner, Way.AT_ONCE, K.SIGN_ENDS)
    tell(tenant=tenant, kind=K.SIGN_ENDS, occasion="2026-03-01")
    settings.MAIL_SENDER = "tests.senders.Unreachable"
    now = timezone.now()
    for pause in (timedelta(0), *PAUSES, timedelta(days=1)):
        now += pause + timedelta(seconds=1)
        assert send_at_once(now=now) == 0
    enter_tenant(tenant.pk)
    row = Notification.objects.get()
    assert (row.attempts, row.next_try_at, row.mailed_at) == (len(PAUSES) + 1, None, None)


def test_the_daily_mail_counts_what_is_new_in_all_properties_once_a_day(tenant: Property, owner: User) -> None:
    other = factories.make_property()
    enter_tenant(other.pk)
    factories.make_member(other, Role.MANAGER, email=owner.email)
    hear(owner, Way.DIGEST, K.SIGN_ENDS, K.DEVICE_SILENT)
    tell(tenant=other, kind=K.SIGN_ENDS, occasion="2026-03-01")
    enter_tenant(tenant.pk)
    for occasion in ("2026-03-01", "2026-03-02"):
        tell(tenant=tenant, kind=K.DEVICE_SILENT, occasion=occasion)
    assert send_digests(now=NINE) == 1
    enter_tenant(tenant.pk)
    tell(tenant=tenant, kind=K.DEVICE_SILENT, occasion="2026-03-03")
    assert send_digests(now=NINE) == 0
    [letter] = Postbox.sent
    assert letter.to == owner.email
    assert "3 new notifications" in letter.subject
    assert "A device is not heard from: 2" in letter.text
    assert f"/t/{other.slug}/notifications/" in letter.text
    assert send_digests(now=NINE + timedelta(days=1)) == 1
    assert "A device is not heard from: 1" in Postbox.sent[-1].text


def test_the_daily_mail_waits_for_its_hour_and_never_comes_empty(tenant: Property, owner: User) -> None:
    hear(owner, Way.DIGEST, K.SIGN_ENDS, hour=10)
    tell(tenant=tenant, kind=K.SIGN_ENDS, occasion="2026-03-01")
    assert send_digests(now=NINE) == 0
    enter_tenant(tenant.pk)
    mark_read(tenant=tenant, user=owner)
    assert send_digests(now=NINE + timedelta(hours=2)) == 0


def test_a_daily_mail_that_does_not_leave_is_tried_again_the_same_day(
    tenant: Property, owner: User, settings: Settings
) -> None:
    hear(owner, Way.DIGEST, K.SIGN_ENDS)
    tell(tenant=tenant, kind=K.SIGN_ENDS, occasion="2026-03-01")
    settings.MAIL_SENDER = "tests.senders.Unreachable"
    assert send_digests(now=NINE) == 0
    settings.MAIL_SENDER = "tests.senders.Postbox"
    assert send_digests(now=NINE) == 1
