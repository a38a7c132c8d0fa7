"""Nobody waits for what others have piled up: neither a property for a property, nor a row for the rows before it."""

import uuid
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant, tenant_context
from tenants.people.kinds import AgeBand, FaceState, InvitationReason
from tenants.people.models import Person
from tenants.people.senders import FileSender, NotSent
from tenants.rights import many_jobs, retention_jobs, sweeps, tasks, telling
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.models import Erasure
from tenants.rights.services import holds
from tenants.rights.services.erasures import order_erasure
from tenants.rights.services.many_erasures import FEW
from tests import factories
from tests.architecture.catalogue import execute
from tests.recognition.steps import enroll, erase, knock
from tests.roles import database_role
from tests.tenants.rights.test_certificates import make_hold

BACKLOG = 2_000
SMALL = 20
MINE = {
    "recognition": (tasks.erase_as_recognition, tasks.empty_as_recognition),
    "web": (tasks.erase_as_web, tasks.empty_as_web, tasks.certify),
}


class Workers:
    """The queues of both workers: each message is given to the task itself, as the worker's role, in its order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, commits: Callable[..., object]) -> None:
        self.lines: dict[str, deque[tuple[object, Sequence[str]]]] = {role: deque() for role in MINE}
        self.commits = commits
        for role, some in MINE.items():
            for task in some:
                monkeypatch.setattr(task, "apply_async", self._adder(role, task))

    def _adder(self, role: str, task: object) -> Callable[..., None]:
        return lambda args: self.lines[role].append((task, args))

    def sweep(self) -> None:
        with self.commits(execute=True):
            tasks.sweep_retention()

    def step(self) -> None:
        """Do one message of each worker; one that fails is dropped, as the worker drops it."""
        for role, line in self.lines.items():
            if line:
                task, args = line.popleft()
                with database_role(role), self.commits(execute=True):
                    try:
                        task(*args)
                    except Exception as error:
                        assert "planted" in str(error), error


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., object]) -> Workers:
    return Workers(monkeypatch, django_capture_on_commit_callbacks)


def due(tenant: Property, count: int) -> None:
    """People whose stay ended yesterday, before anything was enrolled, in bulk as the owner of the database."""
    ended = timezone.localdate() - timedelta(days=1)
    fields = {"age_band": AgeBand.ADULT, "face_state": FaceState.CONSENTED, "stay_ends_on": ended}
    with database_role("owner"):
        Person.objects.bulk_create([Person(tenant=tenant, **fields) for _each in range(count)])


def completed(tenant: Property) -> int:
    with tenant_context(tenant.pk):
        return Erasure.objects.filter(tenant=tenant, completed_at__isnull=False).count()


def slices_of(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> list[uuid.UUID]:
    """Watch whose slices are done by one of the jobs, in order."""
    done: list[uuid.UUID] = []
    inner = getattr(module, name)

    def watched(*args: uuid.UUID, **named: uuid.UUID) -> object:
        done.append(args[0] if args else named["tenant_id"])
        return inner(*args, **named)

    monkeypatch.setattr(module, name, watched)
    return done


def test_twenty_small_properties_are_done_before_the_third_turn_of_a_big_one(
    tenant: Property, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ordered and emptied: one property has ten slices due, twenty others one person each."""
    due(tenant, BACKLOG)
    small = [factories.make_property() for _each in range(SMALL)]
    for house in small:
        due(house, 1)
    ordered = slices_of(monkeypatch, retention_jobs, "sweep_slice")
    emptied = slices_of(monkeypatch, many_jobs, "empty_slice")
    workers.sweep()
    turns = [place for place, house in enumerate(ordered) if house == tenant.pk]
    assert len(turns) == BACKLOG // retention_jobs.SLICE + 1
    assert {house.pk for house in small} <= set(ordered[: turns[1]]), "All have had a turn before its second"
    while not all(completed(house) for house in small):
        assert any(workers.lines.values()), "Somebody is not done, and nothing is left to do"
        workers.step()
    assert emptied.count(tenant.pk) <= 2 * len(MINE), "Two slices by each worker"
    assert completed(tenant) < BACKLOG / 2


def test_a_property_whose_erasures_fail_each_time_keeps_no_other_from_its_own(
    tenant: Property, workers: Workers, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither where they are ordered nor where the stores are emptied; it comes after those that work."""
    unordered, others = factories.make_property(), [factories.make_property() for _each in range(3)]
    for house in (tenant, unordered, *others):
        due(house, 2 * FEW)
    with database_role("owner"):
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, house in (("rights_erasurereceipt", tenant), ("rights_erasure", unordered)):
            execute(f"ALTER TABLE {table} ADD CONSTRAINT planted CHECK (tenant_id <> '{house.pk}') NOT VALID")
    workers.sweep()
    assert f"The retention sweep of property {unordered.pk} failed" in caplog.text
    while any(workers.lines.values()):
        workers.step()
    assert [completed(house) for house in others] == [2 * FEW] * 3
    assert (completed(tenant), completed(unordered)) == (0, 0)


def test_a_slice_that_fails_is_left_behind_by_the_next(
    tenant: Property, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All stores of a worker fail for the first slice: the second one is emptied, and the first is left to `erase`."""
    monkeypatch.setattr(many_jobs, "SLICE", 30)
    due(tenant, 50)
    workers.sweep()
    enter_tenant(tenant.pk)
    rows = Erasure.objects.order_by("next_try_at", "pk")
    first = set(rows.values_list("person_id", flat=True)[:30])
    inner = many_jobs._emptied

    def broken(store: object, people: Sequence[Person]) -> object:
        if first & {person.pk for person in people}:
            raise RuntimeError("planted")
        return inner(store, people)

    monkeypatch.setattr(many_jobs, "_emptied", broken)
    while any(workers.lines.values()):
        workers.step()
    enter_tenant(tenant.pk)
    left = set(Erasure.objects.filter(completed_at=None).values_list("person_id", flat=True))
    assert left == first


def ordered_ago(tenant: Property, *, hours: float, told: int = 0) -> Erasure:
    erasure = order_erasure(tenant=tenant, person=factories.make_person(tenant), reason=ErasureReason.REQUESTED)
    when = timezone.now() - timedelta(hours=hours)
    factories.rewrite(Erasure.objects.filter(pk=erasure.pk), ordered_at=when, told=told)
    return erasure


def test_owners_hear_of_what_is_late_behind_what_they_were_told(
    tenant: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "MOST", 2)
    factories.make_member(tenant, Role.OWNER)
    for _each in range(2):
        ordered_ago(tenant, hours=60, told=1)  # told after a day, and not due again before the fifth
    late = ordered_ago(tenant, hours=25)
    sweeps.sweep_erasures()
    late.refresh_from_db()
    assert late.told == 1


def test_the_marks_of_what_waits_go_on_while_no_letter_can_leave(
    tenant: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_self: object, **_letter: str) -> None:
        raise NotSent(InvitationReason.UNREACHABLE, can_retry=True)

    monkeypatch.setattr(telling, "MOST", 1)
    monkeypatch.setattr(FileSender, "send", down)
    factories.make_member(tenant, Role.OWNER)
    for _each in range(3):
        ordered_ago(tenant, hours=25)
    for _time in range(3):
        sweeps.sweep_erasures()
    assert [(row.told, row.escalated_at is None) for row in Erasure.objects.all()] == [(0, False)] * 3


def held(tenant: Property) -> tuple[Erasure, Callable[[], object]]:
    """An erasure of which a hold kept the door events; and what lifts that hold."""
    person, _visit = factories.make_consented_person(tenant)
    device, _code = factories.make_active_device(tenant)
    enroll(tenant, person, str(person.pk))
    knock(tenant, device, str(person.pk), person)
    hold = make_hold(tenant, person)
    order = order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON)
    erasure = erase(order)
    assert erasure.has_held
    return erasure, lambda: holds.lift(tenant=tenant, hold=hold, actor=hold.asked_by)


def test_what_is_still_held_keeps_nothing_behind_it_waiting(tenant: Property, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "SLICE", 1)
    held_orders = [held(tenant) for _each in range(3)]
    for place in (1, 2):
        erasure, lift = held_orders[place]
        lift()
        sweeps.sweep_erasures()
        assert Erasure.objects.filter(person=erasure.person_id).count() == 2, place
    first, _lift = held_orders[0]
    assert Erasure.objects.filter(person=first.person_id).count() == 1


def test_one_that_cannot_be_ordered_anew_keeps_no_other_waiting(
    tenant: Property, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sweeps, "SLICE", 1)
    (broken, lift), (other, lift_other) = sorted((held(tenant), held(tenant)), key=lambda row: row[0].next_try_at)
    lift()
    lift_other()
    inner = sweeps.order_erasure

    def fails(*, person: Person, **named: object) -> Erasure:
        if person.pk == broken.person_id:
            raise RuntimeError("planted")
        return inner(person=person, **named)

    monkeypatch.setattr(sweeps, "order_erasure", fails)
    for _time in range(2):
        sweeps.sweep_erasures()
    assert f"What a hold kept back of erasure {broken.pk}" in caplog.text
    assert Erasure.objects.filter(person=other.person_id).count() == 2


def test_certificates_that_cannot_be_issued_keep_no_other_waiting(
    tenant: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sweep asks for those that were not asked for the longest."""
    monkeypatch.setattr(sweeps, "SLICE", 1)
    asked: list[uuid.UUID] = []
    monkeypatch.setattr(tasks, "send_certify", lambda erasure: asked.append(erasure.pk))
    done = [erase(ordered_ago(tenant, hours=2)) for _each in range(3)]
    factories.rewrite(Erasure.objects.all(), completed_at=timezone.now() - timedelta(hours=1))
    asked.clear()
    for _time in range(3):
        sweeps.sweep_erasures()
    assert set(asked) == {erasure.pk for erasure in done}
