"""The command line of platform staff: the services of the admin, JSON for programs, one sentence for a no."""

import json
from io import StringIO
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core import mail
from django.core.management import CommandError, call_command, get_commands

from portal.operations import failures
from portal.operations.models import Announcement
from tenants.organizations.models import Handler, Membership, Property
from tenants.organizations.scoping import enter_tenant
from tests import factories

pytestmark = pytest.mark.django_db
OURS = sorted(name for name, app in get_commands().items() if app == "portal.operations")
HANDLER = {
    "name": "杭州安居物业",
    "credit_code": "91330100MA27ABCD5X",
    "contact_name": "王",
    "contact_phone": "0571-1",
    "contract_signed_on": "2026-01-01",
}
PROPERTY = {"slug": "west-lake", "kind": "hotel", "name": "西湖酒店", "owner_email": "owner@example.com"}


def told(command: str, **options: Any) -> Any:
    out = StringIO()
    arguments = [
        f"--{name.replace('_', '-')}={value}" for name, value in options.items() if not isinstance(value, bool)
    ]
    call_command(
        command, *arguments, *(f"--{name}" for name, value in options.items() if value is True), "--json", stdout=out
    )
    return json.loads(out.getvalue())


def test_a_handler_begins_on_the_command_line() -> None:
    handler = told("create_handler", **HANDLER)
    opened = told("create_property", handler=handler["credit_code"], **PROPERTY)
    assert opened["invitation_sent"] and "https://portal.example/" in mail.outbox[0].body
    assert [row["properties"] for row in told("list_handlers")] == [1]
    assert [row["slug"] for row in told("list_properties", handler=handler["credit_code"])] == ["west-lake"]
    tenant = Property.objects.get()
    enter_tenant(tenant.pk)
    assert Membership.objects.get(tenant=tenant).user.email == "owner@example.com"
    again = told("invite_owner", property="west-lake", email="owner@example.com")
    assert again["invitation_sent"] and len(mail.outbox) == 2
    entry = LogEntry.objects.get_for_object(Handler.objects.get()).first()
    assert entry.additional_data["actor"] == "command:create_handler"


@pytest.mark.parametrize(
    ("command", "options", "sentence"),
    [
        ("create_handler", HANDLER | {"credit_code": "short"}, "credit_code: 18 characters, as on the licence."),
        ("create_handler", HANDLER | {"contract_signed_on": "soon"}, "contract-signed-on"),
        ("create_property", PROPERTY | {"handler": "nobody"}, "There is no handler with the code nobody"),
        ("invite_owner", {"property": "none", "email": "a@b.example"}, "There is no property none"),
        ("failed_jobs", {"retry": "00000000-0000-0000-0000-000000000000"}, "There is no failed task"),
        ("announce", {"zh": "停机", "en": "Down", "until": "2020-01-01T00:00"}, "ends_at: This is past"),
        ("set_limit", {"property": "none", "devices": 3}, "There is no property none"),
        ("set_limit", {"devices": 3}, "--handler --property"),
    ],
)
def test_what_is_wrong_is_one_sentence(command: str, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        told(command, **options)
    assert sentence in str(refused.value)


def test_an_owner_is_no_member_of_the_platform(owner: Any) -> None:
    with pytest.raises(CommandError, match="is no owner"):
        told("invite_owner", property=Property.objects.get().slug, email="other@example.com")


def test_limits_are_set_and_taken_away(tenant: Property) -> None:
    assert told("set_limit", property=tenant.slug, devices=3)["max_devices"] == 3
    assert told("set_limit", property=tenant.slug, devices=0)["max_devices"] is None
    assert told("set_limit", handler=tenant.handler.credit_code, people=9)["max_people"] == 9


def test_failed_jobs_are_listed_sent_again_and_forgotten() -> None:
    first, second = (failures.record(task="rights.sweep_ledger", error=OSError(), args=(), kwargs={}) for _ in "ab")
    assert {row["error"] for row in told("failed_jobs")} == {"OSError"}
    assert told("failed_jobs", retry=first.pk)[0]["retried_at"]
    assert [row["id"] for row in told("failed_jobs")] == [str(second.pk)]
    assert told("failed_jobs", forget=second.pk)[0]["forgotten"]
    assert told("failed_jobs") == []


def test_an_announcement_is_made_for_some_handlers(tenant: Property) -> None:
    code = tenant.handler.credit_code
    told("announce", zh="今晚维护", en="Maintenance tonight", until="2099-01-01T00:00", handler=code)
    assert Announcement.objects.get().handlers == [tenant.handler_id]


def test_health_ends_with_an_error_when_something_needs_a_look() -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="Worker for the queue recognition"):
        call_command("health", "--json", stdout=out)
    parts = {part["name"]: part["is_well"] for part in json.loads(out.getvalue())}
    assert parts["Database"] and parts["Broker"] and not parts["Worker for the queue default"]


def test_versions_are_numbers_only(tenant: Property) -> None:
    found = told("versions")
    assert set(found) == {"model", "previous", "faces", "keys"}
    assert factories.make_handler().name not in str(found)


@pytest.mark.parametrize("command", OURS)
def test_every_command_says_what_it_is_for(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command(command, "--help")
    assert ended.value.code == 0
    assert "--json" in capsys.readouterr().out
