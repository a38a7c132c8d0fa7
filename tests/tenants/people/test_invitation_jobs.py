"""Sending an invitation: whatever happens on the way, the state is true, and at worst a message comes twice."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from portal.celery import app
from tenants.organizations.models import Property, User
from tenants.people import jobs
from tenants.people.kinds import ConsentDecision, ConsentPurpose, InvitationReason, InvitationState
from tenants.people.models import Invitation, Person, PersonalLink, PromptRecord
from tenants.people.rules.invitations import ATTEMPTS, PAUSES
from tenants.people.services import prompts
from tenants.people.services.links import LinkOver, issue_link, open_link
from tenants.people.services.persons import record_death
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.roles import database_role
from tests.senders import Postbox
from tests.tenants.people.inviting import invite, pass_time, send

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


def test_a_second_delivery_of_the_task_sends_nothing(person: Person, owner: User) -> None:
    row = invite(person, owner)
    first = send(row)
    assert send(row).sent_at == first.sent_at
    assert len(Postbox.sent) == 1


def test_earlier_links_stop_when_the_message_is_out_and_not_before(
    person: Person, owner: User, settings: Settings
) -> None:
    held = issue_link(tenant=person.tenant, person=person, reason="asked", made_by=owner)
    row = invite(person, owner)
    settings.SMS_SENDER = "tests.senders.Unreachable"
    row = send(row)
    assert open_link(tenant=person.tenant, token=held)
    assert PersonalLink.objects.filter(revoked_at__isnull=True).count() == 1
    settings.SMS_SENDER = "tests.senders.Postbox"
    pass_time(row, PAUSES[0])
    send(row)
    with pytest.raises(LinkOver):
        open_link(tenant=person.tenant, token=held)
    assert open_link(tenant=person.tenant, token=Postbox.sent[0].token)


def test_a_failed_attempt_waits_for_its_pause_and_the_third_is_the_last(
    person: Person, owner: User, settings: Settings
) -> None:
    settings.SMS_SENDER = "tests.senders.Unreachable"
    row = invite(person, owner)
    for attempt in range(1, ATTEMPTS):
        row = send(row)
        assert (row.state, row.attempts, row.reason) == ("queued", attempt, "unreachable")
        assert row.next_try_at and row.next_try_at > timezone.now()
        assert send(row).attempts == attempt  # too early
        pass_time(row, PAUSES[attempt - 1])
    row = send(row)
    assert (row.state, row.attempts, row.reason, row.next_try_at) == ("failed", ATTEMPTS, "unreachable", None)
    assert not PersonalLink.objects.filter(revoked_at__isnull=True).exists()


def test_a_final_refusal_is_not_tried_again_and_does_not_count_as_asking(
    person: Person, owner: User, settings: Settings
) -> None:
    settings.SMS_SENDER = "tests.senders.Refusing"
    row = send(invite(person, owner))
    assert (row.state, row.attempts, row.reason) == ("failed", 1, InvitationReason.REFUSED)
    settings.SMS_SENDER = "tests.senders.Postbox"
    assert send(invite(person, owner)).state == InvitationState.SENT


def test_a_message_that_may_have_arrived_counts_as_asking_and_its_link_works(
    person: Person, owner: User, settings: Settings
) -> None:
    settings.SMS_SENDER = "tests.senders.Silent"
    row = invite(person, owner)
    for pause in PAUSES:
        row = send(row)
        if row.next_try_at:
            pass_time(row, pause)
    assert (row.state, row.reason, len(Postbox.sent)) == ("failed", InvitationReason.NO_ANSWER, ATTEMPTS)
    assert all(open_link(tenant=person.tenant, token=letter.token) for letter in Postbox.sent)
    assert refusal(lambda: invite(person, owner)) == "asked_recently"


def test_a_worker_that_dies_after_the_message_costs_a_second_message_and_no_wrong_state(
    person: Person, owner: User, settings: Settings
) -> None:
    settings.SMS_SENDER = "tests.senders.Dying"
    row = invite(person, owner)
    with pytest.raises(MemoryError):
        send(row)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("queued", 1)
    assert send(row).attempts == 1  # the broker delivers it again at once
    settings.SMS_SENDER = "tests.senders.Postbox"
    pass_time(row, PAUSES[0])
    assert send(row).state == InvitationState.SENT
    first, second = (letter.token for letter in Postbox.sent)
    assert open_link(tenant=person.tenant, token=second)
    with pytest.raises(LinkOver):
        open_link(tenant=person.tenant, token=first)


def test_a_worker_that_always_dies_sends_three_messages_at_most(
    person: Person, owner: User, settings: Settings
) -> None:
    settings.SMS_SENDER = "tests.senders.Dying"
    row = invite(person, owner)
    for pause in PAUSES:
        with pytest.raises(MemoryError):
            send(row)
        row.refresh_from_db()
        pass_time(row, pause)
    row = send(row)
    assert (row.state, row.reason, len(Postbox.sent)) == ("failed", InvitationReason.INTERRUPTED, ATTEMPTS)


def test_a_link_handed_over_while_the_message_leaves_lives_on(
    person: Person, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[str] = []
    deliver = Postbox.send

    def hand_over_meanwhile(self: Postbox, *, to: str, subject: str, text: str) -> None:
        deliver(self, to=to, subject=subject, text=text)
        handed.append(issue_link(tenant=person.tenant, person=person, reason="asked", made_by=owner))

    monkeypatch.setattr(Postbox, "send", hand_over_meanwhile)
    send(invite(person, owner))
    assert open_link(tenant=person.tenant, token=handed[0])


@pytest.mark.parametrize("change", ["decline", "withdraw", "death", "grown_down", "phone", "sender", "day"])
def test_what_changed_since_calls_it_off(person: Person, owner: User, settings: Settings, change: str) -> None:
    visit = factories.make_visit(person.tenant, person)
    row = invite(person, owner)
    tenant = person.tenant
    reason = {
        "decline": "refused_before",
        "withdraw": "refused_before",
        "death": "over",
        "grown_down": "not_the_persons",
        "phone": "no_address",
        "sender": "no_sender",
        "day": "too_late",
    }[change]
    if change in {"decline", "withdraw"}:
        factories.agree(visit, ConsentDecision.DECLINE if change == "decline" else ConsentDecision.AGREE)
    if change == "withdraw":
        withdraw(visit=visit)
    if change == "death":
        record_death(tenant=tenant, person=person, died_on=timezone.localdate())
    if change == "grown_down":
        Person.objects.filter(pk=person.pk).update(age_band="under_14")
    if change == "phone":
        person.identity.phone = ""
        person.identity.save()
    if change == "sender":
        settings.SMS_SENDER = ""
    if change == "day":
        asked_a_day_ago(row)
    links = PersonalLink.objects.count()
    row = send(row)
    assert (row.state, row.reason, row.attempts, row.next_try_at) == ("given_up", reason, 0, None)
    assert not Postbox.sent
    assert PersonalLink.objects.count() == links


def asked_a_day_ago(row: Invitation) -> None:
    """Only the owner of the tables can set the day of asking back."""
    with database_role("owner"):
        Invitation.objects.filter(pk=row.pk).update(asked_at=row.asked_at - 25 * HOURS)


def test_the_pause_runs_from_the_hour_the_message_went_out(person: Person, owner: User) -> None:
    send(invite(person, owner))
    now = timezone.now()
    late = now + 30 * HOURS
    with database_role("owner"):
        PromptRecord.objects.update(prompted_at=now - 47 * HOURS)
        Invitation.objects.update(asked_at=now - 47 * HOURS, sent_at=now + 20 * HOURS)
    assert prompts.prompted_recently(person=person, purpose=ConsentPurpose.RECOGNITION, now=late)
    assert not prompts.prompted_recently(person=person, purpose=ConsentPurpose.RECOGNITION, now=now + 69 * HOURS)


def test_a_broker_that_is_down_loses_nothing(
    person: Person,
    owner: User,
    no_broker: None,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        row = invite(person, owner)
    assert "waits for the next sweep" in caplog.text
    assert Invitation.objects.get(pk=row.pk).state == InvitationState.QUEUED


def test_the_sweep_queues_what_is_due_in_every_property_and_nothing_else(
    person: Person, owner: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    due = invite(person, owner)
    sent = send(invite(factories.make_person(person.tenant), owner))
    later = invite(factories.make_person(person.tenant), owner)
    pass_time(later, -HOURS)
    other = factories.make_property()
    factories.make_notice(other)
    second = invite(factories.make_person(other), factories.make_member(other))
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.sweep_invitations() == 2
    assert [bool(queued_for(row)) for row in (due, second, sent, later)] == [True, True, False, False]


def test_neither_the_queue_nor_the_log_nor_a_row_holds_the_address_or_the_secret(
    person: Person,
    owner: User,
    caplog: pytest.LogCaptureFixture,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    caplog.set_level("DEBUG")
    settings.SMS_SENDER = "tests.senders.Silent"
    with django_capture_on_commit_callbacks(execute=True):
        row = invite(person, owner)
    row = send(row)
    settings.SMS_SENDER = "tests.senders.Postbox"
    pass_time(row, PAUSES[0])
    send(row)
    secrets = [text for letter in Postbox.sent for text in (letter.token, letter.to, letter.text)] + ["李阿姨"]
    assert len(Postbox.sent) == 2
    queue = queued_for(row)
    assert str(row.pk) in queue
    rows = json.dumps(list(Invitation.objects.values()), default=str)
    log = json.dumps(list(LogEntry.objects.values("changes", "object_repr", "additional_data")), default=str)
    links = json.dumps(list(PersonalLink.objects.values()), default=str)
    for place in (queue, rows, log, links, caplog.text):
        assert not [secret for secret in secrets if secret in place]


def queued_for(row: Invitation) -> str:
    """The broker's messages about this invitation, their bodies decoded."""
    with app.connection_for_read() as connection:
        raw = [entry.decode() for entry in connection.default_channel.client.lrange("default", 0, -1)]
    texts = [entry + base64.b64decode(json.loads(entry)["body"]).decode() for entry in raw]
    return "\n".join(text for text in texts if str(row.pk) in text)
