"""Passes at the desk: a card is read, a PIN is shown once, a QR lands on the person's page, each can be stopped."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.people import codes
from tenants.people.models import Pass, Person
from tenants.people.services import passes
from tests import factories

Address = Callable[..., str]
CARD = "0004 5678 90AB"


@pytest.fixture
def person(tenant: Property) -> Person:
    return factories.make_person(tenant)


def test_a_card_is_registered_and_shown_by_its_end(desk: Client, person: Person, address: Address) -> None:
    answer = desk.post(address("person_card", person.pk), {"number": CARD, "label": "blue"}, follow=True)
    page = answer.content.decode()
    assert "ends in 90AB" in page
    assert "blue" in page
    assert "0004567890AB" not in page


def test_a_card_in_use_is_refused_beside_its_number(desk: Client, person: Person, address: Address) -> None:
    passes.issue_card(tenant=person.tenant, person=factories.make_person(person.tenant), number=CARD)
    answer = desk.post(address("person_card", person.pk), {"number": CARD})
    assert answer.status_code == 200
    assert "in use already" in str(answer.context["form"].errors["number"])
    assert not person.passes.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": "1"}, "number"),
        ({"number": "\x00"}, "number"),
        ({"label": "x" * 41}, "label"),
        ({"valid_from": "2026-03-02", "valid_until": "2026-03-01"}, "__all__"),
        ({"valid_until": "31.2.2026"}, "valid_until"),
        ({"doors": "no-door"}, "doors"),
    ],
)
def test_bad_input_is_named_beside_its_field(
    desk: Client, person: Person, address: Address, wrong: dict[str, str], field: str
) -> None:
    answer = desk.post(address("person_card", person.pk), {"number": CARD} | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert not Pass.objects.exists()


def test_a_pin_is_shown_once_and_no_cache_keeps_it(desk: Client, person: Person, address: Address) -> None:
    answer = desk.post(address("person_pin", person.pk))
    number, pin = answer.context["number"], answer.context["pin"]
    assert answer["Cache-Control"] == "no-store"
    assert pin in answer.content.decode()
    page = desk.get(address("person", person.pk)).content.decode()
    assert f"personal number {number}" in page
    assert pin not in page
    assert "stops as soon as" in desk.get(address("person_pin", person.pk)).content.decode()


def test_a_qr_pass_takes_the_end_of_the_stay_and_only_the_doors_chosen(
    desk: Client, tenant: Property, address: Address
) -> None:
    end = date.today() + timedelta(days=3)  # noqa: DTZ011 - any day will do
    person, door = factories.make_person(tenant, stay_ends_on=end), factories.make_door(tenant)
    form = desk.get(address("person_qr", person.pk)).context["form"]
    assert form["valid_until"].value() == end
    desk.post(address("person_qr", person.pk), {"valid_until": end.isoformat(), "doors": [str(door.pk)]})
    qr = person.passes.get()
    assert (qr.kind, qr.valid_until, qr.is_for_all_doors) == ("qr", end, False)
    assert door.name in desk.get(address("person", person.pk)).content.decode()


@pytest.mark.parametrize(("name", "issue"), [("person_pin", passes.issue_pin), ("person_qr", passes.issue_qr)])
def test_a_new_one_begins_with_the_days_and_doors_of_the_old_one(
    desk: Client, tenant: Property, address: Address, name: str, issue: Callable[..., object]
) -> None:
    today = timezone.localdate()
    person = factories.make_person(tenant, stay_ends_on=today + timedelta(days=90))
    own, _other = factories.make_door(tenant), factories.make_door(tenant)
    days = {"valid_from": today - timedelta(days=1), "valid_until": today + timedelta(days=9)}
    issue(tenant=tenant, person=person, doors=[own], **days)
    form = desk.get(address(name, person.pk)).context["form"]
    assert {day: form[day].value() for day in days} == days
    assert form["doors"].value() == [own.pk]
    sent = {day: value.isoformat() for day, value in days.items()} | {"doors": [str(own.pk)]}
    desk.post(address(name, person.pk), sent)
    assert [door.access_point for door in person.passes.get(state="active").doors.all()] == [own]


def test_a_new_one_for_one_that_is_over_ends_with_the_stay(desk: Client, tenant: Property, address: Address) -> None:
    today = timezone.localdate()
    person = factories.make_person(tenant, stay_ends_on=today + timedelta(days=90))
    passes.issue_qr(tenant=tenant, person=person, valid_until=today - timedelta(days=1))
    form = desk.get(address("person_qr", person.pk)).context["form"]
    assert form["valid_until"].value() == person.stay_ends_on


def test_a_door_of_another_property_is_no_choice(desk: Client, person: Person, address: Address) -> None:
    from tenants.organizations.scoping import enter_tenant

    foreign = factories.make_door(factories.make_property())
    enter_tenant(person.tenant_id)
    answer = desk.post(address("person_qr", person.pk), {"doors": [str(foreign.pk)]})
    assert "doors" in answer.context["form"].errors
    assert not Pass.objects.exists()


def test_stopping_asks_first_and_then_is_at_once(desk: Client, person: Person, address: Address) -> None:
    card = passes.issue_card(tenant=person.tenant, person=person, number=CARD)
    assert "It opens no door from this moment." in desk.get(address("pass_stop", card.pk)).content.decode()
    assert Pass.objects.get().state == "active"
    page = desk.post(address("pass_stop", card.pk), follow=True).content.decode()
    assert "The pass is stopped" in page
    assert "Pass stopped: Card" in page
    assert Pass.objects.get().state == "stopped"


def test_a_privacy_officer_sees_passes_and_changes_none(
    sign_in: Callable[[Role], Client], person: Person, address: Address
) -> None:
    card = passes.issue_card(tenant=person.tenant, person=person, number=CARD)
    officer = sign_in(Role.PRIVACY_OFFICER)
    page = officer.get(address("person", person.pk)).content.decode()
    assert "ends in 90AB" in page
    assert address("pass_stop", card.pk) not in page
    for name in ("person_card", "person_pin", "person_qr"):
        assert officer.post(address(name, person.pk)).status_code == 403
    assert officer.post(address("pass_stop", card.pk)).status_code == 403


def test_the_page_asks_the_database_as_often_for_one_pass_as_for_twenty(
    desk: Client, person: Person, address: Address, count_queries: Callable[[Client, str], int]
) -> None:
    door = factories.make_door(person.tenant)
    passes.issue_card(tenant=person.tenant, person=person, number=CARD, doors=[door])
    few = count_queries(desk, address("person", person.pk))
    for number in range(20):
        passes.issue_card(tenant=person.tenant, person=person, number=f"CARD{number:04d}", doors=[door])
    assert count_queries(desk, address("person", person.pk)) == few


def test_an_erased_record_has_no_button_and_gets_no_pass(desk: Client, person: Person, address: Address) -> None:
    from django.utils import timezone

    person.erased_at = timezone.now()
    person.save()
    assert address("person_card", person.pk) not in desk.get(address("person", person.pk)).content.decode()
    assert "erased" in str(desk.post(address("person_card", person.pk), {"number": CARD}).context["form"].errors)


def test_the_desk_checks_a_number_that_is_read_out_once(desk: Client, person: Person, address: Address) -> None:
    qr = passes.issue_qr(tenant=person.tenant, person=person)
    digits = codes.totp(qr.pk, qr.generation).now()
    assert address("person_code", person.pk) in desk.get(address("person", person.pk)).content.decode()
    page = desk.post(address("person_code", person.pk), {"code": f"{digits[:3]} {digits[3:]}"}, follow=True)
    assert "this is the person" in page.content.decode()
    again = desk.post(address("person_code", person.pk), {"code": digits})
    assert "used already" in str(again.context["form"].errors["code"])


@pytest.mark.parametrize("code", ["000000", "x", "１２３４５６", "\x00"])
def test_a_wrong_number_is_refused_beside_its_field(desk: Client, person: Person, address: Address, code: str) -> None:
    stranger = factories.make_person(person.tenant)
    passes.issue_qr(tenant=person.tenant, person=stranger)
    for somebody in (person, stranger):
        answer = desk.post(address("person_code", somebody.pk), {"code": code})
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["code"])
    assert Pass.objects.get().last_step == 0
