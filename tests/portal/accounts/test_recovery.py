"""A lost second factor: a recovery code, or platform staff who made sure who asks and let the account begin anew."""

import re
from collections.abc import Callable
from http import HTTPStatus

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.test import Client
from django.urls import reverse

from portal.security.models import AccessEvent
from tenants.organizations.models import Property, User
from tenants.organizations.trail import Kind
from tests import factories
from tests.portal.accounts.people import FACTORS, LOGIN, NEW_PASSWORD, SECOND, give_app, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def opens(tenant: Property) -> Callable[[Client], bool]:
    return lambda client: client.get(reverse("today", args=[tenant.slug])).status_code == HTTPStatus.OK


@pytest.fixture
def root(db: None) -> User:
    root = User.objects.create_superuser("root@example.com", factories.PASSWORD)
    give_app(root)
    return root


def change(root: User, user: User, **fields: str) -> str:
    """Save the account's page in the platform admin, and return what it says."""
    form = {"name": user.name, "is_active": "on", "proof": "", "confirmed": user.email} | fields
    page = sign_in(root, headers={"accept-language": "en"}).post(
        reverse("admin:organizations_user_change", args=[user.pk]), form, follow=True
    )
    return str(page.content.decode())


def test_a_recovery_code_stands_in_once(owner: User, opens: Callable[[Client], bool]) -> None:
    give_app(owner)
    code = RecoveryCodes.activate(owner).get_unused_codes()[0]
    clients = [Client(), Client()]
    for client in clients:
        client.post(LOGIN, {"login": owner.email, "password": factories.PASSWORD})
        client.post(SECOND, {"code": code})
    assert [opens(client) for client in clients] == [True, False]


def test_who_lost_everything_begins_anew_by_a_letter(root: User, owner: User, opens: Callable[[Client], bool]) -> None:
    give_app(owner)
    before = sign_in(owner)
    assert "An invitation to set a password was sent." in change(root, owner, proof="owner")
    assert not opens(before), "signed out everywhere"
    assert not Authenticator.objects.filter(user=owner).exists()
    assert not opens(sign_in(owner)), "the old password is none any more"
    (link,) = re.findall(r"http://testserver(/accounts/invitation/\S+/)", str(mail.outbox[-1].body))
    client = Client()
    client.post(link, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert client.get("/")["Location"] == FACTORS
    (event,) = AccessEvent.objects.filter(kind=Kind.SIGN_IN_RESET)
    assert (event.actor, event.subject, event.facts) == (f"user:{root.pk}", f"user:{owner.pk}", {"proof": "owner"})


def test_nobody_begins_anew_for_themselves_and_only_a_superuser_for_a_superuser(root: User) -> None:
    assert "Not for your own account" in change(root, root, is_staff="on", proof="in_person")
    staff = User.objects.create_user("staff@example.com", factories.PASSWORD, is_staff=True)
    give_app(staff)
    assert "Only a superuser" in change(staff, root, is_staff="on", proof="in_person")
    assert Authenticator.objects.filter(user=root).exists()


def test_platform_staff_signs_somebody_out_everywhere(root: User, owner: User, opens: Callable[[Client], bool]) -> None:
    give_app(owner)
    here, there = sign_in(owner), sign_in(owner)
    change(root, owner, sign_out="on")
    assert (opens(here), opens(there)) == (False, False)
    assert opens(sign_in(owner)), "and they sign in as before"


def test_a_change_of_the_name_leaves_everything_as_it_is(
    root: User, owner: User, opens: Callable[[Client], bool]
) -> None:
    give_app(owner)
    here = sign_in(owner)
    change(root, owner, name="陈")
    assert opens(here)
