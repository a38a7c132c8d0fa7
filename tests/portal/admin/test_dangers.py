"""Deeds that lock people out or end in erasure: explained first, written out for the worst, and in the log."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from portal.operations import failures
from portal.operations.models import FailedTask
from tenants.organizations.models import Handler, Property, User
from tests import factories


@pytest.fixture
def root(db: None) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_superuser("root@example.com", factories.PASSWORD))
    return client


def contract(handler: Handler, **about: str) -> dict[str, str]:
    names = ("name", "credit_code", "contact_name", "contact_phone", "contact_email", "address")
    return {name: str(getattr(handler, name)) for name in names} | {"contract_signed_on": "2025-06-01"} | about


def test_ending_a_contract_is_told_and_written_out(root: Client, tenant: Property) -> None:
    handler = tenant.handler
    change = reverse("admin:organizations_handler_change", args=[handler.pk])
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    fields = contract(handler, contract_ends_on=yesterday)
    page = root.post(change, fields).content.decode()
    assert "All faces of 1 property stop within a minute" in page and "every face is erased" in page
    assert "Nothing was done" in root.post(change, fields | {"confirmed": "yes"}).content.decode()
    handler.refresh_from_db()
    assert handler.contract_ends_on is None
    assert root.post(change, fields | {"confirmed": handler.credit_code}).status_code == 302
    handler.refresh_from_db()
    assert handler.contract_ends_on.isoformat() == yesterday
    entry = LogEntry.objects.get_for_object(handler).first()
    assert entry.actor.email == "root@example.com" and "contract_ends_on" in entry.changes


def test_a_contract_that_goes_on_is_saved_without_a_word(root: Client, tenant: Property) -> None:
    change = reverse("admin:organizations_handler_change", args=[tenant.handler_id])
    later = (timezone.localdate() + timedelta(days=365)).isoformat()
    assert root.post(change, contract(tenant.handler, contract_ends_on=later)).status_code == 302


@pytest.mark.parametrize(
    ("before", "sent", "question"),
    [
        ({}, {}, "Close the account of"),
        ({}, {"is_active": "on", "is_staff": "on"}, "platform staff?"),
        ({"is_staff": True}, {"is_active": "on"}, "Take the platform from"),
        ({}, {"is_active": "on", "proof": "owner"}, "anew?"),
    ],
)
def test_what_changes_who_may_come_in_is_asked_twice(
    root: Client, before: dict[str, bool], sent: dict[str, str], question: str
) -> None:
    user = User.objects.create_user("li@example.com", factories.PASSWORD, **before)
    change = reverse("admin:organizations_user_change", args=[user.pk])
    assert question in root.post(change, {"name": "李", **sent}).content.decode()
    user.refresh_from_db()
    assert user.is_active and user.has_usable_password() and user.is_staff == bool(before)
    assert root.post(change, {"name": "李", "confirmed": user.email, **sent}).status_code == 302
    user.refresh_from_db()
    is_as_sent = user.is_active == ("is_active" in sent) and user.is_staff == ("is_staff" in sent)
    assert is_as_sent and user.has_usable_password() == ("proof" not in sent)


def test_a_failed_task_is_sent_again_or_forgotten_after_a_yes(
    root: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    again, gone = (failures.record(task="rights.sweep_ledger", error=OSError(), args=(), kwargs={}) for _ in "ab")
    change = reverse("admin:operations_failedtask_change", args=[again.pk])
    assert "A worker does it again within seconds" in root.post(change, {"deed": "again"}).content.decode()
    again.refresh_from_db()
    assert again.retried_at is None
    with django_capture_on_commit_callbacks() as sent:
        assert root.post(change, {"deed": "again", "confirmed": "yes"}).status_code == 302
    assert len(sent) == 1, "The rehearsal of the form sends nothing"
    again.refresh_from_db()
    assert again.retried_by is not None
    twice = root.post(change, {"deed": "again", "confirmed": "yes"}).content.decode()
    assert "was sent again already" in twice
    forget = reverse("admin:operations_failedtask_change", args=[gone.pk])
    assert root.post(forget, {"deed": "forget", "confirmed": "yes"}).status_code == 302
    assert list(FailedTask.objects.all()) == [again]
    listed = root.get(reverse("admin:operations_failedtask_changelist"), {"state": "again"})
    assert "rights.sweep_ledger" in listed.content.decode()


def test_the_log_names_the_command_line(root: Client) -> None:
    from django.core.management import call_command

    call_command("set_limit", f"--handler={factories.make_handler().credit_code}", "--devices=3")
    page = root.get(reverse("admin:auditlog_logentry_changelist")).content.decode()
    assert "Command line: <code>set_limit" in page


def test_an_announcement_is_made_on_a_page(root: Client) -> None:
    now = timezone.localtime()
    fields = {"text_zh": "停机", "text_en": "Down", "tone": "due"}
    for name, moment in {"starts_at": now, "ends_at": now + timedelta(days=1)}.items():
        fields |= {f"{name}_0": moment.strftime("%Y-%m-%d"), f"{name}_1": moment.strftime("%H:%M")}
    answer = root.post(reverse("admin:operations_announcement_add"), fields)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert "Down" in root.get(reverse("admin:operations_announcement_changelist")).content.decode()
