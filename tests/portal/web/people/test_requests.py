"""The inbox: sorted by its clock, confirmed by people, answered only by those who may."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.people.services import passes
from tenants.rights.kinds import RequestState
from tenants.rights.models import Erasure, RightsRequest
from tenants.rights.services import requests as service
from tests import factories

Address = Callable[..., str]


def make_request(tenant: Property, kind: str = "delete", **fields: str) -> RightsRequest:
    given = {"name": "李阿姨", "contact": "13800138000"} | fields
    return service.receive(tenant=tenant, kind=kind, **given)[0]


def make_confirmed(tenant: Property, kind: str) -> tuple[RightsRequest, Person]:
    person = factories.make_person(tenant)
    return service.confirm(tenant=tenant, request=make_request(tenant, kind), person=person), person


def test_the_inbox_is_parted_by_its_clock(manager: Client, tenant: Property, address: Address) -> None:
    late, soon, calm = (make_request(tenant) for _number in range(3))
    today = timezone.localdate()
    RightsRequest.objects.filter(pk=late.pk).update(due_on=today - timedelta(days=20))
    RightsRequest.objects.filter(pk=soon.pk).update(due_on=today)
    done = service.refuse(tenant=tenant, request=make_request(tenant), text="理由")

    def shown(tab: str) -> set[str]:
        return {row.number for row in manager.get(address("requests"), {"tab": tab}).context["object_list"]}

    assert shown("") == {late.number, soon.number, calm.number}
    assert shown("overdue") == {late.number}
    assert shown("soon") == {soon.number}
    assert shown("closed") == {done.number}
    assert shown("nonsense") == shown("")
    assert "Overdue by" in manager.get(address("requests")).content.decode()


def test_a_date_past_the_announced_calendar_is_a_lower_bound(
    manager: Client, tenant: Property, address: Address
) -> None:
    request = make_request(tenant)
    RightsRequest.objects.filter(pk=request.pk).update(is_due_final=False)
    assert "not before" in manager.get(address("request", request.pk)).content.decode()


def test_the_inbox_asks_the_same_number_of_questions_for_many_as_for_one(
    manager: Client, tenant: Property, address: Address, count_queries: Callable[[Client, str], int]
) -> None:
    make_confirmed(tenant, "access")
    few = count_queries(manager, address("requests"))
    for _number in range(6):
        make_confirmed(tenant, "access")
    assert count_queries(manager, address("requests")) == few <= 15


def test_the_desk_sees_requests_and_cannot_answer_them(desk: Client, tenant: Property, address: Address) -> None:
    request, person = make_confirmed(tenant, "delete")
    page = desk.get(address("request", request.pk)).content.decode()
    assert "Answering is for the manager" in page
    assert address("request_answer", request.pk) not in page
    assert desk.get(address("request_confirm", request.pk)).status_code == 403
    assert desk.post(address("request_confirm", request.pk), {"person": person.pk}).status_code == 403
    assert desk.post(address("request_answer", request.pk), {"text": "好"}).status_code == 403
    assert desk.post(address("request_refuse", request.pk), {"text": "不"}).status_code == 403
    assert not Erasure.objects.exists()


def test_the_likely_person_is_offered_and_confirmed(manager: Client, tenant: Property, address: Address) -> None:
    person = factories.make_person(tenant)
    factories.make_person(tenant, name="别人")
    request = make_request(tenant, name="李阿姨")
    page = manager.get(address("request_confirm", request.pk))
    assert page.context["found"][0] == person
    assert "Same name" in page.content.decode()
    answer = manager.post(address("request_confirm", request.pk), {"person": person.pk})
    assert answer["Location"] == address("request", request.pk)
    request.refresh_from_db()
    assert (request.state, request.person) == (RequestState.CONFIRMED, person)


def test_a_person_of_another_property_cannot_be_confirmed(manager: Client, tenant: Property, address: Address) -> None:
    request = make_request(tenant)
    stranger = factories.make_person(factories.make_property())
    for value in (str(stranger.pk), "not-an-id", ""):
        answer = manager.post(address("request_confirm", request.pk), {"person": value})
        assert answer.status_code == 200
        assert answer.context["form"].errors
    request.refresh_from_db()
    assert request.state == RequestState.RECEIVED


def test_a_deletion_shows_what_goes_before_it_runs(manager: Client, tenant: Property, address: Address) -> None:
    request, person = make_confirmed(tenant, "delete")
    page = manager.get(address("request_answer", request.pk))
    counts = {row["label"]: row["count"] for row in page.context["preview"]}
    assert counts["Name and contact"] == 1
    assert counts["Face templates"] is None
    assert not Erasure.objects.exists()
    manager.post(address("request_answer", request.pk), {"text": "正在删除"})
    erasure = Erasure.objects.get()
    assert (erasure.person, erasure.request) == (person, request)
    assert "Pending" in manager.get(address("request", request.pk)).content.decode()


def test_a_deletion_names_the_passes_that_go_with_it_to_the_member_and_to_the_person(
    manager: Client, tenant: Property, address: Address
) -> None:
    request, person = make_confirmed(tenant, "delete")
    page = manager.get(address("request_answer", request.pk))
    assert "passes" not in page.context["form"].initial["text"]
    passes.stop(tenant=tenant, pass_=passes.issue_card(tenant=tenant, person=person, number="0004 0000 1111"))
    passes.issue_card(tenant=tenant, person=person, number="0004 5678 90AB")
    passes.issue_pin(tenant=tenant, person=person)
    page = manager.get(address("request_answer", request.pk))
    proposed = page.context["form"].initial["text"]
    for text in (proposed, page.content.decode()):
        assert "Card (ends in 90AB), PIN" in text and "1111" not in text
    assert "These passes go as well" in page.content.decode()
    assert (
        "These passes go as well"
        not in manager.get(address("request_answer", make_confirmed(tenant, "access")[0].pk)).content.decode()
    )


def test_an_access_answer_opens_the_package(manager: Client, tenant: Property, address: Address) -> None:
    request, _person = make_confirmed(tenant, "access")
    assert "14 days" in manager.get(address("request_answer", request.pk)).content.decode()
    manager.post(address("request_answer", request.pk), {"text": "可以下载"})
    request.refresh_from_db()
    assert request.package_until is not None


def test_a_refusal_needs_its_reason_and_says_how_to_complain(
    manager: Client, tenant: Property, address: Address
) -> None:
    request = make_request(tenant)
    answer = manager.post(address("request_refuse", request.pk), {"text": " ", "complaint": "12377"})
    assert "text" in answer.context["form"].errors
    manager.post(address("request_refuse", request.pk), {"text": "我们没有您的信息", "complaint": "可向网信部门投诉"})
    request.refresh_from_db()
    assert request.state == RequestState.REFUSED
    assert request.answer == "我们没有您的信息\n\n可向网信部门投诉"


def test_an_unconfirmed_request_is_not_answered(manager: Client, tenant: Property, address: Address) -> None:
    request = make_request(tenant)
    assert "confirmed first" in manager.get(address("request_answer", request.pk)).content.decode()
    answer = manager.post(address("request_answer", request.pk), {"text": "好"})
    assert answer.status_code == 200
    request.refresh_from_db()
    assert request.state == RequestState.RECEIVED


@pytest.mark.parametrize("name", ["request", "request_confirm", "request_answer", "request_refuse"])
def test_a_request_of_another_property_is_not_there(
    manager: Client, tenant: Property, address: Address, name: str
) -> None:
    stranger = make_request(factories.make_property())
    assert manager.get(address(name, stranger.pk)).status_code == 404
