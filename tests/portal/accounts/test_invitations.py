"""A new member comes to a password by the letter's link: once, within seven days, by the newest letter only."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail, signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.redaction import redact
from portal.sign_in import invitations
from tenants.organizations.models import Membership, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tests.portal.accounts.people import FACTORS, NEW_PASSWORD, give_app, set_up_app, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(owner: User) -> Client:
    give_app(owner)
    return sign_in(owner)


def invite(boss: Client, tenant: Property, email: str = "new@example.com") -> str:
    """Add a member and return the link of the letter."""
    boss.post(reverse("member_add", args=[tenant.slug]), {"email": email, "name": "小陈", "role": "front_desk"})
    return link_of(len(mail.outbox) - 1)


def link_of(number: int) -> str:
    (link,) = re.findall(r"http://testserver(/accounts/invitation/\S+/)", str(mail.outbox[number].body))
    return str(link)


def choose(link: str, password: str = NEW_PASSWORD, client: Client | None = None) -> Client:
    client = client or Client()
    client.post(link, {"password1": password, "password2": password})
    return client


def member_of(tenant: Property, email: str = "new@example.com") -> Membership:
    enter_tenant(tenant.pk)
    return Membership.objects.get(tenant=tenant, user__email=email)


def is_over(link: str) -> bool:
    return Client().get(link).status_code == HTTPStatus.GONE


def test_the_link_sets_the_password_then_the_second_factor_and_then_opens_the_property(
    boss: Client, tenant: Property
) -> None:
    client = choose(invite(boss, tenant))
    today = reverse("today", args=[tenant.slug])
    assert client.get(today)["Location"] == FACTORS
    set_up_app(client)
    assert client.get(today).status_code == HTTPStatus.OK
    assert Authenticator.objects.filter(user=member_of(tenant).user, type=Authenticator.Type.TOTP).exists()


def test_it_is_good_once(boss: Client, tenant: Property) -> None:
    link = invite(boss, tenant)
    choose(link)
    assert is_over(link)
    choose(link, "another long password of mine")
    assert member_of(tenant).user.check_password(NEW_PASSWORD)


def test_two_at_once_set_one_password(boss: Client, tenant: Property) -> None:
    """The second one found the invitation good, and comes too late all the same."""
    token = invite(boss, tenant).split("/")[-2]
    late = invitations.find(token)
    assert late is not None
    choose(f"/accounts/invitation/{token}/")
    assert not invitations.users.accept_invitation(user=late, password="another long password of mine")
    assert member_of(tenant).user.check_password(NEW_PASSWORD)


def test_it_is_over_after_seven_days(boss: Client, tenant: Property) -> None:
    link = invite(boss, tenant)
    user = member_of(tenant).user
    days = [timedelta(days=6, hours=23), timedelta(days=7, minutes=1)]
    for age, over in zip(days, (False, True), strict=True):
        user.invited_at = timezone.now() - age
        user.save()
        assert is_over(link_as_of(user, age)) is over
    assert is_over(link), "and so is one that names another moment"


def link_as_of(user: User, age: timedelta) -> str:
    """The link of a letter that was sent so long ago."""
    signer = signing.TimestampSigner(salt="portal.sign_in.invitations")
    signer.timestamp = lambda: signing.b62_encode(int((timezone.now() - age).timestamp()))  # type: ignore[method-assign]
    token = signer.sign_object([str(user.pk), user.invited_at.isoformat()], serializer=signing.JSONSerializer)  # type: ignore[union-attr]
    return f"/accounts/invitation/{token}/"


def test_sent_again_the_newer_letter_counts(boss: Client, tenant: Property) -> None:
    older = invite(boss, tenant)
    boss.post(reverse("member_invite", args=[tenant.slug, member_of(tenant).pk]))
    newer = link_of(len(mail.outbox) - 1)
    assert (is_over(older), is_over(newer)) == (True, False)


def test_the_list_of_members_says_until_when(boss: Client, tenant: Property) -> None:
    link = invite(boss, tenant)
    members = reverse("members", args=[tenant.slug])
    assert "invited, until" in boss.get(members, headers={"accept-language": "en"}).content.decode()
    choose(link)
    assert "invited, until" not in boss.get(members, headers={"accept-language": "en"}).content.decode()


def test_who_has_a_password_is_not_invited_again(boss: Client, tenant: Property) -> None:
    choose(invite(boss, tenant))
    sent = len(mail.outbox)
    page = boss.post(reverse("member_invite", args=[tenant.slug, member_of(tenant).pk]))
    assert page.context["form"].non_field_errors()
    assert len(mail.outbox) == sent


@pytest.mark.parametrize("weak", ["short", "password1234", "new@example.com"])
def test_a_weak_password_is_refused_and_the_link_stays_good(boss: Client, tenant: Property, weak: str) -> None:
    link = invite(boss, tenant)
    choose(link, weak)
    assert not is_over(link)
    assert not member_of(tenant).user.has_usable_password()


def test_a_wrong_link_and_one_of_a_closed_account_are_over(boss: Client, tenant: Property) -> None:
    link = invite(boss, tenant)
    assert is_over("/accounts/invitation/nonsense/")
    assert is_over(link[:-2] + "x/")
    user = member_of(tenant).user
    user.is_active = False
    user.save()
    assert is_over(link)


def test_who_opens_the_link_as_somebody_else_is_afterwards_the_invited_one(boss: Client, tenant: Property) -> None:
    link = invite(boss, tenant)
    choose(link, client=boss)
    assert boss.session["_auth_user_id"] == str(member_of(tenant).user.pk)


def test_the_link_stands_in_no_log(boss: Client, tenant: Property) -> None:
    link = invite(boss, tenant)
    assert link.split("/")[-2] not in redact(f"Gone: {link}")


def test_a_member_added_by_the_api_gets_the_letter_too(boss: Client, tenant: Property) -> None:
    form = {"email": "program@example.com", "role": "auditor"}
    boss.post(reverse("api:members", args=[tenant.slug]), form, content_type="application/json")
    assert not is_over(link_of(0))


def test_a_member_added_by_the_platform_admin_gets_the_letter_too(tenant: Property) -> None:
    root = User.objects.create_superuser("root@example.com", "correct horse battery staple")
    give_app(root)
    client = sign_in(root)
    form = {"property": str(tenant.pk), "email": "first@example.com", "name": "", "role": str(Role.OWNER)}
    client.post(reverse("admin:organizations_membership_add"), form)
    assert [letter.to for letter in mail.outbox] == [["first@example.com"]]
    assert not is_over(link_of(0))
