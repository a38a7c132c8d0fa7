"""Rotating codes: each opens once, at one door, within a minute and a half."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import override

from recognition.matching import answers
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant, tenant_context
from tenants.people import codes
from tenants.people.models import Pass, Person
from tenants.people.rules import passes as rules
from tenants.people.services import passes
from tenants.people.services.passing import PassAnswer, check, prove_code
from tenants.premises.kinds import MethodKind
from tenants.premises.models import Device
from tests import factories
from tests.threads import Job, interleave, together

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)  # 12:00 in Beijing


def make_device(tenant: Property) -> Device:
    return factories.make_device(tenant, factories.make_door(tenant, methods=(MethodKind.QR,)))[0]


@pytest.fixture
def device(tenant: Property) -> Device:
    """A terminal that is registered only: its face never worked."""
    return make_device(tenant)


@pytest.fixture
def person(tenant: Property) -> Person:
    return factories.make_person(tenant)


def show(device: Device, record: Pass, *, at: datetime = NOON, drawn: datetime | None = None) -> PassAnswer:
    """Hold a QR that the page drew at `drawn` before the reader at `at`."""
    text = codes.qr_text(record.pk, codes.totp(record.pk, record.generation).at(drawn or at))
    return check(device=device, kind="qr", qr=text, now=at)


def test_a_code_opens_once(device: Device, person: Person) -> None:
    qr = passes.issue_qr(tenant=device.tenant, person=person)
    assert show(device, qr) == PassAnswer(allowed=True, rule=rules.ALLOWED, person_id=person.pk)
    assert show(device, qr).rule == rules.USED_CODE
    assert show(device, qr, at=NOON + timedelta(seconds=30)).allowed
    assert show(device, qr, at=NOON + timedelta(seconds=30), drawn=NOON).rule == rules.USED_CODE


@pytest.mark.parametrize(("seconds", "rule"), [(-60, "pass_wrong_code"), (-30, ""), (30, ""), (60, "pass_wrong_code")])
def test_a_phone_may_be_one_step_early_or_late(device: Device, person: Person, seconds: int, rule: str) -> None:
    qr = passes.issue_qr(tenant=device.tenant, person=person)
    answer = show(device, qr, drawn=NOON + timedelta(seconds=seconds))
    assert answer.rule == (rule or rules.ALLOWED)


def test_a_refusal_for_another_reason_does_not_use_the_code_up(device: Device, person: Person) -> None:
    qr = passes.issue_qr(tenant=device.tenant, person=person, doors=[factories.make_door(device.tenant)])
    assert show(device, qr).rule == rules.OTHER_DOOR
    assert Pass.objects.get(pk=qr.pk).last_step == 0


def test_renewing_makes_earlier_codes_worthless(device: Device, person: Person) -> None:
    old = passes.issue_qr(tenant=device.tenant, person=person)
    new = passes.renew_qr(tenant=device.tenant, pass_=old)
    assert show(device, old).rule == rules.WRONG_CODE
    assert show(device, new).allowed


def test_a_card_has_no_codes_to_renew(device: Device, person: Person) -> None:
    card = passes.issue_card(tenant=device.tenant, person=person, number="0004567890AB")
    with pytest.raises(ValidationError) as refused:
        passes.renew_qr(tenant=device.tenant, pass_=card)
    assert refused.value.code == "wrong_state"


def test_a_stopped_code_opens_nothing(device: Device, person: Person) -> None:
    qr = passes.issue_qr(tenant=device.tenant, person=person)
    passes.stop(tenant=device.tenant, pass_=qr)
    assert show(device, qr) == PassAnswer(allowed=False, rule=rules.STOPPED, person_id=None)


def test_a_code_of_another_property_is_unknown(device: Device) -> None:
    other = factories.make_property()
    foreign = passes.issue_qr(tenant=other, person=factories.make_person(other))
    enter_tenant(device.tenant_id)
    assert show(device, foreign).rule == rules.WRONG_CODE


@pytest.mark.parametrize(
    "text", ["", "CP1", "CP1..", "CP2.AAAAAAAAAAAAAAAAAAAAAAAAAA.123456", "CP1.!!!!!!!!!!!!!!!!!!!!!!!!!!.123456",
             "CP1.AAAAAAAAAAAAAAAAAAAAAAAAAA.12345６", "CP1.AAAAAAAAAAAAAAAAAAAAAAAAAA.123456", "\x00", "http://x"]
)  # fmt: skip
def test_what_is_no_code_opens_nothing(device: Device, text: str) -> None:
    assert check(device=device, kind="qr", qr=text, now=NOON) == PassAnswer(allowed=False, rule=rules.WRONG_CODE)


def test_guessing_ends_after_twenty(device: Device, person: Person) -> None:
    qr = passes.issue_qr(tenant=device.tenant, person=person)
    for _time in range(20):
        assert show(device, qr, drawn=NOON - timedelta(hours=1)).rule == rules.WRONG_CODE
    assert show(device, qr) == PassAnswer(allowed=False, rule=rules.TOO_MANY_CODES)
    with override("en"):
        assert "quarter of an hour" in str(answers.sentence(rules.TOO_MANY_CODES))


def test_guessing_ends_at_the_desk_too(tenant: Property, person: Person) -> None:
    qr = passes.issue_qr(tenant=tenant, person=person)
    for _time in range(20):
        assert prove_code(tenant=tenant, person=person, code="", now=NOON).rule == rules.WRONG_CODE
    right = codes.totp(qr.pk, qr.generation).at(NOON)
    assert prove_code(tenant=tenant, person=person, code=right, now=NOON).rule == rules.TOO_MANY_CODES


def test_what_a_qr_holds_is_short_and_in_its_short_alphabet(device: Device, person: Person) -> None:
    qr = passes.issue_qr(tenant=device.tenant, person=person)
    text = codes.qr_text(qr.pk, "012345")
    assert codes.read_qr(f" {text.lower()}\n") == (qr.pk, "012345")
    assert (len(text), text.upper()) == (37, text)


@pytest.mark.django_db(transaction=True)
def test_of_two_doors_with_one_code_at_once_exactly_one_opens() -> None:
    with transaction.atomic():
        tenant = factories.make_property()
        doors = [make_device(tenant) for _door in range(2)]
        qr = passes.issue_qr(tenant=tenant, person=factories.make_person(tenant))

    def knock(device: Device) -> PassAnswer:
        with tenant_context(tenant.pk):
            return show(device, qr)

    for _round in range(5):
        outcomes = together(*(Job(lambda door=door: knock(door)) for door in doors))
        assert sorted(answer.rule for answer in outcomes) == [rules.ALLOWED, rules.USED_CODE]
        with tenant_context(tenant.pk):
            Pass.objects.update(last_step=0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [passes.stop, passes.renew_qr])
def test_a_code_that_was_read_before_its_pass_ended_opens_nothing_after(end: Callable[..., Pass]) -> None:
    with transaction.atomic():
        tenant = factories.make_property()
        device = make_device(tenant)
        qr = passes.issue_qr(tenant=tenant, person=factories.make_person(tenant))

    def knock() -> PassAnswer:
        with tenant_context(tenant.pk):
            return show(device, qr)

    def finish() -> None:
        with tenant_context(tenant.pk):
            end(tenant=tenant, pass_=qr)

    answer, _ended = interleave(Job(knock, pause_before='UPDATE "people_pass"'), Job(finish))
    assert not answer.allowed
