"""What is unfinished is tried again, with pauses, property by property, and told when it waits too long."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import Settings

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.people.models import Person
from tenants.people.senders import FileSender, NotSent
from tenants.rights import jobs, people_stores, sweeps, tasks
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.models import Certificate, Erasure, ErasureReceipt
from tenants.rights.rules.erasing import escalation, kept_until, pause
from tenants.rights.services import erasures, holds
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.architecture.catalogue import execute
from tests.recognition.steps import enroll, erase, knock
from tests.roles import database_role
from tests.tenants.rights.test_certificates import make_hold


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """The erasures that were sent to the workers, in their order."""
    found: list[object] = []
    monkeypatch.setattr(tasks, "send_erase", lambda erasure: found.append(erasure.pk))
    yield found


def ordered(tenant: Property, person: Person | None = None) -> Erasure:
    enter_tenant(tenant.pk)
    person = person or factories.make_person(tenant)
    return order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED)


def later(**by: float) -> None:
    """Time passes for every order: all that is written down lies further back."""
    with database_role("owner"):
        for row in Erasure.objects.all():
            moved = {name: getattr(row, name) - timedelta(**by) for name in ("ordered_at", "next_try_at")}
            factories.rewrite(Erasure.objects.filter(pk=row.pk), **moved)


def test_an_erasure_that_the_queue_lost_is_sent_again(tenant: Property, sent: list[object]) -> None:
    erasure = ordered(tenant)
    sent.clear()
    sweeps.sweep_erasures()
    assert sent == [], "It has just been sent"
    later(hours=1)
    sweeps.sweep_erasures()
    assert sent == [erasure.pk]


def test_each_pause_is_twice_as_long_up_to_an_hour(tenant: Property, sent: list[object], settings: Settings) -> None:
    settings.ERASURE_RESEND_SECONDS = 60
    ordered(tenant)
    pauses = []
    for _time in range(9):
        later(hours=2)
        before = timezone.now()
        sweeps.sweep_erasures()
        pauses.append(round((Erasure.objects.get().next_try_at - before).total_seconds() / 60))
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert Erasure.objects.get().tries == 9


def test_a_certificate_whose_task_was_lost_is_asked_for_again(tenant: Property) -> None:
    erasure = erase(ordered(tenant))
    factories.rewrite(Erasure.objects.filter(pk=erasure.pk), completed_at=timezone.now() - timedelta(hours=1))
    asked: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "send_certify", lambda erasure: asked.append(erasure.pk))
        sweeps.sweep_erasures()
        jobs.certify(tenant_id=tenant.pk, erasure_id=erasure.pk)
        sweeps.sweep_erasures()
    assert asked == [erasure.pk]
    assert Certificate.objects.count() == 1


def test_a_store_that_fails_keeps_no_other_from_its_turn(
    tenant: Property, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_self: object, person: Person) -> int:
        execute("SELECT 1/0")
        return 0

    person = factories.make_person(tenant)
    erasure = order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON)
    with monkeypatch.context() as patch:
        patch.setattr(people_stores.LinkStore, "erase", broken)
        assert erase(erasure).completed_at is None
    done = set(ErasureReceipt.objects.values_list("store", flat=True))
    assert "identity" in done
    assert "links" not in done
    assert "The store links could not be emptied" in caplog.text
    assert erase(erasure).completed_at is not None


def test_no_property_waits_for_anothers_backlog(
    tenant: Property, sent: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One has more than fits into a turn: the other has its turn in the same sweep, whoever comes first."""
    monkeypatch.setattr(sweeps, "SLICE", 3)
    other = factories.make_property()
    for _number in range(7):
        ordered(tenant)
    theirs = ordered(other)
    with database_role("owner"):
        factories.rewrite(Erasure.objects.all(), next_try_at=timezone.now() - timedelta(hours=1))
    sent.clear()
    assert sweeps.sweep_erasures() == 4
    assert theirs.pk in sent
    assert sweeps.sweep_erasures() == 3
    assert len(set(sent)) == 7
    assert sweeps.sweep_erasures() == 1


def test_the_sweep_begins_with_another_property_each_minute() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    firsts = {sweeps.in_turn("abc", now=noon + timedelta(minutes=minute))[0] for minute in range(3)}
    assert firsts == {"a", "b", "c"}
    assert sorted(sweeps.in_turn("abc", now=noon)) == ["a", "b", "c"]
    assert sweeps.in_turn([]) == []


def test_a_property_that_fails_keeps_nobody_from_the_sweep(
    tenant: Property, sent: list[object], caplog: pytest.LogCaptureFixture
) -> None:
    other = factories.make_property()
    ordered(tenant)
    theirs = ordered(other)
    with database_role("owner"):
        factories.rewrite(Erasure.objects.all(), next_try_at=timezone.now() - timedelta(hours=1))
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        execute(f"ALTER TABLE rights_erasure ADD CONSTRAINT planted CHECK (tenant_id <> '{tenant.pk}') NOT VALID")
    sent.clear()
    sweeps.sweep_erasures()
    assert theirs.pk in sent
    assert str(tenant.pk) in caplog.text


def test_a_long_backlog_waits_for_its_turn_instead_of_filling_the_queue(
    tenant: Property, sent: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasures, "SLICE", 2)
    for _number in range(4):
        ordered(tenant)
    assert len(sent) == 2
    assert Erasure.objects.filter(completed_at__isnull=True).count() == 4


class Outbox(list):
    def send(self, *, to: str, subject: str, text: str) -> None:
        self.append((to, subject, text))


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> Outbox:
    found = Outbox()
    monkeypatch.setattr(FileSender, "send", lambda _self, **letter: found.send(**letter))
    return found


def test_owners_are_told_after_a_day_and_again_after_five(tenant: Property, sent: list[object], outbox: Outbox) -> None:
    owner = factories.make_member(tenant, Role.OWNER)
    factories.make_member(tenant, Role.MANAGER)
    erasure = ordered(tenant)
    for hours, letters in ((23, 0), (2, 1), (1, 1), (93, 1), (1, 2), (500, 2)):
        later(hours=hours)
        sweeps.sweep_erasures()
        assert len(outbox) == letters, hours
    assert {to for to, _subject, _text in outbox} == {owner.email}
    assert tenant.name in outbox[0][1]
    assert str(erasure.person_id) not in outbox[0][2]
    erasure.refresh_from_db()
    assert (erasure.told, erasure.escalated_at is not None) == (2, True)


def test_a_letter_that_cannot_leave_is_tried_again_and_the_mark_stands(
    tenant: Property, sent: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_self: object, **_letter: str) -> None:
        raise NotSent("down")

    factories.make_member(tenant, Role.OWNER)
    ordered(tenant)
    later(hours=25)
    with monkeypatch.context() as patch:
        patch.setattr(FileSender, "send", down)
        sweeps.sweep_erasures()
    erasure = Erasure.objects.get()
    assert (erasure.told, erasure.escalated_at is not None) == (0, True)
    found = Outbox()
    monkeypatch.setattr(FileSender, "send", lambda _self, **letter: found.send(**letter))
    sweeps.sweep_erasures()
    assert (len(found), Erasure.objects.get().told) == (1, 1)


def test_what_a_hold_kept_is_erased_by_an_order_of_its_own_afterwards(tenant: Property) -> None:
    person, _visit = factories.make_consented_person(tenant)
    device, _code = factories.make_active_device(tenant)
    enroll(tenant, person, "li")
    knock(tenant, device, "li", person)
    hold = make_hold(tenant, person)
    first = order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON)
    assert erase(first).has_held
    sweeps.sweep_erasures()
    assert Erasure.objects.count() == 1, "The hold still stands"
    holds.lift(tenant=tenant, hold=hold, actor=hold.asked_by)
    sweeps.sweep_erasures()
    [second] = Erasure.objects.exclude(pk=first.pk)
    assert erase(second).completed_at is not None
    assert ErasureReceipt.objects.get(erasure=second, store="events").erased == 1
    sweeps.sweep_erasures()
    assert Erasure.objects.count() == 2


def test_somebody_erased_already_is_not_erased_again(tenant: Property) -> None:
    person = factories.make_person(tenant)
    first = order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON)
    erase(first)
    for scope in ErasureScope:
        again = order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=scope)
        assert again == first
    assert Erasure.objects.count() == 1


def test_the_pure_rules() -> None:
    minute = timedelta(minutes=1)
    assert [pause(tries=tries, first=minute) for tries in (0, 1, 5, 6, 30_000)] == [
        minute, 2 * minute, 32 * minute, 60 * minute, 60 * minute,
    ]  # fmt: skip
    now = timezone.now()
    waited = (timedelta(hours=23), timedelta(hours=24), timedelta(days=5) - minute, timedelta(days=5))
    assert [escalation(ordered_at=now - by, now=now) for by in waited] == [0, 1, 1, 2]
    assert escalation(ordered_at=now + timedelta(days=1), now=now) == 0, "The clock was set back"
    assert kept_until(date(2028, 2, 29)) == date(2031, 3, 1)
    assert kept_until(date(2026, 11, 28)) == date(2029, 11, 28)
