"""Complaints in the house: found, given to somebody, answered, and on today's page when they wait."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.rights import complaint_jobs
from tenants.rights.models import Complaint
from tenants.rights.services import complaints as service
from tests import factories

Address = Callable[..., str]
SignIn = Callable[[Role], Client]


def make_complaint(tenant: Property, text: str = "摄像头太多", **fields: str) -> Complaint:
    return service.receive(tenant=tenant, text=text, **fields)[0]


def overdue(complaint: Complaint) -> None:
    today = timezone.localdate()
    factories.rewrite(
        Complaint.objects.filter(pk=complaint.pk),
        due_on=today - timedelta(days=20),
        received_at=timezone.now() - timedelta(days=50),
    )


def test_the_list_is_parted_by_its_clock_searched_and_filtered(
    manager: Client, tenant: Property, address: Address
) -> None:
    late, named, calm = make_complaint(tenant), make_complaint(tenant, name="李阿姨"), make_complaint(tenant, "电梯口")
    overdue(late)
    complaint_jobs.sweep_complaints()
    done = make_complaint(tenant)
    service.answer(tenant=tenant, complaint=done, text="已处理", actor=factories.make_member(tenant))

    def shown(**query: str) -> set[str]:
        return {row.number for row in manager.get(address("complaints"), query).context["object_list"]}

    assert shown() == shown(tab="nonsense") == {late.number, named.number, calm.number}
    assert (shown(tab="overdue"), shown(tab="closed")) == ({late.number}, {done.number})
    assert (shown(q="李"), shown(q="电梯"), shown(q=late.number)) == ({named.number}, {calm.number}, {late.number})
    assert (shown(which="named"), shown(which="escalated")) == ({named.number}, {late.number})
    assert "Overdue by" in manager.get(address("complaints")).content.decode()


def test_the_list_is_paged_and_asks_the_same_number_of_questions_for_many(
    manager: Client, tenant: Property, address: Address, count_queries: Callable[[Client, str], int]
) -> None:
    make_complaint(tenant)
    few = count_queries(manager, address("complaints"))
    for _number in range(27):
        make_complaint(tenant)
    assert count_queries(manager, address("complaints")) == few <= 15
    assert len(manager.get(address("complaints"), {"page": "2"}).context["object_list"]) == 3


def test_a_complaint_is_answered_and_never_empty(manager: Client, tenant: Property, address: Address) -> None:
    complaint = make_complaint(tenant)
    answer = address("complaint_answer", complaint.pk)
    assert "12377" in manager.get(answer).content.decode()
    assert "closed with an answer" in manager.post(answer, {"text": " "}).content.decode()
    page = manager.post(answer, {"text": "镜头已转向"}, follow=True).content.decode()
    assert "镜头已转向" in page and f"Complaint {complaint.number} answered" in page
    assert "answered already" in manager.get(answer).content.decode()
    assert manager.post(answer, {"text": "再答"}).status_code == 200
    assert Complaint.objects.get().answer == "镜头已转向"


def test_it_is_given_to_a_member(manager: Client, tenant: Property, address: Address) -> None:
    complaint, officer = make_complaint(tenant), factories.make_member(tenant, Role.PRIVACY_OFFICER)
    manager.post(address("complaint_assign", complaint.pk), {"to": officer.pk})
    assert Complaint.objects.get().assigned_to == officer
    stranger = factories.make_member(factories.make_property())
    assert manager.post(address("complaint_assign", complaint.pk), {"to": stranger.pk}).status_code == 200
    manager.post(address("complaint_assign", complaint.pk), {"to": ""})
    assert Complaint.objects.filter(tenant=tenant).get().assigned_to is None


def test_it_is_linked_to_whoever_it_is_of(manager: Client, tenant: Property, address: Address) -> None:
    person, complaint = factories.make_person(tenant), make_complaint(tenant, name="李阿姨")
    page = manager.get(address("complaint_person", complaint.pk))
    assert page.context["found"] == [person]
    shown = manager.post(address("complaint_person", complaint.pk), {"person": person.pk}, follow=True)
    assert person.code in shown.content.decode()
    assert Complaint.objects.get().person == person


def test_the_desk_sees_and_cannot_answer_and_the_auditor_sees_nothing(
    desk: Client, sign_in: SignIn, tenant: Property, address: Address
) -> None:
    complaint = make_complaint(tenant)
    page = desk.get(address("complaint", complaint.pk)).content.decode()
    assert "Answering is for the manager" in page and address("complaint_answer", complaint.pk) not in page
    for name in ("complaint_answer", "complaint_assign", "complaint_person"):
        assert desk.post(address(name, complaint.pk), {"text": "好"}).status_code == 403
    assert sign_in(Role.AUDITOR).get(address("complaints")).status_code == 403


def test_what_waits_too_long_stands_on_todays_page_and_among_the_duties(
    manager: Client, tenant: Property, address: Address
) -> None:
    waits, fresh = make_complaint(tenant), make_complaint(tenant)
    overdue(waits)
    today = manager.get(address("today")).content.decode()
    assert f"Complaint {waits.number} has no answer" in today and fresh.number not in today
    assert "Complaints are overdue" in manager.get(address("readiness")).content.decode()


def test_the_settings_name_the_authority(sign_in: SignIn, tenant: Property, address: Address) -> None:
    owner = sign_in(Role.OWNER)
    given = {name: getattr(tenant, name) for name in ("name", "name_en", "storage_mode", "face_quality")}
    owner.post(address("settings"), given | {"authority_name": "西湖区网信办", "authority_url": "www.example.gov.cn"})
    tenant.refresh_from_db()
    assert (tenant.authority_name, tenant.authority_url) == ("西湖区网信办", "https://www.example.gov.cn")
