"""A piece of long work: how it runs, stops, dies and goes on, and what is left of it."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from portal.security.models import AccessEvent
from portal.work import jobs, sealing, services
from portal.work.kinds import JobState
from portal.work.models import Job
from portal.work.runners import Order, Result, Stopped
from tenants.organizations.models import Membership, Notification, Property, User
from tenants.organizations.news import NotificationKind
from tenants.organizations.roles import Permission
from tenants.organizations.trail import Kind
from tenants.rights import stores
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.portal.work.conftest import run

pytestmark = pytest.mark.django_db
Start = Callable[..., Job]
CANARY = "王小明的房号"


def test_what_is_asked_and_what_comes_of_it_is_sealed_at_rest(works: Callable[..., None], order: Start) -> None:
    works(lambda order: Result(str(order.asked["q"]).encode(), "a.csv"))
    job = order(q=CANARY)
    row = Job.objects.values().get(pk=job.pk)
    assert CANARY not in str(row) and CANARY.encode() not in bytes(row["asked"])
    job = run(job)
    assert (job.state, job.file_name, bytes(job.asked)) == (JobState.DONE, "a.csv", b"")
    assert CANARY.encode() not in bytes(job.result)
    assert sealing.unseal(job, "result").decode() == CANARY
    other = Job(pk=uuid.uuid4(), tenant_id=job.tenant_id, result=job.result)
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(other, "result")


def test_progress_is_counted_and_the_pace_says_what_is_left(works: Callable[..., None], order: Start) -> None:
    seen: list[tuple[int | None, JobState]] = []

    def slices(order_: Order) -> Result:
        for done in (1, 2, 3):
            order_.step(done, total=4)
            job = Job.objects.get()
            seen.append((job.percent, JobState(job.state)))
            Job.objects.update(started_at=timezone.now() - timedelta(seconds=60 * done))
            left = Job.objects.get().time_left
            assert left is not None and round(left.total_seconds()) == 60 * (4 - done)
        return Result(said={"changed": 4})

    works(slices)
    job = run(order())
    assert seen == [(25, "running"), (50, "running"), (75, "running")]
    assert (job.percent, job.done, job.said, job.time_left) == (100, 4, {"changed": 4}, None)


def test_cancelling_stops_before_the_next_slice(works: Callable[..., None], order: Start) -> None:
    slices: list[int] = []

    def work(order_: Order) -> Result:
        for done in range(5):
            slices.append(done)
            order_.step(done + 1, total=5)
            if done == 1:
                services.cancel(job=Job.objects.get())
        return Result()

    works(work)
    job = run(order())
    assert (job.state, slices, job.done) == (JobState.CANCELLED, [0, 1, 2], 2)
    waiting = services.cancel(job=order())
    assert waiting.state == JobState.CANCELLED and bytes(waiting.asked) == b""
    assert run(waiting).state == JobState.CANCELLED


def test_a_worker_that_died_is_followed_by_one_that_goes_on(
    works: Callable[..., None], order: Start, tenant: Property
) -> None:
    came: list[int] = []

    def dies(order_: Order) -> Result:
        came.append(order_.done)
        order_.step(order_.done + 10, total=20, said={"changed": order_.done + 10})
        if order_.done == 0:
            raise MemoryError
        return Result(said=order_.said)

    works(dies)
    job = run(order())
    assert (job.state, job.done, job.claim) == (JobState.WAITING, 10, None)
    job = run(job)
    assert (job.state, came, job.said) == (JobState.DONE, [0, 10], {"changed": 10})


def test_a_worker_whose_work_was_taken_over_changes_nothing_more(works: Callable[..., None], order: Start) -> None:
    def slow(order_: Order) -> Result:
        Job.objects.update(claim=uuid.uuid4())
        with pytest.raises(Stopped):
            order_.step(1, total=1)
        return Result(b"late", "late.csv")

    works(slow)
    job = run(order())
    assert (job.state, job.done, job.file_name) == (JobState.RUNNING, 0, "")


def test_the_sweep_takes_back_what_is_silent_and_gives_up_in_the_end(
    works: Callable[..., None], order: Start, tenant: Property
) -> None:
    def broken(_order: Order) -> Result:
        raise RuntimeError

    works(broken, resumes=False)
    job = order()
    job.state, job.claim, job.next_at = JobState.RUNNING, uuid.uuid4(), timezone.now()
    job.save()
    assert services.keep_house(tenant=tenant) == 1
    for _try in range(jobs.MAX_TRIES):
        assert run(job).state == JobState.WAITING
    job = run(job)
    assert (job.state, bytes(job.asked)) == (JobState.FAILED, b"") and job.error


def test_a_member_who_lost_the_right_gets_nothing(
    works: Callable[..., None], order: Start, tenant: Property, owner: User
) -> None:
    works(lambda _order: Result(b"names", "names.csv"))
    job = order()
    Membership.objects.filter(tenant=tenant, user=owner).update(is_active=False)
    job = run(job)
    assert (job.state, job.file_name) == (JobState.FAILED, "")
    tenant.granted = frozenset({Permission.VIEW_HOME})
    with pytest.raises(PermissionDenied):
        order()


def test_a_broken_rule_is_a_sentence_on_the_row(works: Callable[..., None], order: Start) -> None:
    def refused(_order: Order) -> Result:
        raise ValidationError("没有可以做的。")

    works(refused)
    job = run(order())
    assert (job.state, job.error) == (JobState.FAILED, "没有可以做的。")
    told = Notification.objects.get(user=job.made_by, kind=NotificationKind.JOB_DONE)
    assert told.subject == f"job:{job.pk}"


def test_only_its_member_fetches_a_file_and_each_time_is_written_down(
    works: Callable[..., None], order: Start, tenant: Property, owner: User
) -> None:
    works(lambda _order: Result(b"names", "names.csv"))
    job = run(order())
    assert services.open_file(tenant=tenant, job=job, actor=owner) == b"names"
    event = AccessEvent.objects.get(tenant=tenant.pk, kind=Kind.EXPORTED)
    assert (event.actor, event.subject, event.facts["what"]) == (f"user:{owner.pk}", f"job:{job.pk}", "trial")
    with pytest.raises(PermissionDenied):
        services.open_file(tenant=tenant, job=job, actor=factories.make_member(tenant))


def test_a_file_is_emptied_after_a_day_and_its_row_forgotten_after_a_month(
    works: Callable[..., None], order: Start, tenant: Property, owner: User
) -> None:
    works(lambda _order: Result(b"names", "names.csv"))
    job = run(order())
    assert services.keep_house(tenant=tenant) == 0
    Job.objects.update(next_at=timezone.now())
    assert services.keep_house(tenant=tenant) == 1
    job.refresh_from_db()
    assert (bytes(job.result), job.has_file, job.state) == (b"", False, JobState.DONE)
    with pytest.raises(ValidationError) as refused:
        services.open_file(tenant=tenant, job=job, actor=owner)
    assert refused.value.code == "gone"
    Job.objects.update(made_at=timezone.now() - services.ROW_LIVES, next_at=timezone.now())
    services.keep_house(tenant=tenant)
    assert not Job.objects.exists()


def test_a_file_goes_when_the_record_of_somebody_in_it_is_erased(
    works: Callable[..., None], order: Start, tenant: Property, owner: User
) -> None:
    person, other = factories.make_person(tenant), factories.make_person(tenant)
    works(lambda order_: Result(b"names", "names.csv", frozenset({uuid.UUID(order_.asked["of"])})))
    theirs, others = run(order(of=str(person.pk))), run(order(of=str(other.pk)))
    [store] = [store for store in stores.stores() if store.name == "work_files"]
    assert (store.count(person), len(store.export(person))) == (1, 1)
    order_erasure(tenant=tenant, person=person, reason=ErasureReason.STAY_ENDED, scope=ErasureScope.PERSON)
    with pytest.raises(ValidationError):
        services.open_file(tenant=tenant, job=theirs, actor=owner)
    assert store.erase(person) == 1 and store.count(person) == 0
    theirs.refresh_from_db()
    assert bytes(theirs.result) == b""
    assert services.open_file(tenant=tenant, job=others, actor=owner) == b"names"


def test_a_file_read_before_an_erasure_is_not_kept_after_it(
    works: Callable[..., None], order: Start, tenant: Property
) -> None:
    person = factories.make_person(tenant)
    read: list[str] = []

    def reads(_order: Order) -> Result:
        read.append("once")
        if len(read) == 1:
            order_erasure(tenant=tenant, person=person, reason=ErasureReason.STAY_ENDED, scope=ErasureScope.PERSON)
            return Result(b"with the name", "a.csv", frozenset({person.pk}))
        return Result(b"without", "a.csv")

    works(reads)
    job = run(order())
    assert (job.state, bytes(job.result), job.tries) == (JobState.WAITING, b"", 0), "when the erasure is done"
    assert sealing.unseal(run(job), "result") == b"without"


def test_five_at_once_are_enough(works: Callable[..., None], order: Start) -> None:
    works(lambda _order: Result())
    started = [order() for _number in range(services.MOST_AT_ONCE)]
    with pytest.raises(ValidationError) as refused:
        order()
    assert refused.value.code == "too_many"
    run(started[0])
    assert order().state == JobState.WAITING


def test_a_part_of_a_file_is_sealed_and_the_next_worker_goes_on_with_it(
    works: Callable[..., None], order: Start
) -> None:
    came: list[bytes] = []

    def dies(order_: Order) -> Result:
        came.append(order_.kept)
        order_.step(len(came) * 10, total=20, kept=order_.kept + b"sheet")
        if len(came) == 1:
            raise MemoryError
        return Result(order_.kept + b"sheet", "a.zip")

    works(dies, names_people=False)
    job = run(order())
    assert (job.state, job.has_file) == (JobState.WAITING, False)
    assert bytes(job.result) and b"sheet" not in bytes(job.result)
    job = run(job)
    assert (job.state, came) == (JobState.DONE, [b"", b"sheet"])
    assert sealing.unseal(job, "result") == b"sheetsheet"


def test_a_part_of_a_file_goes_when_its_work_is_cancelled(works: Callable[..., None], order: Start) -> None:
    def is_cancelled(order_: Order) -> Result:
        order_.step(1, total=2, kept=b"sheet")
        services.cancel(job=Job.objects.get())
        order_.step(2)
        return Result()

    works(is_cancelled, names_people=False)
    job = run(order())
    assert (job.state, bytes(job.result)) == (JobState.CANCELLED, b"")


def test_a_file_that_may_name_somebody_is_not_kept_in_parts(works: Callable[..., None], order: Start) -> None:
    """Whom it names is known at the end only: until then no erasure would find it."""
    refused: list[str] = []

    def keeps(order_: Order) -> Result:
        try:
            order_.step(1, total=2, kept=b"names")
        except ValueError as error:
            refused.append(str(error))
        return Result()

    works(keeps)
    assert run(order()).state == JobState.DONE and refused
