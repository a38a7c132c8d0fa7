"""A sentence of platform staff on the pages of members, until each puts it away."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.operations import announcements
from portal.operations.models import Announcement
from tenants.organizations.models import Property, User
from tenants.organizations.scoping import enter_tenant
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.page]


def announce(**about: Any) -> Announcement:
    now = timezone.now()
    told = {"text_zh": "今晚十点停机维护", "text_en": "Down for an hour at ten tonight"}
    times = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=1)}
    return announcements.announce(**(told | times | about))


def member(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def test_members_read_it_in_their_language_until_they_put_it_away(tenant: Property, owner: User) -> None:
    row, today = announce(), reverse("today", args=[tenant.slug])
    assert "Down for an hour" in member(owner).get(today).content.decode()
    assert "今晚十点停机维护" in member(owner, "zh-hans").get(today).content.decode()
    away = reverse("announcement_away", args=[tenant.slug, row.pk])
    assert member(owner).post(away, {"next": "https://elsewhere.example/"})["Location"] == today
    assert "Down for an hour" not in member(owner).get(today).content.decode()
    enter_tenant(tenant.pk)
    colleague = factories.make_member(tenant)
    assert "Down for an hour" in member(colleague).get(today).content.decode(), "Others still read it"


def test_it_is_read_by_the_chosen_handlers_members_alone(tenant: Property, owner: User) -> None:
    today = reverse("today", args=[tenant.slug])
    row = announce(handlers=[factories.make_handler()])
    assert "Down for an hour" not in member(owner).get(today).content.decode()
    assert member(owner).post(reverse("announcement_away", args=[tenant.slug, row.pk])).status_code == 404
    announce(handlers=[tenant.handler])
    assert "Down for an hour" in member(owner).get(today).content.decode()


@pytest.mark.parametrize(("starts", "ends"), [(-2, -1), (1, 2)])
def test_it_is_shown_from_its_beginning_to_its_end(tenant: Property, owner: User, starts: int, ends: int) -> None:
    row, now = announce(), timezone.now()
    times = {"starts_at": now + timedelta(hours=starts), "ends_at": now + timedelta(hours=ends)}
    announcements.change(announcement=row, text_zh="停机", text_en="Down for an hour", tone="info", **times)
    assert "Down for an hour" not in member(owner).get(reverse("today", args=[tenant.slug])).content.decode()


def test_what_nobody_would_read_is_refused() -> None:
    now = timezone.now()
    with pytest.raises(ValidationError) as past:
        announce(starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1))
    assert set(past.value.error_dict) == {"ends_at"}
    with pytest.raises(ValidationError) as reversed_times:
        announce(starts_at=now + timedelta(hours=2), ends_at=now + timedelta(hours=1))
    assert "__all__" in reversed_times.value.error_dict
