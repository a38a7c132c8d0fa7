"""The sweep is fair, goes on where it stopped, and looks only at what is due."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from recognition.edge.kinds import AlarmKind
from recognition.edge.models import DeviceAlarm
from recognition.edge.services.alarms import record_alarm
from recognition.matching.models import DoorEvent
from recognition.matching.reporting import Reported, record_reported
from recognition.vault.models import GalleryEpoch, PersonKey
from tenants.clearance.models import Clearance
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.properties import set_retention
from tenants.people.kinds import ConsentDecision, FaceState
from tenants.people.models import Consent, Person
from tenants.people.services.persons import move_face
from tenants.rights import retention_jobs
from tenants.rights.kinds import ErasureReason, HoldKind, RequestKind, RequestState
from tenants.rights.models import Erasure, RequestMessage, RightsRequest
from tenants.rights.services import holds, requests
from tests import factories
from tests.recognition.steps import enroll, erase, knock

TODAY = timezone.localdate()


def enrolled(tenant: Property, *, stay_ended: bool = False, unused: int = 0) -> Person:
    person, _visit = factories.make_consented_person(tenant)
    enroll(tenant, person, str(person.pk))
    if stay_ended:
        Person.objects.filter(pk=person.pk).update(stay_ends_on=TODAY - timedelta(days=1))
    if unused:
        Person.objects.filter(pk=person.pk).update(face_last_used_on=TODAY - timedelta(days=unused))
    person.refresh_from_db()
    return person


def due(tenant: Property, count: int) -> None:
    """People whose stay ended before anything was enrolled: the shortest way to a backlog."""
    enter_tenant(tenant.pk)
    for _each in range(count):
        person = factories.make_person(tenant)
        move_face(person=person, target=FaceState.CONSENTED)
        Person.objects.filter(pk=person.pk).update(stay_ends_on=TODAY - timedelta(days=1))


def orders(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Watch whose slices are done, in order."""
    done: list[object] = []
    inner = retention_jobs.sweep_slice

    def watched(tenant_id: object) -> tuple[int, bool]:
        done.append(tenant_id)
        return inner(tenant_id)

    monkeypatch.setattr(retention_jobs, "sweep_slice", watched)
    return done


def test_nobody_waits_for_more_than_one_slice_of_anothers_backlog(
    tenant: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention_jobs, "SLICE", 3)
    houses = sorted((tenant, *(factories.make_property() for _each in range(3))), key=lambda house: house.pk)
    due(houses[0], 10)
    for small in houses[1:]:
        due(small, 1)
    done = orders(monkeypatch)
    assert retention_jobs.sweep_retention() == 13
    assert done[:4] == [house.pk for house in houses], "Every property has had its turn after one slice of the big one"
    assert done.count(houses[0].pk) == 5  # four slices, and the question whether there is a fifth


def test_a_sweep_that_runs_out_of_time_begins_where_it_stopped(
    tenant: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention_jobs, "SLICE", 1)
    houses = sorted((tenant, *(factories.make_property() for _each in range(2))), key=lambda house: house.pk)
    for house in houses:
        due(house, 2)
    done = orders(monkeypatch)
    for _time in range(3):
        retention_jobs.sweep_retention(seconds=-1)
    assert done == [house.pk for house in houses]
    retention_jobs.sweep_retention()
    assert set(done[3:]) == {house.pk for house in houses}
    assert cache.get("rights.retention.stopped_at") is None


def test_a_property_where_nothing_is_due_costs_one_question(tenant: Property) -> None:
    enrolled(tenant)
    with CaptureQueriesContext(connection) as captured:
        assert retention_jobs.sweep_retention() == 0
    asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len([sql for sql in asked if "people_person" in sql]) == 1
    assert len(asked) == 6, "The list of properties, three to plan the question once for all, the context, the question"


def test_each_person_of_a_slice_has_an_order_evidence_and_an_entry(tenant: Property) -> None:
    people = [enrolled(tenant, stay_ended=True) for _each in range(3)]
    bystander = enrolled(tenant)
    epoch = GalleryEpoch.objects.get(tenant=tenant).epoch
    assert retention_jobs.sweep_retention() == 3
    assert GalleryEpoch.objects.get(tenant=tenant).epoch == epoch + 1
    for person in people:
        now = Person.objects.get(pk=person.pk)
        assert (now.face_state, now.face_enrolled_on, now.face_stored) == (FaceState.ERASING, None, "")
        assert now.face_ended_at >= max(Consent.objects.filter(person=person).values_list("decided_at", flat=True))
        erasure = Erasure.objects.get(person=person)
        assert (erasure.reason, erasure.keys_destroyed) == (ErasureReason.STAY_ENDED, 1)
        assert not PersonKey.objects.filter(person=person, destroyed_at__isnull=True).exists()
        assert "erasing" in Clearance.objects.filter(person=person).latest("answered_at").blockers[0]
        logged = LogEntry.objects.filter(object_pk=str(person.pk), action=LogEntry.Action.UPDATE).latest("timestamp")
        assert logged.changes["face_state"] == ["enrolled", "erasing"]
        assert LogEntry.objects.filter(object_pk=str(erasure.pk), action=LogEntry.Action.CREATE).count() == 1
        assert erase(erasure).completed_at
    assert Person.objects.get(pk=bystander.pk).face_state == FaceState.ENROLLED
    assert PersonKey.objects.filter(person=bystander, destroyed_at__isnull=True).exists()


def test_a_slice_asks_the_same_of_the_database_for_two_and_for_twenty(tenant: Property) -> None:
    def sweep(count: int) -> int:
        due(tenant, count)
        with CaptureQueriesContext(connection) as captured:
            assert retention_jobs.sweep_slice(tenant.pk)[0] == count
        return len(captured)

    sweep(1)
    assert sweep(2) == sweep(20)


def test_a_face_that_opened_no_door_for_180_days_goes(tenant: Property) -> None:
    set_retention(tenant=tenant, face_days=365, event_days=30)
    enrolled(tenant, unused=180)
    idle = enrolled(tenant, unused=181)
    retention_jobs.sweep_retention()
    assert dict(Erasure.objects.values_list("person_id", "reason")) == {idle.pk: ErasureReason.UNUSED}


def test_a_match_and_a_reported_entry_are_uses_and_a_refusal_is_none(tenant: Property) -> None:
    device, _code = factories.make_active_device(tenant)
    matched, reported, refused = (enrolled(tenant, unused=100) for _each in range(3))
    assert knock(tenant, device, str(matched.pk), matched).allowed
    assert not knock(tenant, device, "somebody else", refused).allowed
    when = timezone.now() - timedelta(days=3)
    events = [
        Reported(id=reported.pk, at=when, method="face", mode="verify", allowed=True, rule="m", person=reported.pk),
        Reported(id=refused.pk, at=when, method="face", mode="verify", allowed=False, rule="m", person=refused.pk),
    ]
    record_reported(device=device, events=events)
    used = dict(Person.objects.values_list("pk", "face_last_used_on"))
    assert used[matched.pk] == TODAY
    assert used[reported.pk] == timezone.localdate(when)
    assert used[refused.pk] == TODAY - timedelta(days=100)


def test_days_on_which_a_face_could_not_be_used_are_not_counted(tenant: Property) -> None:
    person = enrolled(tenant, unused=170)
    move_face(person=person, target=FaceState.SUSPENDED)
    move_face(person=person, target=FaceState.ENROLLED)
    assert Person.objects.get(pk=person.pk).face_last_used_on == TODAY


def test_what_waits_without_consent_goes_after_72_hours(tenant: Property) -> None:
    fresh, old = factories.make_person(tenant), factories.make_person(tenant)
    factories.make_lawful(tenant)
    for person in (fresh, old):
        factories.agree(factories.make_visit(tenant, person), ConsentDecision.DECLINE)
        move_face(person=person, target=FaceState.CONSENTED)
        move_face(person=person, target=FaceState.CAPTURED)
    agreed, _visit = factories.make_consented_person(tenant)
    move_face(person=agreed, target=FaceState.CAPTURED)
    long_ago = timezone.now() - timedelta(hours=73)
    factories.rewrite(Consent.objects.filter(person__in=[old, agreed]), decided_at=long_ago)
    retention_jobs.sweep_retention()
    assert dict(Erasure.objects.values_list("person_id", "reason")) == {old.pk: ErasureReason.CONSENT_LOST}


def test_texts_of_closed_requests_go_and_the_answer_stays(tenant: Property) -> None:
    young, old, held = (
        requests.receive(tenant=tenant, kind=RequestKind.ACCESS, name="李阿姨", contact="138", message="看看")[0]
        for _each in range(3)
    )
    person = factories.make_person(tenant)
    for request, days in ((young, 179), (old, 181), (held, 181)):
        RequestMessage(tenant=tenant, request=request, kind="note", text="138", at=timezone.now()).save()
        RightsRequest.objects.filter(pk=request.pk).update(
            state=RequestState.ANSWERED,
            answer="已答复",
            identity_by="link",
            closed_at=timezone.now() - timedelta(days=days),
            person=person if request is held else None,
        )
    asked = holds.ask(
        tenant=tenant,
        actor=factories.make_member(tenant),
        kind=HoldKind.EVIDENCE,
        reason="r",
        article="a",
        ends_on=TODAY,
        person=person,
    )
    holds.approve(tenant=tenant, hold=asked, actor=factories.make_member(tenant))
    retention_jobs.sweep_retention()
    kept = dict(RightsRequest.objects.values_list("pk", "name"))
    assert kept == {young.pk: "李阿姨", old.pk: "", held.pk: "李阿姨"}
    gone = RightsRequest.objects.get(pk=old.pk)
    assert (gone.contact, gone.message, gone.answer) == ("", "", "已答复")
    assert list(RequestMessage.objects.filter(request=old).values_list("text", flat=True)) == [""]
    assert RequestMessage.objects.filter(request=young).get().text == "138"


def test_alarms_have_a_clock_of_their_own(tenant: Property) -> None:
    device, _code = factories.make_device(tenant)
    record_alarm(device=device, kind=AlarmKind.CLOCK)
    DeviceAlarm.objects.update(last_at=timezone.now() - timedelta(days=183))
    retention_jobs.sweep_retention()
    assert DeviceAlarm.objects.count() == 1
    DeviceAlarm.objects.update(last_at=timezone.now() - timedelta(days=185))
    retention_jobs.sweep_retention()
    assert DeviceAlarm.objects.count() == 0


def test_events_go_a_slice_at_a_time(tenant: Property, monkeypatch: pytest.MonkeyPatch) -> None:
    from recognition.matching import stores

    monkeypatch.setattr(stores, "SLICE", 2)
    device, _code = factories.make_active_device(tenant)
    old = timezone.now() - timedelta(days=200)
    for _each in range(5):
        DoorEvent(tenant=tenant, device=device, is_allowed=False, rule="no_match", at=old).save()
    assert retention_jobs.sweep_slice(tenant.pk) == (0, True)
    assert DoorEvent.objects.count() == 3
    retention_jobs.sweep_retention()
    assert DoorEvent.objects.count() == 0
