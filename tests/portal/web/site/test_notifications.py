"""The bell, the list behind it, and the page on which a member says what they want to hear of."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tenants.organizations.models import Notification, NotificationSettings, Property, User
from tenants.organizations.news import NotificationKind, Way
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.notifications import tell
from tests import factories

pytestmark = pytest.mark.django_db
K = NotificationKind
At = Callable[..., str]
EN = {"HTTP_ACCEPT_LANGUAGE": "en"}
CHOICES = "/accounts/notifications/"


def said(client: Client, address: str) -> str:
    answer = client.get(address, **EN)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_bell_counts_what_is_not_read_and_the_list_leads_there(
    client: Client, tenant: Property, owner: User, at: At
) -> None:
    tell(tenant=tenant, kind=K.REVIEW_DUE, occasion="2026-03-01")
    device = factories.make_device(tenant)[0]
    tell(tenant=tenant, kind=K.DEVICE_SILENT, subject=device, occasion="2026-03-01")
    assert "2 new notifications" in said(client, at("today"))
    page = said(client, at("notifications"))
    assert f"“{device.name}” is silent since 1 March 2026." in page
    row = Notification.objects.get(user=owner, kind=K.DEVICE_SILENT)
    answer = client.post(at("notification_open", row))
    assert answer.url == at("device", device)
    assert "1 new notification" in said(client, at("today"))
    assert device.name not in said(client, at("notifications") + "?read=unread")
    assert device.name in said(client, at("notifications") + "?read=read")
    assert device.name not in said(client, at("notifications") + "?kind=review_due")
    client.post(at("notifications_read"))
    assert "Mark all as read" not in said(client, at("notifications"))
    assert not Notification.objects.filter(user=owner, read_at=None).exists()


def test_nobody_sees_or_opens_what_another_member_is_told(
    client: Client, tenant: Property, owner: User, at: At, as_role: Callable[[Role], Client]
) -> None:
    tell(tenant=tenant, kind=K.REVIEW_DUE, occasion="2026-03-01")
    row = Notification.objects.get(user=owner)
    other = as_role(Role.OWNER)
    assert "Review who has access" not in said(other, at("notifications"))
    assert other.post(at("notification_open", row)).status_code == 404
    other.post(at("notifications_read"))
    assert Notification.objects.filter(user=owner, read_at=None).count() == 1


def test_the_list_takes_the_same_queries_however_long_it_is(
    client: Client, tenant: Property, at: At, queries: Callable[[Callable[[], Any]], int]
) -> None:
    def of(count: int) -> int:
        enter_tenant(tenant.pk)
        for _number in range(count):
            device = factories.make_device(tenant)[0]
            tell(tenant=tenant, kind=K.DEVICE_SILENT, subject=device, occasion="2026-03-01")
        return queries(lambda: client.get(at("notifications")))

    of(1)
    assert of(1) == of(3)


def test_a_member_chooses_how_to_hear_of_what_their_roles_may_see(
    client: Client, tenant: Property, owner: User, as_role: Callable[[Role], Client]
) -> None:
    page = said(client, CHOICES)
    assert "An owner hears of these by mail at once" in page
    data = dict.fromkeys(NotificationKind.values, Way.PAGE) | {"digest_hour": "7", "language": "en"}
    answer = client.post(CHOICES, data, **EN)
    assert answer.status_code == 302
    row = NotificationSettings.objects.get(user=owner)
    assert (row.digest_hour, row.language) == (7, "en")
    assert row.ways[K.SIGN_ENDS] == Way.PAGE
    # Another way for high alerts was posted all the same: it does not count.
    assert row.way(K.ALERT_HIGH, is_owner=True) == Way.AT_ONCE
    desk = said(as_role(Role.FRONT_DESK), CHOICES)
    assert 'name="job_done"' in desk
    assert 'name="alert_high"' not in desk


def test_the_link_in_a_letter_asks_who_it_is(db: None) -> None:
    answer = Client().get(reverse("notification_settings"))
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


def test_a_choice_that_is_none_is_refused_and_nothing_is_kept(client: Client, owner: User) -> None:
    data = dict.fromkeys(NotificationKind.values, Way.PAGE) | {"digest_hour": "7", "language": "en"}
    assert client.post(CHOICES, data | {"sign_ends": "pigeon"}).status_code == 200
    assert not NotificationSettings.objects.filter(user=owner).exists()
