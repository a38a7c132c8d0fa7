"""A session ends after half an hour without use, after twelve hours, and in another kind of browser."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from portal.sign_in import sessions
from portal.sign_in.browsers import kind_of
from tenants.organizations.models import Property, User
from tests import factories
from tests.portal.accounts.people import (
    AGAIN,
    CHROME,
    FIREFOX,
    NEW_PASSWORD,
    SESSIONS,
    copy_of,
    give_app,
    long_ago,
    sign_in,
)

pytestmark = pytest.mark.django_db
MINUTE = 60
HOUR = 60 * MINUTE


@pytest.fixture
def owner(owner: User) -> User:
    give_app(owner)
    return owner


@pytest.fixture
def opens(tenant: Property) -> Callable[[Client], bool]:
    return lambda client: client.get(reverse("today", args=[tenant.slug])).status_code == HTTPStatus.OK


def said(client: Client, tenant: Property) -> str:
    """What the sign-in page says after somebody was signed out."""
    page = client.get(reverse("today", args=[tenant.slug]), headers={"accept-language": "en"}, follow=True)
    return " ".join(str(message) for message in get_messages(page.wsgi_request)) + page.content.decode()


def test_half_an_hour_without_use_ends_it(owner: User, tenant: Property, opens: Callable[[Client], bool]) -> None:
    client = sign_in(owner)
    assert opens(client)
    for _again in range(3):
        long_ago(client, 29 * MINUTE)
        assert opens(client), "each use begins the half hour anew"
    long_ago(client, 30 * MINUTE)
    assert "nothing was done for 30 minutes" in said(client, tenant)
    assert not opens(client)


def test_a_page_that_asks_by_itself_is_no_use(owner: User, opens: Callable[[Client], bool]) -> None:
    client = sign_in(owner)
    opens(client)
    for _again in range(2):
        long_ago(client, 16 * MINUTE)
        client.get("/", headers={"hx-request": "true"})
    assert not opens(client)


def test_twelve_hours_end_it_however_much_it_is_used(
    owner: User, tenant: Property, opens: Callable[[Client], bool]
) -> None:
    client = sign_in(owner)
    opens(client)
    for _again in range(25):
        long_ago(client, 28 * MINUTE)
        assert opens(client)
    long_ago(client, 28 * MINUTE)
    assert "good for 12 hours" in said(client, tenant)
    assert not opens(client)


def test_another_kind_of_browser_ends_it(owner: User, tenant: Property, opens: Callable[[Client], bool]) -> None:
    client = sign_in(owner, headers={"user-agent": FIREFOX.format(133)})
    assert opens(client)
    copied = copy_of(client, headers={"user-agent": CHROME})
    assert "another kind of browser" in said(copied, tenant)
    assert not opens(client), "whoever has it, it is over"


def test_a_newer_version_of_the_browser_does_not(owner: User, opens: Callable[[Client], bool]) -> None:
    client = sign_in(owner, headers={"user-agent": FIREFOX.format(133)})
    assert opens(client)
    assert opens(copy_of(client, headers={"user-agent": FIREFOX.format(134)}))


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        (FIREFOX.format(133), "Firefox · Windows"),
        (CHROME, "Chrome · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.54", "WeChat · Android"),
        ("curl/8.9", "? · ?"),
        ("", "? · ?"),
    ],
)  # fmt: skip
def test_kinds_of_browsers(agent: str, kind: str) -> None:
    assert kind_of(agent) == kind


def test_the_api_and_the_platform_admin_have_the_same_limits(owner: User, tenant: Property) -> None:
    owner.is_staff = True
    owner.save()
    client, people = sign_in(owner), reverse("api:people", args=[tenant.slug])
    admin = reverse("admin:index")
    assert [client.get(address).status_code for address in (people, admin)] == [HTTPStatus.OK] * 2
    long_ago(client, 31 * MINUTE)
    refused = client.get(people)
    assert refused.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    assert client.get(admin, follow=True).redirect_chain[-1][0].startswith(reverse("account_login"))


def test_sessions_are_listed_and_ended_one_by_one_or_all_at_once(owner: User, opens: Callable[[Client], bool]) -> None:
    here = sign_in(owner, headers={"user-agent": FIREFOX.format(133)})
    there, elsewhere = sign_in(owner, headers={"user-agent": CHROME}), sign_in(owner)
    stranger = factories.make_member(owner.memberships.get().tenant)
    give_app(stranger)
    not_mine = sign_in(stranger)
    page = here.get(SESSIONS)
    kinds = [session.kind for session in page.context["sessions"]]
    assert kinds == ["Firefox · Windows", "Chrome · Linux", "未知浏览器"]
    (theirs,) = not_mine.get(SESSIONS).context["sessions"]
    here.post(SESSIONS, {"session": theirs.pk})
    assert opens(not_mine), "nobody ends another one's"
    here.post(SESSIONS, {"session": page.context["sessions"][1].pk})
    assert (opens(here), opens(there), opens(elsewhere)) == (True, False, True)
    here.post(SESSIONS)
    assert (opens(here), opens(elsewhere)) == (True, False)


def test_ending_a_session_asks_who_one_is(owner: User, opens: Callable[[Client], bool]) -> None:
    here, there = sign_in(owner), sign_in(owner)
    opens(here)
    long_ago(here, 40 * MINUTE)
    session = here.session
    session["seen_at"] += 40 * MINUTE
    session.save()
    assert here.post(SESSIONS)["Location"].startswith(AGAIN)
    assert opens(there)


def test_a_new_password_ends_all_the_others(owner: User, opens: Callable[[Client], bool]) -> None:
    here, there = sign_in(owner), sign_in(owner)
    change = {"oldpassword": factories.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    here.post("/accounts/password/change/", change)
    assert (opens(here), opens(there)) == (True, False)


def test_somebody_is_signed_out_everywhere(owner: User, opens: Callable[[Client], bool]) -> None:
    here, there = sign_in(owner), sign_in(owner)
    assert sessions.end_all(user=owner) == 2
    assert (opens(here), opens(there)) == (False, False)
