"""Cards, PINs and rotating codes: what is kept of them, and what opens which door."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.people import codes
from tenants.people.models import Pass, Person
from tenants.people.rules import passes as rules
from tenants.people.services import passes
from tenants.people.services.passing import PassAnswer, check
from tenants.premises.kinds import DeviceState, MethodKind
from tenants.premises.models import Device
from tenants.premises.services import devices
from tenants.premises.services.doors import delete_door, set_method_live, update_door
from tests import factories

ALL = (MethodKind.FACE, MethodKind.CARD, MethodKind.PIN, MethodKind.QR)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)  # 12:00 in Beijing
CARD = "0004 5678 90AB"


@pytest.fixture
def device(tenant: Property) -> Device:
    """A terminal that is registered only: its face never worked."""
    return factories.make_device(tenant, factories.make_door(tenant, methods=ALL))[0]


@pytest.fixture
def person(tenant: Property) -> Person:
    return factories.make_person(tenant)


def code(refused: pytest.ExceptionInfo[ValidationError]) -> str:
    return refused.value.error_list[0].code if not hasattr(refused.value, "error_dict") else first_code(refused)


def first_code(refused: pytest.ExceptionInfo[ValidationError]) -> str:
    return next(iter(refused.value.error_dict.values()))[0].code


class TestCards:
    def test_a_card_opens_and_of_its_number_almost_nothing_is_kept(self, device: Device, person: Person) -> None:
        card = passes.issue_card(tenant=device.tenant, person=person, number=CARD)
        answer = check(device=device, kind="card", card="00045678 90ab", now=NOON)
        assert answer == PassAnswer(allowed=True, rule=rules.ALLOWED, person_id=person.pk)
        assert card.last4 == "90AB"
        assert "0004567890AB" not in str(vars(Pass.objects.get()))

    def test_the_same_card_has_another_hash_in_another_property(self, device: Device, person: Person) -> None:
        here = passes.issue_card(tenant=device.tenant, person=person, number=CARD)
        other = factories.make_property()
        there = passes.issue_card(tenant=other, person=factories.make_person(other), number=CARD)
        assert here.card_hash != there.card_hash

    def test_another_card_opens_nothing_and_names_nobody(self, device: Device, person: Person) -> None:
        passes.issue_card(tenant=device.tenant, person=person, number=CARD)
        answer = check(device=device, kind="card", card="000456789000", now=NOON)
        assert answer == PassAnswer(allowed=False, rule=rules.UNKNOWN_CARD, person_id=None)

    def test_a_card_belongs_to_one_person_until_it_is_stopped(self, device: Device, person: Person) -> None:
        card = passes.issue_card(tenant=device.tenant, person=person, number=CARD)
        heir = factories.make_person(device.tenant)
        with pytest.raises(ValidationError) as refused:
            passes.issue_card(tenant=device.tenant, person=heir, number=CARD)
        assert first_code(refused) == "card_taken"
        passes.stop(tenant=device.tenant, pass_=card)
        passes.issue_card(tenant=device.tenant, person=heir, number=CARD)
        assert check(device=device, kind="card", card=CARD, now=NOON).person_id == heir.pk

    def test_a_stopped_card_opens_nothing_and_names_nobody(self, device: Device, person: Person) -> None:
        card = passes.issue_card(tenant=device.tenant, person=person, number=CARD)
        passes.stop(tenant=device.tenant, pass_=card)
        assert passes.stop(tenant=device.tenant, pass_=card).stopped_at is not None
        answer = check(device=device, kind="card", card=CARD, now=NOON)
        assert answer == PassAnswer(allowed=False, rule=rules.STOPPED, person_id=None)

    @pytest.mark.parametrize("number", ["", "12345", "-" * 40, "x" * 33, "李阿姨的门禁卡"])
    def test_what_is_no_card_number_is_refused(self, device: Device, person: Person, number: str) -> None:
        with pytest.raises(ValidationError) as refused:
            passes.issue_card(tenant=device.tenant, person=person, number=number)
        assert first_code(refused) == "card_number"


class TestDaysAndDoors:
    def test_a_pass_for_one_door_opens_no_other(self, device: Device, person: Person) -> None:
        other, _code = factories.make_device(device.tenant, factories.make_door(device.tenant, methods=ALL))
        passes.issue_card(tenant=device.tenant, person=person, number=CARD, doors=[device.access_point])
        assert check(device=device, kind="card", card=CARD, now=NOON).allowed
        answer = check(device=other, kind="card", card=CARD, now=NOON)
        assert (answer.allowed, answer.rule, answer.person_id) == (False, rules.OTHER_DOOR, person.pk)

    def test_a_pass_whose_only_door_is_removed_opens_none(self, device: Device, person: Person) -> None:
        door = factories.make_door(device.tenant, methods=ALL)
        passes.issue_card(tenant=device.tenant, person=person, number=CARD, doors=[door])
        delete_door(tenant=device.tenant, door=door)
        assert check(device=device, kind="card", card=CARD, now=NOON).rule == rules.OTHER_DOOR

    def test_days_are_those_of_beijing(self, device: Device, person: Person) -> None:
        day = date(2026, 3, 2)
        passes.issue_card(tenant=device.tenant, person=person, number=CARD, valid_from=day, valid_until=day)
        midnight = datetime(2026, 3, 1, 16, tzinfo=UTC)
        expected = {-1: rules.NOT_YET, 0: rules.ALLOWED, 24 * 3600 - 1: rules.ALLOWED, 24 * 3600: rules.OVER}
        for seconds, rule in expected.items():
            now = midnight + timedelta(seconds=seconds)
            assert check(device=device, kind="card", card=CARD, now=now).rule == rule

    def test_a_pass_that_ends_before_it_begins_is_refused(self, device: Device, person: Person) -> None:
        with pytest.raises(ValidationError) as refused:
            passes.issue_qr(
                tenant=device.tenant, person=person, valid_from=date(2026, 3, 2), valid_until=date(2026, 3, 1)
            )
        assert first_code(refused) == "dates"

    def test_a_door_must_have_the_method_and_it_must_work(self, device: Device, person: Person) -> None:
        passes.issue_card(tenant=device.tenant, person=person, number=CARD)
        door = device.access_point
        set_method_live(tenant=device.tenant, method=door.methods.get(kind="card"), is_live=False)
        assert check(device=device, kind="card", card=CARD, now=NOON).rule == rules.OUT_OF_ORDER
        update_door(tenant=device.tenant, door=door, zone=door.zone, name=door.name, methods=["face", "pin"])
        assert check(device=device, kind="card", card=CARD, now=NOON).rule == rules.NO_METHOD

    def test_the_hours_of_the_method_hold_for_its_passes(self, device: Device, person: Person) -> None:
        passes.issue_card(tenant=device.tenant, person=person, number=CARD)
        method = device.access_point.methods.get(kind="card")
        method.opens_at, method.closes_at = time(22), time(6)
        method.save()
        expected = {
            NOON: rules.CLOSED,
            NOON + timedelta(hours=11): rules.ALLOWED,
            NOON - timedelta(hours=7): rules.ALLOWED,
        }
        for now, rule in expected.items():
            assert check(device=device, kind="card", card=CARD, now=now).rule == rule

    def test_a_pass_works_whatever_the_face_of_the_terminal_does(self, device: Device, person: Person) -> None:
        passes.issue_card(tenant=device.tenant, person=person, number=CARD)
        for state in (DeviceState.REGISTERED, DeviceState.ACTIVE, DeviceState.SUSPENDED):
            device.state = state
            device.save()
            assert check(device=device, kind="card", card=CARD, now=NOON).allowed
        devices.retire(tenant=device.tenant, device=device)
        device.refresh_from_db()
        assert check(device=device, kind="card", card=CARD, now=NOON).rule == rules.DEVICE_RETIRED

    def test_rows_of_another_property_are_not_linked(self, device: Device, person: Person) -> None:
        foreign = factories.make_door(factories.make_property())
        enter_tenant(device.tenant_id)
        with pytest.raises(ValidationError) as refused, transaction.atomic():
            passes.issue_card(tenant=device.tenant, person=person, number=CARD, doors=[foreign])
        assert code(refused) == "different_tenants"
        with pytest.raises(ValidationError) as refused:
            passes.issue_qr(tenant=foreign.tenant, person=person)
        assert code(refused) == "different_tenants"

    def test_an_erased_record_gets_no_pass(self, device: Device, person: Person) -> None:
        person.erased_at = NOON
        person.save()
        for issue in (passes.issue_pin, passes.issue_qr):
            with pytest.raises(ValidationError) as refused:
                issue(tenant=device.tenant, person=person)
            assert code(refused) == "erased"


class TestPins:
    def test_a_pin_opens_with_its_number_and_is_not_stored(self, device: Device, person: Person) -> None:
        record, pin = passes.issue_pin(tenant=device.tenant, person=person)
        assert (len(pin), len(record.pass_number), pin.isdigit()) == (6, 6, True)
        assert pin not in record.pin_hash
        answer = check(device=device, kind="pin", number=record.pass_number, pin=pin, now=NOON)
        assert answer == PassAnswer(allowed=True, rule=rules.ALLOWED, person_id=person.pk)

    def test_a_new_pin_stops_the_old_one_and_the_number_stays(self, device: Device, person: Person) -> None:
        first, old = passes.issue_pin(tenant=device.tenant, person=person)
        second, new = passes.issue_pin(tenant=device.tenant, person=person)
        assert first.pass_number == second.pass_number
        rule_of = {pin: self.enter(device, second.pass_number, pin).rule for pin in (old, new)}
        assert rule_of == {old: rules.WRONG_PIN, new: rules.ALLOWED}

    def test_a_wrong_number_and_a_wrong_pin_are_not_told_apart(self, device: Device, person: Person) -> None:
        record, pin = passes.issue_pin(tenant=device.tenant, person=person)
        answers = [
            self.enter(device, record.pass_number, "000000"),
            self.enter(device, "000000", pin),
            self.enter(device, "", ""),
        ]
        assert set(answers) == {PassAnswer(allowed=False, rule=rules.WRONG_PIN, person_id=None)}

    def test_after_five_wrong_ones_even_the_right_one_waits_at_this_door_only(
        self, device: Device, person: Person
    ) -> None:
        other, _code = factories.make_device(device.tenant, factories.make_door(device.tenant, methods=ALL))
        record, pin = passes.issue_pin(tenant=device.tenant, person=person)
        tried = [self.enter(device, record.pass_number, "000000").rule for _time in range(6)]
        assert tried == [rules.WRONG_PIN] * 5 + [rules.TOO_MANY_PINS]
        assert self.enter(device, record.pass_number, pin).rule == rules.TOO_MANY_PINS
        assert self.enter(other, record.pass_number, pin).allowed

    def test_a_right_one_begins_the_count_again(self, device: Device, person: Person) -> None:
        record, pin = passes.issue_pin(tenant=device.tenant, person=person)
        for _round in range(3):
            assert [self.enter(device, record.pass_number, "000000").rule for _time in range(4)] == [
                rules.WRONG_PIN
            ] * 4
            assert self.enter(device, record.pass_number, pin).allowed

    def test_without_the_cache_pins_wait_and_cards_and_codes_go_on(
        self, device: Device, person: Person, settings: object
    ) -> None:
        record, pin = passes.issue_pin(tenant=device.tenant, person=person)
        passes.issue_card(tenant=device.tenant, person=person, number=CARD)
        qr = passes.issue_qr(tenant=device.tenant, person=person)
        settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/valkey.sock"}}
        assert self.enter(device, record.pass_number, pin).rule == rules.PIN_UNAVAILABLE
        assert check(device=device, kind="card", card=CARD, now=NOON).allowed
        text = codes.qr_text(qr.pk, codes.totp(qr.pk, qr.generation).at(NOON))
        assert check(device=device, kind="qr", qr=text, now=NOON).allowed

    def enter(self, device: Device, number: str, pin: str) -> PassAnswer:
        return check(device=device, kind="pin", number=number, pin=pin, now=NOON)


def test_an_unknown_kind_is_refused(device: Device) -> None:
    with pytest.raises(ValueError, match="face"):
        check(device=device, kind="face", now=NOON)
