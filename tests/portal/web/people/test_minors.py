"""Minors' records on the pages: closed, asked for, opened by a second member's yes, and written down."""

from collections.abc import Callable

import pytest
from django.test import Client

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.people.models import MinorAccess, MinorAccessView, Person
from tenants.rights.kinds import RequestKind
from tenants.rights.services import identity, requests
from tests import factories

Address = Callable[..., str]
SignIn = Callable[[Role], Client]


@pytest.fixture
def child(tenant: Property) -> Person:
    return factories.make_child(tenant, "李小宝")


@pytest.mark.parametrize("name", ["person", "person_edit", "person_link", "person_photo", "person_guardian"])
def test_a_minors_pages_lead_to_the_question(desk: Client, child: Person, address: Address, name: str) -> None:
    assert desk.get(address(name, child.pk)).url == address("person_access", child.pk)
    page = desk.get(address("person_access", child.pk)).content.decode()
    assert child.code in page and "李小宝" not in page and "13800138000" not in page
    assert not MinorAccessView.objects.exists()


def test_a_childs_guardianship_is_not_ended_while_the_record_is_closed(
    desk: Client, child: Person, address: Address
) -> None:
    row = factories.make_guardian(child.tenant, child)
    for answer in (desk.get(address("guardian_end", row.pk)), desk.post(address("guardian_end", row.pk))):
        assert answer.url == address("person_access", child.pk)
    row.refresh_from_db()
    assert row.ended_at is None


def test_a_second_members_yes_opens_it_and_each_opening_is_written_down(
    desk: Client, sign_in: SignIn, child: Person, address: Address
) -> None:
    desk.post(address("person_access", child.pk), {"reason": "补办门卡"})
    access = MinorAccess.objects.get()
    officer = sign_in(Role.PRIVACY_OFFICER)
    assert "补办门卡" in officer.get(address("minors")).content.decode()
    officer.post(address("access_decide", access.pk), {"decision": "approve"})
    assert "李小宝" in desk.get(address("person", child.pk)).content.decode()
    assert "李小宝" in desk.get(address("people"), {"q": "小宝"}).content.decode()
    assert officer.get(address("person", child.pk)).status_code == 302
    assert [view.access for view in MinorAccessView.objects.all()] == [access]


def test_who_asked_cannot_say_yes(manager: Client, child: Person, address: Address) -> None:
    manager.post(address("person_access", child.pk), {"reason": "看看"})
    access = MinorAccess.objects.get()
    answer = manager.post(address("access_decide", access.pk), {"decision": "approve"})
    assert "Somebody else" in answer.content.decode()
    assert MinorAccess.objects.get().decided_at is None


def test_the_desk_may_not_decide(desk: Client, manager: Client, child: Person, address: Address) -> None:
    manager.post(address("person_access", child.pk), {"reason": "看看"})
    access = MinorAccess.objects.get()
    assert desk.post(address("access_decide", access.pk), {"decision": "approve"}).status_code == 403


@pytest.mark.parametrize("data", [{}, {"reason": "  "}, {"reason": "x" * 201}])
def test_a_question_without_a_reason_is_refused_beside_the_field(
    desk: Client, child: Person, address: Address, data: dict[str, str]
) -> None:
    answer = desk.post(address("person_access", child.pk), data)
    assert "reason" in answer.context["form"].errors
    assert not MinorAccess.objects.exists()


def test_the_list_shows_the_code_and_the_age_only_and_finds_no_minor_by_name(
    desk: Client, tenant: Property, child: Person, address: Address
) -> None:
    factories.make_person(tenant, "李大人")
    page = desk.get(address("people")).content.decode()
    assert child.code in page and "Under 14" in page and "李小宝" not in page and "李大人" in page
    for words in ("小宝", "13800138000", "3-1202"):
        assert child.code not in desk.get(address("people"), {"q": words}).content.decode()
    assert child.code in desk.get(address("people"), {"q": child.code}).content.decode()


def test_the_list_of_questions_asks_the_same_number_of_times(
    manager: Client, tenant: Property, address: Address, count_queries: Callable[[Client, str], int]
) -> None:
    def ask() -> None:
        child, actor = factories.make_child(tenant), factories.make_member(tenant, Role.FRONT_DESK)
        MinorAccess(tenant=tenant, person=child, asked_by=actor, reason="核对").save()

    ask()
    few = count_queries(manager, address("minors"))
    for _number in range(5):
        ask()
    assert count_queries(manager, address("minors")) == few


def test_a_request_names_a_minor_by_code_and_offers_no_closed_record(
    manager: Client, tenant: Property, child: Person, address: Address
) -> None:
    request, _code = requests.receive(tenant=tenant, kind=RequestKind.ACCESS, name="李小宝", contact="13800138000")
    page = manager.get(address("request_confirm", request.pk), {"q": "小宝"})
    assert page.context["found"] == []
    answer = manager.post(address("request_confirm", request.pk), {"person": child.pk})
    assert "person" in answer.context["form"].errors
    identity.prove_in_person(tenant=tenant, request=request, person=child, actor=factories.somebody_of(tenant))
    for name, args in (("requests", ()), ("request_answer", (request.pk,))):
        assert child.code in manager.get(address(name, *args)).content.decode()
