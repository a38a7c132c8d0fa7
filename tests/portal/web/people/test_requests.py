"""The inbox: sorted by its clock, confirmed by people, answered only by those who may."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.people.kinds import AgeBand
from tenants.people.models import Person
from tenants.people.services import passes
from tenants.rights.kinds import RequestState
from tenants.rights.models import Erasure, RightsRequest
from tenants.rights.services import answering, identity
from tenants.rights.services import requests as service
from tests import factories

Address = Callable[..., str]
REFUSAL = {"code": "not_held", "article": "", "text": "我们没有您的信息"}


def make_request(tenant: Property, kind: str = "delete", **fields: str) -> RightsRequest:
    given = {"name": "李阿姨", "contact": "13800138000", "language": "en"} | fields
    if kind == "correct":
        given |= {"message": "房号写错了"}
    return service.receive(tenant=tenant, kind=kind, **given)[0]


def make_confirmed(tenant: Property, kind: str, **fields: str) -> tuple[RightsRequest, Person]:
    person = factories.make_person(tenant)
    request = make_request(tenant, kind, **fields)
    actor = factories.somebody_of(tenant)
    return identity.prove_in_person(tenant=tenant, request=request, person=person, actor=actor), person


def refused(tenant: Property) -> RightsRequest:
    return answering.refuse(
        tenant=tenant, request=make_request(tenant), code="not_held", article="PIPL 45", text="理由", actor=None
    )


def numbers(client: Client, address: Address, **asked: str) -> list[str]:
    return [row.number for row in client.get(address("requests"), asked).context["object_list"]]


class TestInbox:
    def test_it_is_parted_by_its_clock(self, manager: Client, tenant: Property, address: Address) -> None:
        late, soon, calm = (make_request(tenant) for _number in range(3))
        today = timezone.localdate()
        RightsRequest.objects.filter(pk=late.pk).update(due_on=today - timedelta(days=20))
        RightsRequest.objects.filter(pk=soon.pk).update(due_on=today)
        done = refused(tenant)

        assert set(numbers(manager, address)) == {late.number, soon.number, calm.number}
        assert numbers(manager, address, tab="overdue") == [late.number]
        assert numbers(manager, address, tab="soon") == [soon.number]
        assert numbers(manager, address, tab="closed") == [done.number]
        assert numbers(manager, address, tab="nonsense") == numbers(manager, address)
        assert "Overdue by" in manager.get(address("requests")).content.decode()

    def test_what_waits_for_proof_is_not_late_and_says_so(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        request = make_request(tenant)
        today = timezone.localdate()
        RightsRequest.objects.filter(pk=request.pk).update(due_on=today - timedelta(days=9), paused_on=today)
        assert numbers(manager, address, tab="overdue") == []
        assert "Waits for proof of identity" in manager.get(address("requests")).content.decode()

    def test_mine_escalated_and_unproved_have_their_own_parts(
        self, tenant: Property, address: Address, sign_in: Callable[[Role], Client]
    ) -> None:
        client = sign_in(Role.MANAGER)
        me = factories.make_member(tenant, Role.PRIVACY_OFFICER)
        client.force_login(me)
        mine, _person = make_confirmed(tenant, "access")
        raised, waiting = make_confirmed(tenant, "access")[0], make_request(tenant)
        service.assign(tenant=tenant, request=mine, to=me, actor=me)
        RightsRequest.objects.filter(pk=raised.pk).update(escalated_at=timezone.now())
        assert numbers(client, address, tab="mine") == [mine.number]
        assert numbers(client, address, tab="escalated") == [raised.number]
        assert numbers(client, address, tab="proof") == [waiting.number]

    def test_kind_state_search_and_order(self, manager: Client, tenant: Property, address: Address) -> None:
        first, second = make_request(tenant, "access", name="张三"), make_request(tenant, "delete", name="李四")
        done = refused(tenant)
        assert numbers(manager, address, kind="access") == [first.number]
        assert numbers(manager, address, state="refused") == [done.number]
        assert numbers(manager, address, q=second.number) == [second.number]
        assert numbers(manager, address, q="张三") == [first.number]
        assert numbers(manager, address, sort="new") == [second.number, first.number]
        assert numbers(manager, address, sort="old") == [first.number, second.number]
        assert numbers(manager, address, sort="nonsense", kind="nonsense") == [first.number, second.number]

    def test_a_minor_is_not_found_by_the_name_on_file(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        request, person = make_confirmed(tenant, "access", name="家长")
        assert numbers(manager, address, q="李阿姨") == [request.number]
        Person.objects.filter(pk=person.pk).update(
            age_band=AgeBand.TEEN, age_band_until=timezone.localdate() + timedelta(days=900)
        )
        assert numbers(manager, address, q="李阿姨") == []

    def test_empty_parts_say_what_to_do(self, manager: Client, address: Address) -> None:
        assert "nobody needs an account" in manager.get(address("requests")).content.decode()
        assert "clear the filters" in manager.get(address("requests"), {"q": "R-1"}).content.decode()

    def test_many_are_paged(self, manager: Client, tenant: Property, address: Address) -> None:
        for _number in range(27):
            make_request(tenant)
        assert len(numbers(manager, address)) == 25 and len(numbers(manager, address, page="2")) == 2

    def test_the_same_number_of_questions_for_many_as_for_one(
        self, manager: Client, tenant: Property, address: Address, count_queries: Callable[[Client, str], int]
    ) -> None:
        make_confirmed(tenant, "access")
        few = count_queries(manager, address("requests"))
        for _number in range(6):
            make_confirmed(tenant, "access")
        assert count_queries(manager, address("requests")) == few <= 15


def test_a_date_past_the_announced_calendar_is_a_lower_bound(
    manager: Client, tenant: Property, address: Address
) -> None:
    request = make_request(tenant)
    RightsRequest.objects.filter(pk=request.pk).update(is_due_final=False)
    assert "not before" in manager.get(address("request", request.pk)).content.decode()


def test_the_desk_sees_requests_and_cannot_answer_them(desk: Client, tenant: Property, address: Address) -> None:
    request, person = make_confirmed(tenant, "delete")
    page = desk.get(address("request", request.pk)).content.decode()
    assert "Answering is for the manager" in page
    assert address("request_answer", request.pk) not in page
    for name in ("confirm", "answer", "refuse", "assign", "extend", "merge", "write", "ask_proof"):
        assert desk.get(address(f"request_{name}", request.pk)).status_code == 403
        assert desk.post(address(f"request_{name}", request.pk), {"person": person.pk, "text": "好"}).status_code == 403
    assert desk.get(address("move_outs")).status_code == 403
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
    assert request.identity_checked_by is not None


def test_a_person_of_another_property_cannot_be_confirmed(manager: Client, tenant: Property, address: Address) -> None:
    request = make_request(tenant)
    stranger = factories.make_person(factories.make_property())
    for value in (str(stranger.pk), "not-an-id", ""):
        answer = manager.post(address("request_confirm", request.pk), {"person": value})
        assert answer.status_code == 200
        assert answer.context["form"].errors
    request.refresh_from_db()
    assert request.state == RequestState.RECEIVED


class TestAnswer:
    def test_a_deletion_shows_what_goes_before_it_runs(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        request, person = make_confirmed(tenant, "delete")
        page = manager.get(address("request_answer", request.pk))
        counts = {str(row.label): row.count for row in page.context["preview"].erase}
        assert counts["Name and contact"] == 1
        assert counts["Face templates"] is None
        assert not Erasure.objects.exists()
        manager.post(address("request_answer", request.pk), {"text": "正在删除"})
        erasure = Erasure.objects.get()
        assert (erasure.person, erasure.request) == (person, request)
        assert "Pending" in manager.get(address("request", request.pk)).content.decode()

    def test_a_deletion_names_the_passes_that_go_with_it_to_the_member_and_to_the_person(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        request, person = make_confirmed(tenant, "delete")
        page = manager.get(address("request_answer", request.pk))
        assert "door from now on" not in page.context["form"].initial["text"]
        passes.stop(tenant=tenant, pass_=passes.issue_card(tenant=tenant, person=person, number="0004 0000 1111"))
        passes.issue_card(tenant=tenant, person=person, number="0004 5678 90AB")
        passes.issue_pin(tenant=tenant, person=person)
        page = manager.get(address("request_answer", request.pk))
        proposed = page.context["form"].initial["text"]
        for text in (proposed, page.content.decode()):
            assert "Card (ends in 90AB), PIN" in text and "1111" not in text
        assert "These passes go as well" in page.content.decode()
        other = manager.get(address("request_answer", make_confirmed(tenant, "access")[0].pk)).content.decode()
        assert "These passes go as well" not in other

    @pytest.mark.parametrize(
        ("kind", "said"),
        [
            ("access", "for 14 days"),
            ("explain", "for 14 days"),
            ("correct", "Correct the record first"),
            ("restrict", "until the pause is ended"),
            ("withdraw", "The passes stay"),
        ],
    )
    def test_each_kind_says_what_the_answer_does(
        self, manager: Client, tenant: Property, address: Address, kind: str, said: str
    ) -> None:
        request, _person = make_confirmed(tenant, kind)
        assert said in manager.get(address("request_answer", request.pk)).content.decode()

    def test_the_words_to_begin_with_are_in_the_language_of_the_person(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        request, _person = make_confirmed(tenant, "correct", language="en")
        text = manager.get(address("request_answer", request.pk)).context["form"].initial["text"]
        assert text == "Your record is corrected."

    def test_an_access_answer_orders_the_package(self, manager: Client, tenant: Property, address: Address) -> None:
        request, _person = make_confirmed(tenant, "access")
        manager.post(address("request_answer", request.pk), {"text": "可以下载"})
        request.refresh_from_db()
        assert request.state == RequestState.ANSWERED and request.package is not None

    def test_an_unconfirmed_request_is_not_answered(self, manager: Client, tenant: Property, address: Address) -> None:
        request = make_request(tenant)
        assert "confirmed first" in manager.get(address("request_answer", request.pk)).content.decode()
        answer = manager.post(address("request_answer", request.pk), {"text": "好"})
        assert answer.status_code == 200
        request.refresh_from_db()
        assert request.state == RequestState.RECEIVED


class TestRefusal:
    def test_it_needs_its_reason_and_loses_nothing(self, manager: Client, tenant: Property, address: Address) -> None:
        request = make_request(tenant)
        answer = manager.post(address("request_refuse", request.pk), REFUSAL | {"code": ""})
        assert "code" in answer.context["form"].errors and "我们没有您的信息" in answer.content.decode()
        answer = manager.post(address("request_refuse", request.pk), REFUSAL | {"text": " "})
        assert "text" in answer.context["form"].errors
        answer = manager.post(address("request_refuse", request.pk), REFUSAL | {"code": "other"})
        assert "article" in answer.context["form"].errors
        request.refresh_from_db()
        assert request.state == RequestState.RECEIVED

    def test_it_takes_the_article_of_its_reason_and_says_how_to_complain(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        request = make_request(tenant)
        assert "12377" in manager.get(address("request_refuse", request.pk)).content.decode()
        manager.post(address("request_refuse", request.pk), REFUSAL)
        request.refresh_from_db()
        assert (request.state, request.refusal_article) == (RequestState.REFUSED, "PIPL 45")
        assert request.answer.startswith("我们没有您的信息") and "12377" in request.answer


@pytest.mark.parametrize(
    "name",
    ["", "_confirm", "_answer", "_refuse", "_assign", "_extend", "_merge", "_note", "_write", "_ask_proof"],
)
def test_a_request_of_another_property_is_not_there(
    manager: Client, tenant: Property, address: Address, name: str
) -> None:
    stranger = make_request(factories.make_property())
    assert manager.get(address(f"request{name}", stranger.pk)).status_code == 404
