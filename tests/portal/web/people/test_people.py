"""People: found, added, corrected; their link is shown once; nobody answers for them."""

from collections.abc import Callable

import pytest
from django.test import Client

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.people.kinds import ConsentDecision
from tenants.people.models import Person, PersonalLink
from tenants.people.services.links import open_link
from tests import factories

Address = Callable[..., str]


def test_a_person_is_added_and_found_by_name_phone_room_and_code(
    manager: Client, tenant: Property, address: Address
) -> None:
    answer = manager.post(
        address("person_add"),
        {"name": "赵敏", "kind": "resident", "age_band": "adult", "phone": "13911112222", "room": "5-301"},
    )
    person = Person.objects.get(tenant=tenant)
    assert answer["Location"] == address("person", person.pk)
    factories.make_person(tenant, name="别人")
    for words in ("赵敏", "11112222", "5-301", person.code):
        page = manager.get(address("people"), {"q": words}).content.decode()
        assert "赵敏" in page
        assert "别人" not in page


def test_a_person_without_a_name_is_refused_beside_the_field(manager: Client, address: Address) -> None:
    answer = manager.post(address("person_add"), {"name": " ", "kind": "resident", "age_band": "adult"})
    assert answer.status_code == 200
    assert "name" in answer.context["form"].errors
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("filters", "found"),
    [({"consent": "agreed"}, "agreed"), ({"consent": "declined"}, "declined"), ({"consent": "unanswered"}, "silent")],
)
def test_the_list_says_what_the_answers_amount_to(
    manager: Client, tenant: Property, address: Address, filters: dict[str, str], found: str
) -> None:
    factories.make_notice(tenant)
    factories.make_person(tenant, name="silent")
    factories.agree(factories.make_visit(tenant, factories.make_person(tenant, name="agreed")))
    factories.agree(
        factories.make_visit(tenant, factories.make_person(tenant, name="declined")), ConsentDecision.DECLINE
    )
    rows = manager.get(address("people"), filters).context["object_list"]
    assert [row.identity.name for row in rows] == [found]


def test_a_new_notice_makes_the_answer_stale_in_the_list_too(
    manager: Client, tenant: Property, address: Address
) -> None:
    factories.make_consented_person(tenant)
    factories.make_notice(tenant, purpose_method_zh="另一个目的")
    assert [row.consent for row in manager.get(address("people")).context["object_list"]] == ["stale"]


def test_the_list_asks_the_same_number_of_questions_for_many_as_for_one(
    manager: Client, tenant: Property, address: Address, count_queries: Callable[[Client, str], int]
) -> None:
    factories.make_consented_person(tenant)
    few = count_queries(manager, address("people"))
    for number in range(20):
        factories.make_person(tenant, name=f"住户{number}")
    assert count_queries(manager, address("people")) == few <= 15


def test_the_page_of_a_person_has_no_button_that_answers_for_them(
    manager: Client, tenant: Property, address: Address
) -> None:
    person, _visit = factories.make_consented_person(tenant)
    page = manager.get(address("person", person.pk)).content.decode()
    assert "by the person's own link" in page
    assert "/consent" not in page


def test_a_link_is_shown_once_and_the_old_one_stops(manager: Client, tenant: Property, address: Address) -> None:
    person = factories.make_person(tenant)
    first = manager.post(address("person_link", person.pk))
    assert first["Cache-Control"] == "no-store"
    page = first.content.decode()
    assert "<svg" in page
    assert "style=" not in page
    token = first.context["address"].rstrip("/").rsplit("/", 1)[-1]
    assert open_link(tenant=tenant, token=token).person == person
    assert token not in manager.get(address("person", person.pk)).content.decode()

    assert "The old link stops at once." in manager.get(address("person_link", person.pk)).content.decode()
    manager.post(address("person_link", person.pk))
    with pytest.raises(PersonalLink.DoesNotExist):
        open_link(tenant=tenant, token=token)


def test_after_a_refusal_the_page_says_so_and_does_not_invite_to_ask_again(
    manager: Client, tenant: Property, address: Address
) -> None:
    factories.make_notice(tenant)
    visit = factories.make_visit(tenant)
    factories.agree(visit, ConsentDecision.DECLINE)
    answer = manager.get(address("person", visit.person.pk))
    assert "We do not ask again" in answer.content.decode()
    assert not any(check["url"] for check in answer.context["checks"])


@pytest.mark.parametrize("name", ["person", "person_edit", "person_link", "person_photo"])
def test_a_person_of_another_property_is_not_there(
    manager: Client, tenant: Property, address: Address, name: str
) -> None:
    stranger = factories.make_person(factories.make_property())
    assert manager.get(address(name, stranger.pk)).status_code == 404


def test_an_auditor_sees_no_people(sign_in: Callable[[Role], Client], tenant: Property, address: Address) -> None:
    person = factories.make_person(tenant)
    auditor = sign_in(Role.AUDITOR)
    assert auditor.get(address("people")).status_code == 403
    assert auditor.get(address("person", person.pk)).status_code == 403


def test_a_privacy_officer_reads_but_does_not_change(
    sign_in: Callable[[Role], Client], tenant: Property, address: Address
) -> None:
    person = factories.make_person(tenant)
    officer = sign_in(Role.PRIVACY_OFFICER)
    page = officer.get(address("person", person.pk))
    assert page.status_code == 200
    assert address("person_edit", person.pk) not in page.content.decode()
    assert officer.post(address("person_link", person.pk)).status_code == 403
