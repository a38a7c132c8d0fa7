"""What the health page knows besides servers: the schedule's last runs, failed tasks, room, the last backup."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.operations import clockwork, failures, health
from tenants.organizations.models import User
from tenants.organizations.trail import Happening, Kind, note
from tests import factories

pytestmark = pytest.mark.django_db


class Shell:
    """A task as a worker ends it."""

    class Request:
        is_eager = False

    request = Request()

    def __init__(self, name: str) -> None:
        self.name = name


def end(task: str, state: str = "SUCCESS") -> None:
    """Not by the signal itself: another of its listeners closes the test's own connection."""
    clockwork._note(task=Shell(task), state=state)


def last(task: str) -> object:
    return next(entry.last for entry in clockwork.entries() if entry.task == task)


def test_a_scheduled_task_that_ran_well_is_noted() -> None:
    end("rights.sweep_ledger")
    end("rights.sweep_packages", state="FAILURE")
    assert last("rights.sweep_ledger") is not None
    assert last("rights.sweep_packages") is None


@pytest.mark.parametrize(
    ("seconds", "ago", "since", "is_late"),
    [
        (60, 30, 9_000, False),
        (60, 600, 9_000, True),
        (60, None, 600, True),
        (3_600, None, 600, False),
        (86_400, 90_000, 99_000, False),
        (60, None, None, True),
    ],
)
def test_what_missed_its_turns_is_late(seconds: int, ago: int | None, since: int | None, is_late: bool) -> None:
    now = timezone.now()
    last, first = (None if moment is None else now - timedelta(seconds=moment) for moment in (ago, since))
    entry = clockwork.Entry("x", "x", seconds, last, first)
    assert bool(health.late_entries([entry], now)) == is_late


def test_a_failed_task_needs_a_look_until_it_is_sent_again() -> None:
    assert health._failed().is_well
    row = failures.record(task="rights.sweep_ledger", error=OSError(), args=(), kwargs={})
    assert not health._failed().is_well
    failures.retry(failed=row, actor=None)
    assert health._failed().is_well


def test_a_backup_that_nobody_made_needs_a_look() -> None:
    assert not health._backup().is_well
    note(Happening(kind=Kind.EXPORTED, actor="command:backup", facts={"what": "backup"}))
    assert health._backup().is_well


def test_the_page_tells_the_schedule_and_the_room(client: Client) -> None:
    client.force_login(User.objects.create_user("staff@example.com", factories.PASSWORD, is_staff=True))
    end("rights.sweep_ledger")
    answer = client.get(reverse("admin:health"))
    assert "rights.sweep_ledger" in answer.content.decode()
    assert sum(group.bytes for group in answer.context["groups"]) > 1_000_000
