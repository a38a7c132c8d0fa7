"""Complaints: a number, a day, and no end but an answer."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import enter_tenant, tenant_context
from tenants.people.models import Person
from tenants.rights import complaint_jobs, duties
from tenants.rights.authorities import authorities_of
from tenants.rights.complaint_jobs import is_to_escalate
from tenants.rights.complaint_stores import ComplaintStore
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.models import Complaint
from tenants.rights.models.complaints import EMPTIED
from tenants.rights.retention_jobs import sweep_slice
from tenants.rights.rules import add_working_days
from tenants.rights.services import complaints, texts
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.roles import database_role
from tests.threads import Job, interleave

TEXT = "东门的摄像头对着我家窗户"


def complain(tenant: Property, **fields: object) -> tuple[Complaint, str]:
    return complaints.receive(tenant=tenant, text=TEXT, **fields)


def received(complaint: Complaint, days_ago: int) -> None:
    """Move the day on which it came in, as time would."""
    at = timezone.now() - timedelta(days=days_ago)
    due_on = add_working_days(timezone.localdate(at), 15).on
    factories.rewrite(Complaint.objects.filter(pk=complaint.pk), received_at=at, due_on=due_on)


def duty(tenant: Property) -> duties.Duty:
    return next(d for d in duties.readiness(tenant, count_people=lambda: 1) if d.code == "complaints_overdue")


def test_numbers_count_up_for_each_property(tenant: Property) -> None:
    month = f"K-{timezone.localdate():%y%m}-"
    assert [complain(tenant)[0].number for _time in range(2)] == [f"{month}001", f"{month}002"]
    assert complain(factories.make_property())[0].number == f"{month}001"


def test_the_answer_is_due_after_fifteen_working_days(tenant: Property) -> None:
    complaint, _code = complain(tenant)
    deadline = add_working_days(timezone.localdate(), 15)
    assert (complaint.due_on, complaint.is_due_final) == (deadline.on, deadline.is_final)


def test_neither_a_name_nor_a_contact_is_asked_for_and_a_text_is(tenant: Property) -> None:
    assert complain(tenant)[0].name == ""
    with pytest.raises(ValidationError) as broken:
        complaints.receive(tenant=tenant, text="  \n")
    assert broken.value.error_dict.keys() == {"text"}


def test_the_code_opens_it_however_it_is_typed_and_only_here(tenant: Property) -> None:
    complaint, code = complain(tenant)
    assert complaints.find_by_code(tenant=tenant, code=code.lower().replace("-", " ")) == complaint
    assert code.replace("-", "") not in str(vars(complaint))
    other = factories.make_property()
    with pytest.raises(Complaint.DoesNotExist):
        complaints.find_by_code(tenant=other, code=code)


def test_it_is_answered_once_and_never_without_words(tenant: Property, owner: User) -> None:
    complaint, _code = complain(tenant)
    with pytest.raises(ValidationError, match=r"答复|answer"):
        complaints.answer(tenant=tenant, complaint=complaint, text=" ", actor=owner)
    done = complaints.answer(tenant=tenant, complaint=complaint, text="已调整角度", actor=owner)
    assert (done.state, done.answered_by) == ("answered", owner) and done.answered_at
    for again in (
        lambda: complaints.answer(tenant=tenant, complaint=complaint, text="别的", actor=owner),
        lambda: complaints.assign(tenant=tenant, complaint=complaint, to=owner),
    ):
        with pytest.raises(ValidationError):
            again()
    assert Complaint.objects.get().answer == "已调整角度"


def test_the_database_closes_no_complaint_without_an_answer(tenant: Property) -> None:
    complaint, _code = complain(tenant)
    for fields in ({"state": "answered"}, {"state": "answered", "answer": "好"}):
        with pytest.raises(IntegrityError, match="closed_complaint_has_answer"), transaction.atomic():
            Complaint.objects.filter(pk=complaint.pk).update(**fields)


def test_nobody_deletes_a_complaint(tenant: Property) -> None:
    complaint, _code = complain(tenant)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        complaint.delete()


def test_it_is_given_to_members_of_this_property_only(tenant: Property, owner: User) -> None:
    complaint, _code = complain(tenant)
    assert complaints.assign(tenant=tenant, complaint=complaint, to=owner).assigned_to == owner
    stranger = factories.make_member(factories.make_property())
    enter_tenant(tenant.pk)
    with pytest.raises(ValidationError):
        complaints.assign(tenant=tenant, complaint=complaint, to=stranger)
    assert complaints.assign(tenant=tenant, complaint=complaint, to=None).assigned_to is None


@pytest.mark.parametrize(
    ("received_on", "fifth"),
    [
        (date(2026, 3, 2), date(2026, 3, 9)),  # a Monday: a weekend lies between
        (date(2026, 9, 30), date(2026, 10, 13)),  # the National Day holiday, with a Saturday of work
    ],
)
def test_five_working_days_are_the_state_councils(received_on: date, fifth: date) -> None:
    assert not is_to_escalate(received_on, fifth - timedelta(days=1))
    assert is_to_escalate(received_on, fifth)


@pytest.mark.django_db
def test_what_waits_too_long_is_escalated_once_in_every_property() -> None:
    late, fresh = [], []
    for _time in range(2):
        tenant = factories.make_property()
        late.append((tenant, complain(tenant)[0]))
        fresh.append((tenant, complain(tenant)[0]))
        received(late[-1][1], days_ago=14)
        answered, _code = complain(tenant)
        complaints.answer(tenant=tenant, complaint=answered, text="好", actor=factories.make_member(tenant))
        received(answered, days_ago=14)
    assert complaint_jobs.sweep_complaints() == 2
    assert complaint_jobs.sweep_complaints() == 0
    for is_late, rows in ((True, late), (False, fresh)):
        for tenant, complaint in rows:
            enter_tenant(tenant.pk)
            complaint.refresh_from_db()
            assert (complaint.escalated_at is not None) is is_late


def test_an_overdue_complaint_is_a_duty_until_it_is_answered(tenant: Property, owner: User) -> None:
    complaint, _code = complain(tenant)
    assert (duty(tenant).status, duty(tenant).total) == ("met", 1)
    received(complaint, days_ago=60)
    assert (duty(tenant).status, duty(tenant).broken) == ("due", 1)
    complaints.answer(tenant=tenant, complaint=complaint, text="已调整", actor=owner)
    assert (duty(tenant).status, duty(tenant).total) == ("met", 0)


def test_the_local_authority_stands_before_the_hot_lines(tenant: Property) -> None:
    assert [a.phone for a in authorities_of(tenant)] == ["12377", "12345"]
    tenant.authority_name, tenant.authority_phone = "西湖区网信办", "0571-87654321"
    assert next((str(a.name), a.phone) for a in authorities_of(tenant)) == ("西湖区网信办", "0571-87654321")
    assert len(authorities_of(tenant)) == 3


def test_nothing_is_joined_to_a_record_that_is_being_erased(tenant: Property) -> None:
    """The store of complaints may have its receipt already: what came afterwards would stay."""
    person = factories.make_person(tenant)
    order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON)
    complaint, _code = complain(tenant, name="李阿姨")
    with pytest.raises(ValidationError) as refused:
        complaints.link(tenant=tenant, complaint=complaint, person=person)
    assert refused.value.error_dict["person"][0].code == "erasing"


def test_an_erasure_empties_what_was_written_and_keeps_that_it_was_answered(tenant: Property, owner: User) -> None:
    person, other = factories.make_person(tenant), factories.make_person(tenant, "王女士")
    store = ComplaintStore()
    closed, _code = complain(tenant, name="李阿姨", contact="13800138000", person=person)
    complaints.answer(tenant=tenant, complaint=closed, text="李阿姨您好", actor=owner)
    waiting = complaints.link(tenant=tenant, complaint=complain(tenant, name="李阿姨")[0], person=person)
    theirs, _code = complain(tenant, name="王女士", person=other)
    assert [row["text"] for row in store.export(person)] == [TEXT, TEXT]
    assert (store.count(person), store.erase(person), store.count(person), store.erase(person)) == (2, 2, 0, 0)
    closed.refresh_from_db(), waiting.refresh_from_db(), theirs.refresh_from_db()
    assert (closed.name, closed.contact, closed.text, closed.answer, closed.state) == ("", "", "", EMPTIED, "answered")
    assert (waiting.name, waiting.text, waiting.answer, waiting.state) == ("", "", "", "received")
    assert theirs.text == TEXT


@pytest.mark.parametrize("is_done", [False, True], ids=["ordered", "done"])
def test_after_an_erasure_it_is_answered_and_no_word_is_kept(tenant: Property, owner: User, is_done: bool) -> None:
    """What its receipt says must stay true, and an answer may call somebody by name."""
    person = factories.make_person(tenant)
    complaint, _code = complain(tenant, person=person)
    order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON)
    if is_done:
        ComplaintStore().erase(person)
        factories.rewrite(Person.objects.filter(pk=person.pk), erased_at=timezone.now())
    answered = complaints.answer(tenant=tenant, complaint=complaint, text="李阿姨您好", actor=owner)
    assert (answered.state, answered.answer, answered.is_emptied) == ("answered", EMPTIED, True)
    assert not is_done or ComplaintStore().count(person) == 0


def test_an_erased_face_alone_changes_no_answer(tenant: Property, owner: User) -> None:
    person = factories.make_person(tenant)
    complaint, _code = complain(tenant, person=person)
    order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=ErasureScope.FACE)
    assert complaints.answer(tenant=tenant, complaint=complaint, text="您好", actor=owner).answer == "您好"


@pytest.mark.parametrize("is_linked", [False, True])
def test_the_texts_go_some_days_after_the_answer_whoever_complained(
    tenant: Property, owner: User, is_linked: bool
) -> None:
    person = factories.make_person(tenant) if is_linked else None
    old, new, waiting = (complain(tenant, name="李阿姨", contact="13800138000", person=person)[0] for _time in range(3))
    for complaint in (old, new):
        complaints.answer(tenant=tenant, complaint=complaint, text="李阿姨您好", actor=owner)
    long_ago = timezone.now() - timedelta(days=tenant.request_days + 1)
    factories.rewrite(Complaint.objects.filter(pk=old.pk), answered_at=long_ago)
    factories.rewrite(Complaint.objects.filter(pk=waiting.pk), received_at=long_ago)
    new.refresh_from_db()
    assert new.texts_until == new.answered_at + timedelta(days=tenant.request_days)
    sweep_slice(tenant.pk)
    for row in (old, new, waiting):
        row.refresh_from_db()
    assert (old.name, old.contact, old.text, old.answer, old.state) == ("", "", "", EMPTIED, "answered")
    assert (old.number != "", old.answered_by, old.texts_until) == (True, owner, None)
    assert (new.text, new.answer, waiting.text, waiting.texts_until) == (TEXT, "李阿姨您好", TEXT, None)
    assert sweep_slice(tenant.pk) == (0, False), "what is emptied is not found again"


def test_a_hold_on_evidence_keeps_the_texts(tenant: Property, owner: User) -> None:
    complaint, _code = complain(tenant)
    complaints.answer(tenant=tenant, complaint=complaint, text="好", actor=owner)
    long_ago = timezone.now() - timedelta(days=tenant.request_days + 1)
    factories.rewrite(Complaint.objects.filter(pk=complaint.pk), answered_at=long_ago)
    with patch("tenants.rights.services.texts.holds.held_people", return_value=(True, set())):
        assert texts.expire_complaints(tenant=tenant) == 0
    assert texts.expire_complaints(tenant=tenant) == 1


def test_the_face_worker_sees_no_complaint(tenant: Property) -> None:
    complain(tenant)
    with database_role("recognition"), pytest.raises(Exception, match="permission denied"), transaction.atomic():
        list(Complaint.objects.all())


@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_two_numbers() -> None:
    with transaction.atomic():
        tenant = factories.make_property()

    def job(pause_before: str = "") -> Job:
        def send() -> str:
            with tenant_context(tenant.pk):
                return complain(tenant)[0].number

        return Job(send, pause_before=pause_before)

    numbers = interleave(job('INSERT INTO "rights_complaint"'), job())
    assert [number[-3:] for number in numbers] == ["001", "002"]
