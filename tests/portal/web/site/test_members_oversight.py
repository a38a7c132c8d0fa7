"""A property sees who of the platform looks in, on every page; and its owners review who has access."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from tenants.organizations.models import AccessReview, EmergencyAccess, Membership, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services import emergencies
from tests import factories
from tests.architecture.routes import member_routes

pytestmark = pytest.mark.django_db

At = Callable[..., str]
REASON = "东门所有终端离线，物业请求平台排查原因与影响。"
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def emergency(tenant: Property) -> EmergencyAccess:
    staff = User.objects.create_user("staff@example.com", is_staff=True)
    return emergencies.start(tenant=tenant, staff=staff, hours=2, reason=REASON)


def titles(client: Client, at: At) -> list[str]:
    return [item["title"] for item in client.get(at("today"), **ENGLISH).context["todo"]]


def move_back(row: Any, **fields: Any) -> None:
    factories.rewrite(type(row).objects.filter(pk=row.pk), **fields)


def test_every_page_says_that_platform_staff_look_in(
    client: Client, tenant: Property, at: At, emergency: EmergencyAccess, as_role: Callable[[Role], Client]
) -> None:
    plain = [route for route in member_routes() if route.keys == ("slug",) and not route.address.startswith("api/")]
    pages = [client.get(at(route.name), **ENGLISH) for route in plain if "get" in route.methods]
    shown = [page.content.decode() for page in pages if page.status_code == 200 and b"page-head" in page.content]
    assert len(shown) > 20
    assert all("staff@example.com of the platform looks in" in page for page in shown)
    assert "staff@example.com" in as_role(Role.FRONT_DESK).get(at("today")).content.decode()


def test_today_and_the_list_say_it_while_it_runs_and_afterwards(
    client: Client, tenant: Property, at: At, emergency: EmergencyAccess
) -> None:
    assert "Platform staff look in: staff@example.com" in titles(client, at)
    page = client.get(at("emergencies"), **ENGLISH).content.decode()
    assert REASON in page and at("emergency_end", emergency) in page
    enter_tenant(tenant.pk)
    ago = timezone.now() - timedelta(days=2)
    move_back(emergency, started_at=ago, ends_at=ago + timedelta(hours=2))
    assert "Platform staff looked in: staff@example.com" in titles(client, at)
    assert "looks in under" not in client.get(at("today"), **ENGLISH).content.decode()
    enter_tenant(tenant.pk)
    ago = timezone.now() - timedelta(days=30)
    move_back(emergency, started_at=ago, ends_at=ago + timedelta(hours=2))
    assert not [title for title in titles(client, at) if "Platform staff" in title]
    assert REASON in client.get(at("emergencies"), **ENGLISH).content.decode(), "The list keeps it"


def test_an_owner_ends_it_and_nobody_else_of_the_property(
    client: Client, tenant: Property, at: At, emergency: EmergencyAccess, as_role: Callable[[Role], Client]
) -> None:
    end = at("emergency_end", emergency)
    assert as_role(Role.PRIVACY_OFFICER).post(end).status_code == 403
    assert "No page of this property opens to" in client.get(end, **ENGLISH).content.decode()
    client.post(end)
    theirs = Client()
    theirs.force_login(emergency.staff)
    assert theirs.get(at("today")).status_code == 404
    again = client.post(end, **ENGLISH).content.decode()
    assert "over already" in again


def test_another_propertys_cannot_be_ended(client: Client, at: At) -> None:
    other = factories.make_property()
    staff = User.objects.create_user("staff@example.com", is_staff=True)
    row = emergencies.start(tenant=other, staff=staff, hours=1, reason=REASON)
    assert client.post(at("emergency_end", row)).status_code == 404


def test_the_review_shows_what_speaks_for_each_access(client: Client, tenant: Property, owner: User, at: At) -> None:
    manager = factories.make_member(tenant, Role.MANAGER)
    Authenticator.objects.create(user=manager, type=Authenticator.Type.TOTP, data={})
    Authenticator.objects.create(user=owner, type=Authenticator.Type.RECOVERY_CODES, data={})
    page = BeautifulSoup(client.get(at("access_review"), **ENGLISH).content, "html.parser")
    rows = {
        row.strong.text: [cell.get_text(" ", strip=True) for cell in row.select("td")[1:4]]
        for row in page.select("tbody tr")
    }
    assert [rows[user.email][2] for user in (manager, owner)] == ["yes", "no"]
    assert rows[manager.email][:2] == ["Manager", "never"]
    chosen = [select.find("option", selected=True)["value"] for select in page.select("select")]
    assert chosen == ["", ""], "Nothing is decided beforehand"


def test_a_review_is_finished_and_kept(client: Client, tenant: Property, owner: User, at: At) -> None:
    desk = factories.make_member(tenant, Role.FRONT_DESK)
    mine, theirs = (Membership.objects.get(tenant=tenant, user=user) for user in (owner, desk))
    undecided = client.post(at("access_review"), {str(mine.pk): "keep", str(theirs.pk): ""})
    assert set(undecided.context["form"].errors) == {str(theirs.pk)}
    done = client.post(at("access_review"), {str(mine.pk): "keep", str(theirs.pk): "remove"})
    assert done["Location"] == at("access_reviews")
    kept = client.get(at("access_reviews"), **ENGLISH).content.decode()
    assert f"{desk.email}: removed" in kept
    assert Client().get(at("today")).status_code == 302
    enter_tenant(tenant.pk)
    theirs.refresh_from_db()
    assert not theirs.is_active
    assert AccessReview.objects.get(tenant=tenant).reviewed_by == owner


def test_the_last_owner_is_not_reviewed_away(client: Client, tenant: Property, owner: User, at: At) -> None:
    mine = Membership.objects.get(tenant=tenant, user=owner)
    answer = client.post(at("access_review"), {str(mine.pk): "remove"}, **ENGLISH)
    assert "The last owner cannot leave" in answer.content.decode()
    enter_tenant(tenant.pk)
    assert not AccessReview.objects.filter(tenant=tenant).exists()


@pytest.mark.parametrize(("days", "badge"), [(70, ""), (80, "Due soon"), (120, "Overdue")])
def test_owners_are_asked_for_the_review_in_time(
    client: Client, tenant: Property, at: At, as_role: Callable[[Role], Client], days: int, badge: str
) -> None:
    move_back(tenant, created_at=timezone.now() - timedelta(days=days))
    badges = [item["badge"] for item in client.get(at("today"), **ENGLISH).context["todo"]]
    assert ("Due soon" in badges, "Overdue" in badges) == (badge == "Due soon", badge == "Overdue")
    enter_tenant(tenant.pk)
    assert "Review who has access" not in titles(as_role(Role.MANAGER), at), "A manager cannot do it"
    rows = client.get(at("readiness"), **ENGLISH).content.decode()
    assert ("review of who has access is overdue" in rows) == (badge == "Overdue")


def test_only_owners_review(at: At, as_role: Callable[[Role], Client]) -> None:
    officer = as_role(Role.PRIVACY_OFFICER)
    assert officer.get(at("access_reviews")).status_code == 200
    assert officer.post(at("access_review"), {}).status_code == 403


def test_the_pages_ask_the_same_number_of_times_for_many_members(
    client: Client, tenant: Property, owner: User, at: At, queries: Callable[[Callable[[], Any]], int]
) -> None:
    pages = [at("access_review"), at("access_reviews"), at("emergencies")]
    factories.make_member(tenant, Role.MANAGER)
    for page in pages:
        client.get(page)
    before = [queries(lambda page=page: client.get(page)) for page in pages]
    enter_tenant(tenant.pk)
    for _again in range(5):
        factories.make_member(tenant, Role.MANAGER)
    assert [queries(lambda page=page: client.get(page)) for page in pages] == before
