"""What a terminal says afterwards, and what it asks before it opens."""

import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone

from recognition.edge.kinds import AlarmKind
from recognition.edge.models import DeviceAlarm
from recognition.edge.services.reporting import decide, take_events
from recognition.matching import answers
from recognition.matching.models import DoorEvent
from recognition.matching.reporting import Reported, record_reported
from tenants.organizations.scoping import enter_tenant
from tenants.people.models import Person
from tenants.people.services.persons import restrict
from tenants.premises.kinds import DeviceMode
from tenants.premises.models import AccessMethod, Device
from tenants.premises.services import devices
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.recognition.steps import enroll

pytestmark = pytest.mark.django_db


@pytest.fixture
def device() -> Device:
    return factories.make_active_device(factories.make_property())[0]


@pytest.fixture
def person(device: Device) -> Person:
    person, _visit = factories.make_consented_person(device.tenant)
    enroll(device.tenant, person, "li")
    return person


def event(person: Person | None = None, /, **said: object) -> Reported:
    known = {"id": uuid.uuid4(), "at": timezone.now(), "method": "face", "mode": "verify"}
    about = {"allowed": person is not None, "rule": "matched" if person else "no_match"}
    return Reported(**known | about | {"person": person.pk if person else None} | said)


def test_events_are_stored_once(device: Device, person: Person) -> None:
    events = [event(person), event()]
    first = take_events(device=device, events=[*events, events[0]])
    again = take_events(device=device, events=events)
    assert (first.stored, first.known, first.refused) == (2, 1, [])
    assert (again.stored, again.known) == (0, 2)
    rows = DoorEvent.objects.filter(reported__isnull=False)
    assert {(row.person_id, row.is_allowed, row.rule) for row in rows} == {
        (person.pk, True, "matched"),
        (None, False, "no_match"),
    }


def test_what_is_refused_and_why(device: Device, person: Person) -> None:
    now = timezone.now()
    ahead = event(at=now + timedelta(minutes=2))
    old = event(at=now - timedelta(days=device.tenant.event_days, minutes=1))
    unknown, good = event(person, person=uuid.uuid4()), event(at=now + timedelta(seconds=30))
    taken = take_events(device=device, events=[ahead, old, unknown, good])
    assert dict(taken.refused) == {ahead.id: "future", old.id: "too_old", unknown.id: "unknown_person"}
    assert taken.stored == 1


def test_somebody_of_another_property_is_an_alarm(device: Device) -> None:
    other = factories.make_property()
    stranger = factories.make_person(other)
    enter_tenant(device.tenant_id)
    taken = take_events(device=device, events=[event(stranger)], address="10.0.0.7")
    assert [code for _event, code in taken.refused] == ["unknown_person"]
    assert not decide(device=device, person_id=stranger.pk, mode="verify").allowed
    alarm = DeviceAlarm.objects.get()
    assert (alarm.kind, alarm.count) == (AlarmKind.FOREIGN_PERSON, 2)


def test_a_face_that_opened_and_names_nobody_is_refused_and_is_no_stranger(device: Device) -> None:
    taken = take_events(device=device, events=[event(allowed=True, rule="matched")])
    assert [code for _event, code in taken.refused] == ["unknown_person"]
    assert not DeviceAlarm.objects.exists()


@pytest.mark.parametrize("count", [2, 500])
def test_a_batch_takes_the_same_queries_whatever_its_size(
    device: Device, person: Person, count: int, django_assert_num_queries
) -> None:
    events = [event(person) for _number in range(count)]
    with django_assert_num_queries(7):
        record_reported(device=device, events=events)


def test_nobody_is_named_whose_record_is_being_erased(device: Device, person: Person) -> None:
    order_erasure(tenant=person.tenant, person=person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON)
    assert take_events(device=device, events=[event(person)]).stored == 1
    assert DoorEvent.objects.get(reported__isnull=False).person is None


def test_an_enrolled_person_is_let_in(device: Device, person: Person) -> None:
    answer = decide(device=device, person_id=person.pk, mode="verify")
    assert (answer.allowed, answer.rule) == (True, answers.MATCHED)
    row = DoorEvent.objects.get(pk=answer.event)
    assert (row.person_id, row.is_allowed, row.mode, row.reported) == (person.pk, True, "verify", None)


def test_who_is_not_let_in(device: Device, person: Person) -> None:
    def rule(who: Person, mode: str = "verify", at: datetime | None = None) -> str:
        from recognition.matching.deciding import decide as decide_at

        answer = decide_at(device=device, person_id=who.pk, mode=mode, now=at)
        assert not answer.allowed
        assert DoorEvent.objects.get(pk=answer.event).person is None
        return answer.rule

    assert rule(person, DeviceMode.IDENTIFY) == answers.MODE_NOT_DECLARED
    assert rule(factories.make_person(device.tenant, "未同意")) == answers.NOT_CLEARED
    AccessMethod.objects.filter(access_point=device.access_point, kind="face").update(
        opens_at=time(8), closes_at=time(9)
    )
    AccessMethod.objects.filter(access_point=device.access_point, kind="card").update(
        opens_at=time(8), closes_at=time(9)
    )
    noon = datetime(2026, 1, 5, 4, tzinfo=UTC)  # in Beijing
    assert rule(person, at=noon) == answers.OUTSIDE_HOURS
    AccessMethod.objects.filter(access_point=device.access_point).update(opens_at=None, closes_at=None)
    restrict(tenant=person.tenant, person=person)
    assert rule(person) == answers.NOT_CLEARED
    devices.suspend(tenant=device.tenant, device=device)
    assert rule(person) == answers.DEVICE_NOT_ACTIVE
