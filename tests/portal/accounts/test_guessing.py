"""Guessing stops by account and by address, says when to try again, and tells nothing about accounts."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.core import mail
from django.test import Client
from pytest_django import Settings

from tenants.organizations.models import User
from tests import factories
from tests.portal.accounts.people import LOGIN, SECOND, give_app, sign_in

pytestmark = pytest.mark.django_db


class CountingHasher(MD5PasswordHasher):
    """Counts the work that a sign-in costs."""

    calls = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.calls += 1
        return super().encode(password, salt)


@pytest.fixture
def invited(db: None) -> User:
    user = User(email="invited@example.com")
    user.set_unusable_password()
    user.save()
    return user


def wrong(login: str, number: int = 0) -> Any:
    """One wrong try, each from another address."""
    return Client(headers={"accept-language": "en"}).post(
        LOGIN, {"login": login, "password": "wrong password"}, REMOTE_ADDR=f"198.51.100.{number}"
    )


def test_a_wrong_password_costs_the_same_for_every_address(owner: User, invited: User, settings: Settings) -> None:
    """For an account, a closed one, one that was only invited, and none at all."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    owner.set_password(factories.PASSWORD)
    owner.save()
    closed = User.objects.create_user("closed@example.com", factories.PASSWORD, is_active=False)
    work, said = [], []
    for number, login in enumerate((owner.email, closed.email, invited.email, "nobody@example.com")):
        CountingHasher.calls = 0
        answer = wrong(login, number)
        work.append(CountingHasher.calls)
        said.append((answer.status_code, answer.context["form"].non_field_errors()))
    assert len(set(work)) == 1 and work[0] >= 1
    assert said == said[:1] * 4


def test_the_sixth_try_is_told_when_to_come_back(owner: User) -> None:
    answers = [wrong(owner.email, number) for number in range(6)]
    assert "Wait five minutes" not in answers[4].content.decode()
    assert "Wait five minutes" in answers[5].content.decode()
    unknown = [wrong("nobody@example.com", number) for number in range(6)]
    assert unknown[5].context["form"].errors == answers[5].context["form"].errors


def test_guessing_the_second_factor_is_stopped_too(owner: User) -> None:
    give_app(owner)
    client = Client(headers={"accept-language": "en"})
    client.post(LOGIN, {"login": owner.email, "password": factories.PASSWORD})
    pages = [client.post(SECOND, {"code": f"{number:06}"}).content.decode() for number in range(6)]
    assert "Wait five minutes" in pages[5]


def test_an_address_that_asks_too_often_sees_a_page_that_says_so(client: Client) -> None:
    for _number in range(30):
        client.post(LOGIN, {})
    answer = client.post(LOGIN, {}, headers={"accept-language": "en"})
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "Wait five minutes" in answer.content.decode()


def test_a_forgotten_password_is_answered_alike_and_nobody_who_was_only_invited_gets_a_link(
    owner: User, invited: User
) -> None:
    answers = [
        Client().post("/accounts/password/reset/", {"email": email})
        for email in (owner.email, invited.email, "nobody@example.com")
    ]
    assert len({(answer.status_code, answer["Location"]) for answer in answers}) == 1
    with_link = [letter.to for letter in mail.outbox if "/password/reset/key/" in str(letter.body)]
    assert with_link == [[owner.email]]
    assert len(mail.outbox) == 3, "a letter each, so that the work is the same"


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """What listens to Django's own signals."""
    said: list[str] = []

    def on_success(**_kwargs: Any) -> None:
        said.append("in")

    def on_failure(**_kwargs: Any) -> None:
        said.append("failed")

    user_logged_in.connect(on_success)
    user_login_failed.connect(on_failure)
    yield said
    user_logged_in.disconnect(on_success)
    user_login_failed.disconnect(on_failure)


def test_success_and_failure_are_heard(owner: User, heard: list[str]) -> None:
    give_app(owner)
    wrong(owner.email)
    wrong("nobody@example.com")
    sign_in(owner)
    assert heard == ["failed", "failed", "in"]
