"""Every answer that a door can get, and what is written down about it."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from recognition.enrollment import captures
from recognition.enrollment.models import Capture
from recognition.matching import answers, jobs
from recognition.matching.models import DoorEvent
from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.people.services.passes import issue_card
from tenants.people.services.passing import check
from tenants.premises.kinds import DeviceMode, SuspensionReason
from tenants.premises.models import Device
from tenants.premises.services.devices import suspend
from tests import factories
from tests.fakes import face_photo
from tests.recognition.steps import enroll, knock
from tests.roles import database_role


@pytest.fixture
def person(tenant: Property) -> Person:
    person, _visit = factories.make_consented_person(tenant)
    enroll(tenant, person, "li")
    return person


@pytest.fixture
def verifier(tenant: Property, person: Person) -> Device:
    return factories.make_active_device(tenant, mode=DeviceMode.VERIFY)[0]


@pytest.fixture
def identifier(tenant: Property, person: Person) -> Device:
    return factories.make_active_device(tenant, mode=DeviceMode.IDENTIFY)[0]


def test_the_right_face_opens_and_the_event_names_the_person(
    tenant: Property, verifier: Device, person: Person
) -> None:
    answer = knock(tenant, verifier, "li", person)
    assert (answer.allowed, answer.rule) == (True, answers.MATCHED)
    event = DoorEvent.objects.get(pk=answer.event)
    assert (event.person_id, event.is_allowed, event.mode) == (person.pk, True, DeviceMode.VERIFY)


def test_somebody_else_with_the_persons_code_does_not_open(tenant: Property, verifier: Device, person: Person) -> None:
    wang, _visit = factories.make_consented_person(tenant)
    enroll(tenant, wang, "wang")
    assert knock(tenant, verifier, "wang", person).rule == answers.NO_MATCH


def test_a_face_that_matches_nobody_leaves_no_name_and_no_photo(tenant: Property, identifier: Device) -> None:
    answer = knock(tenant, identifier, "a passer-by")
    event = DoorEvent.objects.get(pk=answer.event)
    assert (answer.allowed, event.person_id, event.is_allowed) == (False, None, False)
    assert Capture.objects.only("id").count() == 0


def test_a_device_declared_for_one_mode_does_not_do_the_other(
    tenant: Property, verifier: Device, identifier: Device, person: Person
) -> None:
    assert knock(tenant, verifier, "li").rule == answers.MODE_NOT_DECLARED
    assert knock(tenant, identifier, "li", person).rule == answers.MODE_NOT_DECLARED


def test_a_suspended_device_opens_nothing(tenant: Property, verifier: Device, person: Person) -> None:
    suspend(tenant=tenant, device=verifier, reason=SuspensionReason.MANUAL)
    assert knock(tenant, verifier, "li", person).rule == answers.DEVICE_NOT_ACTIVE


@pytest.mark.parametrize(("opens", "closes"), [(time(8), time(20)), (time(22), time(6))])
def test_a_face_and_a_card_keep_the_hours_of_the_door_to_the_minute(
    tenant: Property, verifier: Device, person: Person, opens: time, closes: time
) -> None:
    verifier.access_point.methods.update(opens_at=opens, closes_at=closes)
    issue_card(tenant=tenant, person=person, number="0004567890AB")
    today, a_second = timezone.localdate(), timedelta(seconds=1)
    said = {}
    for hour, is_open in ((opens, True), (closes, False)):
        turn = datetime.combine(today, hour, tzinfo=timezone.get_current_timezone())
        for moment, expected in ((turn - a_second, not is_open), (turn, is_open)):
            face = knock(tenant, verifier, "li", person, now=moment)
            card = check(device=verifier, kind="card", card="0004567890AB", now=moment)
            said[moment] = (face.allowed, card.allowed) == (expected, expected)
    assert all(said.values()), said
    assert set(DoorEvent.objects.values_list("rule", flat=True)) == {answers.MATCHED, answers.OUTSIDE_HOURS}
    assert "第十条" in str(answers.sentence(answers.OUTSIDE_HOURS))


def test_a_changed_notice_shuts_the_face_out_until_the_person_answers(
    tenant: Property, verifier: Device, person: Person
) -> None:
    factories.make_notice(tenant, purpose_method_zh="另一种用途")
    assert knock(tenant, verifier, "li", person).rule == answers.NOT_CLEARED
    factories.agree(factories.make_visit(tenant, person))
    assert knock(tenant, verifier, "li", person).allowed


def test_a_person_of_another_property_is_not_known_here(tenant: Property, verifier: Device) -> None:
    other = factories.make_property()
    stranger, _visit = factories.make_consented_person(other)
    enroll(other, stranger, "li")
    from tenants.organizations.scoping import enter_tenant

    enter_tenant(tenant.pk)
    assert knock(tenant, verifier, "li", stranger).rule == answers.NOT_ENROLLED


def test_a_photo_without_a_face_is_refused_by_its_reason(tenant: Property, verifier: Device, person: Person) -> None:
    capture = captures.put(tenant_id=tenant.pk, photo=face_photo("").partition(b"WHO:")[0])
    with database_role("recognition"):
        answer = jobs.match(tenant_id=tenant.pk, capture_id=capture.pk, device_id=verifier.pk, person_id=person.pk)
    assert (answer.allowed, answer.rule) == (False, "no_face")
    assert str(answers.sentence(answer.rule))


def test_a_photo_that_is_delivered_twice_is_answered_once(tenant: Property, verifier: Device, person: Person) -> None:
    capture = captures.put(tenant_id=tenant.pk, photo=face_photo("li"))
    ids = {"tenant_id": tenant.pk, "capture_id": capture.pk, "device_id": verifier.pk, "person_id": person.pk}
    with database_role("recognition"):
        assert jobs.match(**ids).allowed
        assert jobs.match(**ids) is None
    assert DoorEvent.objects.count() == 1


def test_the_answer_to_a_terminal_holds_no_person_no_score_and_no_face(
    tenant: Property, identifier: Device, person: Person
) -> None:
    answer = knock(tenant, identifier, "li").as_dict()
    assert set(answer) == {"allowed", "rule", "event"}
    assert str(person.pk) not in str(answer)
