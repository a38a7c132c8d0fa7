"""The personal link by a message: offered where it can work, masked, and its state shown on the person's page."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.people import jobs
from tenants.people.kinds import ConsentDecision
from tenants.people.models import Invitation, Person, PersonalLink
from tests import factories
from tests.senders import Postbox

Address = Callable[..., str]


@pytest.fixture(autouse=True)
def _postbox(settings: Settings) -> None:
    Postbox.sent.clear()
    settings.SMS_SENDER = settings.MAIL_SENDER = "tests.senders.Postbox"


@pytest.fixture
def person(tenant: Property) -> Person:
    factories.make_notice(tenant)
    return factories.make_person(tenant, email="li@example.com")


def send() -> None:
    row = Invitation.objects.get()
    jobs.send_invitation(tenant_id=row.tenant_id, invitation_id=row.pk)


def test_each_channel_that_works_is_offered_with_a_masked_address(
    desk: Client, person: Person, address: Address
) -> None:
    page = desk.get(address("person_link", person.pk)).content.decode()
    assert 'value="sms"' in page and "a text message to ···8000" in page
    assert 'value="email"' in page and "an e-mail to l···@e···" in page
    assert "13800138000" not in page and "li@example.com" not in page


def test_what_is_not_set_up_or_has_no_address_is_not_offered(
    desk: Client, tenant: Property, address: Address, settings: Settings
) -> None:
    factories.make_notice(tenant)
    url = address("person_link", factories.make_person(tenant).pk)
    page = desk.get(url).content.decode()
    assert 'value="sms"' in page and 'value="email"' not in page
    settings.SMS_SENDER = ""
    page = desk.get(url).content.decode()
    assert 'value="sms"' not in page and "Sent by a message" not in page


def test_after_a_no_nothing_is_offered_and_nothing_is_sent(desk: Client, person: Person, address: Address) -> None:
    factories.agree(factories.make_visit(person.tenant, person), ConsentDecision.DECLINE)
    url = address("person_link", person.pk)
    assert 'value="sms"' not in desk.get(url).content.decode()
    answer = desk.post(url, {"why": "sms"}, follow=True)
    assert "This person said no." in answer.content.decode()
    assert not Invitation.objects.exists()


def test_a_message_is_queued_and_nobody_here_sees_the_link(
    desk: Client,
    person: Person,
    address: Address,
    no_broker: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(address("person_link", person.pk), {"why": "sms"}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(address("person", person.pk), 302)]
    assert "The invitation is on its way." in page and "Last invitation: Text message" in page
    assert "<svg role=" not in page and not PersonalLink.objects.exists()
    send()
    page = desk.get(address("person", person.pk)).content.decode()
    assert "Last invitation: Text message, sent" in page
    assert Postbox.sent[0].token not in page


@pytest.mark.parametrize(
    ("sender", "said"),
    [
        ("Refusing", "The message was refused. Check the number or the e-mail address, then invite again."),
        ("Unreachable", "The first attempt failed; another one follows by itself."),
    ],
)
def test_what_failed_is_said_with_what_to_do(
    desk: Client, person: Person, address: Address, settings: Settings, sender: str, said: str
) -> None:
    settings.SMS_SENDER = f"tests.senders.{sender}"
    desk.post(address("person_link", person.pk), {"why": "sms"})
    send()
    assert said in desk.get(address("person", person.pk)).content.decode()


def test_who_may_not_change_people_invites_nobody(
    sign_in: Callable[[Role], Client], person: Person, address: Address
) -> None:
    officer = sign_in(Role.PRIVACY_OFFICER)
    assert officer.post(address("person_link", person.pk), {"why": "sms"}).status_code == 403
    assert not Invitation.objects.exists()
