"""Inviting by a message: who may be asked, and what goes out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from pytest_django import Settings

from tenants.organizations.models import Property, User
from tenants.organizations.services.properties import update_property
from tenants.people.kinds import ConsentDecision, ConsentPurpose, InvitationState
from tenants.people.models import Invitation, Person, PersonalLink, PromptRecord
from tenants.people.services.invitations import channels_for, invite_by_message
from tenants.people.services.links import open_link
from tests import factories
from tests.senders import Postbox
from tests.tenants.people.inviting import invite, send

HOURS = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _postbox(settings: Settings) -> None:
    Postbox.sent.clear()
    settings.SMS_SENDER = settings.MAIL_SENDER = "tests.senders.Postbox"


@pytest.fixture
def person(tenant: Property) -> Person:
    factories.make_notice(tenant)
    return factories.make_person(tenant, email="li@example.com")


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(ValidationError) as refused:
        call()
    return refused.value.code


@pytest.mark.parametrize(("channel", "to"), [("sms", "13800138000"), ("email", "li@example.com")])
def test_an_invitation_waits_is_sent_and_its_link_opens_the_page(
    person: Person, owner: User, channel: str, to: str
) -> None:
    row = invite(person, owner, channel)
    assert (row.state, row.attempts, row.asked_by, row.sent_at) == (InvitationState.QUEUED, 0, owner, None)
    # One message asks every open question.
    asked = PromptRecord.objects.values_list("purpose", "channel", "prompted_at")
    assert set(asked) == {(purpose, channel, row.asked_at) for purpose in ConsentPurpose}
    assert not PersonalLink.objects.exists()
    row = send(row)
    assert (row.state, row.attempts, row.reason, row.next_try_at) == (InvitationState.SENT, 1, "", None)
    assert row.sent_at
    [letter] = Postbox.sent
    assert letter.to == to
    assert f"https://portal.example/p/{person.tenant.slug}/me/{letter.token}/" in letter.text
    assert person.tenant.name in letter.text and person.tenant.handler.name in letter.text
    assert "李阿姨" not in letter.text + letter.subject
    assert open_link(tenant=person.tenant, token=letter.token).person == person


@pytest.mark.parametrize("setting", ["SMS_SENDER", "PUBLIC_URL"])
def test_a_channel_that_is_not_set_up_is_refused(person: Person, owner: User, settings: Settings, setting: str) -> None:
    setattr(settings, setting, "")
    assert refusal(lambda: invite(person, owner)) == "no_sender"
    assert refusal(lambda: invite(person, owner, "desk")) == "no_sender"
    assert "sms" not in channels_for(person=person)
    assert not PromptRecord.objects.exists()


def test_without_an_address_nothing_is_recorded(tenant: Property, owner: User) -> None:
    factories.make_notice(tenant)
    person = factories.make_person(tenant)
    assert set(channels_for(person=person)) == {"sms"}
    assert refusal(lambda: invite(person, owner, "email")) == "no_address"
    assert not PromptRecord.objects.exists() and not Invitation.objects.exists()


def test_after_a_no_nobody_writes(person: Person, owner: User) -> None:
    factories.agree(factories.make_visit(person.tenant, person), ConsentDecision.DECLINE)
    assert refusal(lambda: invite(person, owner)) == "refused_before"
    assert not Invitation.objects.exists()


def test_a_message_and_the_desk_share_the_pause(person: Person, owner: User) -> None:
    invite(person, owner)
    assert refusal(lambda: invite(person, owner, "email")) == "asked_recently"
    assert refusal(lambda: factories.invite(person.tenant, person)) == "asked_recently"


def test_a_child_gets_no_message_and_the_guardian_is_named(tenant: Property, owner: User) -> None:
    child = factories.make_child(tenant)
    assert refusal(lambda: invite(child, owner)) == "under_14"
    update_property(tenant=tenant, allows_under_14=True)
    child.refresh_from_db()
    with override("en"), pytest.raises(ValidationError, match="Invite the guardian") as refused:
        invite(child, owner)
    assert refused.value.code == "needs_guardian"


def test_only_a_member_invites_and_only_here(person: Person) -> None:
    other = factories.make_property()
    stranger = factories.make_member(other)
    assert refusal(lambda: invite(person, stranger)) == "not_a_member"
    assert refusal(lambda: invite_by_message(tenant=other, person=person, channel="sms", actor=stranger)) == (
        "different_tenants"
    )
