"""What happened on the platform and in no property, in the platform admin: read only, with filters."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.trail import Happening, Kind, note
from tests import factories

LIST = "admin:security_accessevent_changelist"


@pytest.fixture
def staff(db: None) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_user("staff@example.com", factories.PASSWORD, is_staff=True))
    return client


def test_it_shows_the_platforms_events_and_none_of_a_property(staff: Client, tenant: Property) -> None:
    note(Happening(kind=Kind.EXPORTED, actor="user:1", tenant_id=tenant.pk))
    note(Happening(kind=Kind.REFUSED, actor="address:abc"))
    other = User.objects.create_user("another@example.com")
    note(Happening(kind=Kind.SIGNED_IN, actor=f"user:{other.pk}"))
    staff.get(reverse("admin:organizations_property_changelist"))
    enter_tenant(tenant.pk)
    answer = staff.get(reverse(LIST))
    kinds = {event.kind for event in answer.context["cl"].result_list}
    assert kinds >= {Kind.REFUSED, Kind.ADMIN_READ} and Kind.EXPORTED not in kinds
    page = answer.content.decode()
    assert "<code>abc</code>" in page and "another@example.com" in page, "An account is named by its address"


def test_it_is_filtered_and_searched(staff: Client) -> None:
    note(Happening(kind=Kind.REFUSED, actor="address:abc"))
    note(Happening(kind=Kind.THROTTLED, actor="address:def"))
    for query in ({"kind__exact": Kind.REFUSED.value}, {"q": "abc"}):
        rows = staff.get(reverse(LIST), query).context["cl"].result_list
        assert [event.actor for event in rows] == ["address:abc"]


def test_nobody_adds_or_changes_one(staff: Client) -> None:
    assert staff.get(reverse("admin:security_accessevent_add")).status_code == 403


def test_it_asks_the_same_number_of_times_for_many(staff: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            staff.get(reverse(LIST))
        return len(captured)

    asked()
    few = asked()
    for number in range(20):
        note(Happening(kind=Kind.REFUSED, actor=f"user:{User.objects.create_user(f'u{number}@example.com').pk}"))
    assert asked() == few
