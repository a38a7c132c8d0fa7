"""The clock of a request as beat keeps it: reminders, the fifth day, pauses, more time, lapses."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries, Settings

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import enter_tenant
from tenants.rights import request_jobs
from tenants.rights.kinds import MessageKind, RequestKind, RequestState
from tenants.rights.models import RequestMessage, RightsRequest
from tenants.rights.rules import add_working_days
from tenants.rights.services import answering, clocks, identity, merging, messages, requests, sweeping
from tests import factories
from tests.senders import Postbox
from tests.tenants.clearance.clock import Clock
from tests.tenants.rights.asking import ask_for_code, confirmed, fresh, prove, receive, send, told

MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)  # nine in the morning in Beijing


@pytest.fixture
def clock() -> Iterator[Clock]:
    with Clock(MONDAY) as clock:
        yield clock


@pytest.fixture(autouse=True)
def _postbox(settings: Settings) -> None:
    Postbox.sent.clear()
    settings.SMS_SENDER = settings.MAIL_SENDER = "tests.senders.Postbox"


def notes(request: RightsRequest) -> list[str]:
    return list(request.messages.filter(kind="note").order_by("at").values_list("template", flat=True))


def sweep(tenant: Property, times: int = 2) -> None:
    for _time in range(times):
        request_jobs.sweep_tenant(tenant)


def test_the_fifth_day_marks_and_tells_once(clock: Clock, tenant: Property, owner: User) -> None:
    request = receive(tenant)
    clock.passes(days=4)
    sweep(tenant)
    assert fresh(request).escalated_at is None and notes(request) == []
    clock.passes(days=1)
    sweep(tenant)
    assert fresh(request).escalated_at is not None and notes(request) == ["escalated"]


def test_reminders_come_before_and_after_the_last_day(clock: Clock, tenant: Property) -> None:
    request = receive(tenant)
    for _day in range(30):
        clock.passes(days=1)
        sweep(tenant)
    assert notes(request) == ["escalated", *["reminder"] * 6]
    assert clocks.overdue(tenant) == [request]


def test_a_deletion_is_reminded_of_after_a_day(clock: Clock, tenant: Property) -> None:
    deletion, reading = confirmed(tenant, RequestKind.DELETE), confirmed(tenant)
    clock.passes(days=1, minutes=1)
    sweep(tenant)
    assert (notes(deletion), notes(reading)) == (["reminder"], [])


def test_the_clock_waits_for_proof_and_goes_on_after_it(clock: Clock, tenant: Property, owner: User) -> None:
    factories.make_person(tenant)
    request = receive(tenant)
    clock.passes(days=2)  # Wednesday
    code = ask_for_code(request)
    clock.passes(days=7)
    sweep(tenant)
    assert fresh(request).due_on == add_working_days(date(2026, 3, 2), 15 + 5).on
    assert notes(request) == []
    code = ask_for_code(request)
    request = prove(request, code)
    assert (request.paused_on, request.paused_days) == (None, 5)
    assert request.due_on == add_working_days(date(2026, 3, 2), 20).on


def test_the_desk_s_asking_twice_pauses_from_the_first_time(clock: Clock, tenant: Property, owner: User) -> None:
    request = identity.ask_for_proof(tenant=tenant, request=receive(tenant), actor=owner)
    clock.passes(days=3)
    assert identity.ask_for_proof(tenant=tenant, request=request, actor=owner).paused_on == date(2026, 3, 2)


def test_who_is_never_proved_is_told_so_after_thirty_days(clock: Clock, tenant: Property, owner: User) -> None:
    request = receive(tenant, language="en")
    ask_for_code(request)
    clock.passes(days=29)
    sweep(tenant)
    assert fresh(request).state == RequestState.RECEIVED
    clock.passes(days=1)
    sweep(tenant)
    request = fresh(request)
    assert (request.state, request.refusal_code, request.refusal_article) == ("refused", "not_proved", "PIPL 50")
    assert "12377" in request.answer and told(request)[-1] == request.answer


def test_who_was_never_asked_for_proof_does_not_lapse(clock: Clock, tenant: Property) -> None:
    request = receive(tenant)
    clock.passes(days=120)
    sweep(tenant)
    assert fresh(request).state == RequestState.RECEIVED and clocks.overdue(tenant) == [request]


def test_what_a_stranger_wrote_goes_thirty_days_after_the_end(clock: Clock, tenant: Property, owner: User) -> None:
    request = receive(tenant, message="我是李阿姨")
    messages.write_from_person(tenant=tenant, request=request, text="我住2-301", papers=[("a.txt", b"2-301")])
    messages.note(tenant=tenant, request=request, text="李阿姨来过", author=owner)
    requests.take_back(tenant=tenant, request=request)
    clock.passes(days=29)
    sweep(tenant)
    assert fresh(request).name
    clock.passes(days=2)
    sweep(tenant)
    request = fresh(request)
    assert (request.name, request.contact, request.message) == ("", "", "")
    said = request.messages.exclude(kind=MessageKind.TO_PERSON)
    assert list(said.values_list("text", flat=True)) == ["", ""] and all(told(request))
    assert not sweeping.forget_stranger(tenant=tenant, pk=request.pk)


class TestMoreTime:
    def test_once_with_a_reason_and_the_person_is_told_until_when(
        self, clock: Clock, tenant: Property, owner: User
    ) -> None:
        request = confirmed(tenant, language="en")
        request = clocks.extend(tenant=tenant, request=request, reason="The lawyer must look.", actor=owner)
        assert request.due_on == add_working_days(date(2026, 3, 2), 30).on
        assert "The lawyer must look" in told(request)[-1]
        with pytest.raises(ValidationError) as refused:
            clocks.extend(tenant=tenant, request=request, reason="Again", actor=owner)
        assert refused.value.code == "extended"

    def test_not_without_a_reason_not_before_proof_and_not_afterwards(
        self, clock: Clock, tenant: Property, owner: User
    ) -> None:
        proved, unproved = confirmed(tenant), receive(tenant)
        with pytest.raises(ValidationError) as refused:
            clocks.extend(tenant=tenant, request=proved, reason=" ", actor=owner)
        assert set(refused.value.error_dict) == {"reason"}
        with pytest.raises(ValidationError) as refused:
            clocks.extend(tenant=tenant, request=unproved, reason="忙", actor=owner)
        assert refused.value.code == "wrong_state"
        clock.passes(days=40)
        with pytest.raises(ValidationError) as refused:
            clocks.extend(tenant=tenant, request=proved, reason="忙", actor=owner)
        assert refused.value.code == "overdue" and told(proved) == []

    def test_across_a_year_that_is_not_announced_the_person_reads_not_before(
        self, tenant: Property, owner: User
    ) -> None:
        with Clock(datetime(2098, 12, 20, 4, tzinfo=UTC)):
            request = confirmed(tenant, language="en")
            assert not request.is_due_final
            clocks.extend(tenant=tenant, request=request, reason="Illness", actor=owner)
            assert "not before" in told(request)[-1]


def test_a_calendar_that_is_announced_meanwhile_makes_the_day_final(clock: Clock, tenant: Property) -> None:
    request = receive(tenant)
    RightsRequest.objects.filter(pk=request.pk).update(is_due_final=False, due_on=date(2026, 3, 20))
    sweep(tenant)
    request = fresh(request)
    assert (request.due_on, request.is_due_final) == (add_working_days(date(2026, 3, 2), 15).on, True)


def test_a_day_begins_in_beijing(tenant: Property) -> None:
    with Clock(datetime(2026, 3, 1, 16, 30, tzinfo=UTC)):  # half past midnight on Monday the second
        assert receive(tenant).due_on == add_working_days(date(2026, 3, 2), 15).on


def test_a_clock_that_was_set_back_does_no_harm(clock: Clock, tenant: Property, owner: User) -> None:
    request = receive(tenant)
    identity.ask_for_proof(tenant=tenant, request=request, actor=owner)
    clock.passes(days=-9)
    sweep(tenant)
    again = fresh(request)
    assert (again.state, again.due_on, again.paused_days) == ("received", request.due_on, 0)
    request = identity.prove_in_person(
        tenant=tenant, request=request, person=factories.make_person(tenant), actor=owner
    )
    assert request.paused_days == 0 and request.due_on == again.due_on
    assert receive(tenant).number.startswith("R-2602-")


class TestMerging:
    def test_the_later_goes_on_in_the_earlier_and_both_read_the_end(
        self, clock: Clock, tenant: Property, owner: User
    ) -> None:
        person = factories.make_person(tenant)
        first = confirmed(tenant, person=person)
        clock.passes(days=3)
        second = confirmed(tenant, person=person)
        assert merging.similar(second) == [first] and merging.similar(first) == [second]
        second = merging.merge(tenant=tenant, request=second, into=first, actor=owner)
        assert (second.state, second.merged_into) == (RequestState.MERGED, first) and first.number in told(second)[-1]
        assert merging.similar(first) == []
        answering.answer(tenant=tenant, request=first, text="请下载", actor=owner)
        assert told(second)[-1] == "请下载" == fresh(second).answer

    def test_what_was_merged_before_goes_on_with_it(self, clock: Clock, tenant: Property, owner: User) -> None:
        person = factories.make_person(tenant)
        rows = [confirmed(tenant, person=person) for _number in range(3)]
        merging.merge(tenant=tenant, request=rows[2], into=rows[1], actor=owner)
        merging.merge(tenant=tenant, request=rows[1], into=rows[0], actor=owner)
        requests.take_back(tenant=tenant, request=rows[0])
        assert {fresh(row).merged_into for row in rows[1:]} == {rows[0]}
        assert all("R-" not in told(row)[-1] for row in rows)

    def test_proof_is_never_inherited(self, clock: Clock, tenant: Property, owner: User) -> None:
        person = factories.make_person(tenant)
        proved, unproved = confirmed(tenant, person=person), receive(tenant)
        assert merging.similar(unproved) == [proved]
        for request, into in ((unproved, proved), (proved, unproved)):
            with pytest.raises(ValidationError):
                merging.merge(tenant=tenant, request=request, into=into, actor=owner)
        assert fresh(unproved).person is None and fresh(proved).state == RequestState.CONFIRMED

    @pytest.mark.parametrize("what", ["other person", "other kind", "itself", "later into earlier's place"])
    def test_only_the_same_is_merged(self, clock: Clock, tenant: Property, owner: User, what: str) -> None:
        person = factories.make_person(tenant)
        into = confirmed(tenant, person=person)
        if what == "other person":
            request = confirmed(tenant, person=factories.make_person(tenant))
        elif what == "other kind":
            request = confirmed(tenant, RequestKind.COPY, person=person)
        elif what == "itself":
            request = into
        else:
            clock.passes(days=5)
            request, into = into, confirmed(tenant, person=person)
        with pytest.raises(ValidationError) as refused:
            merging.merge(tenant=tenant, request=request, into=into, actor=owner)
        assert set(refused.value.error_dict) == {"into"}


def test_one_property_s_failure_keeps_nobody_else_s_clock(
    clock: Clock, tenant: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = factories.make_property()
    request = receive(other)
    clock.passes(days=6)
    real = request_jobs.sweep_tenant

    def fail_for_one(swept: Property) -> int:
        if swept == tenant:
            raise MemoryError
        return real(swept)

    monkeypatch.setattr(request_jobs, "sweep_tenant", fail_for_one)
    request_jobs.sweep_requests()
    enter_tenant(other.pk)
    assert fresh(request).escalated_at is not None


def test_a_sweep_asks_no_more_for_many_requests_that_nothing_is_due_for(
    clock: Clock, tenant: Property, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(3):
        requests.take_back(tenant=tenant, request=receive(tenant))
        receive(tenant)
    for message in RequestMessage.objects.all():
        send(message)
    clock.passes(days=1)
    with django_assert_max_num_queries(10):
        assert request_jobs.sweep_tenant(tenant) == 0
