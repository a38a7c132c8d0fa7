"""The sweep: what is past its date goes, property by property, and nothing else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from recognition.matching.models import DoorEvent
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.properties import set_retention
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.rights import retention_jobs
from tenants.rights.kinds import ErasureReason
from tenants.rights.models import Erasure
from tests import factories
from tests.architecture.catalogue import execute
from tests.recognition.steps import enroll, knock
from tests.roles import database_role

TODAY = timezone.localdate()


def enrolled(tenant: Property, *, days_ago: int = 0, stay_ends_in: int | None = None) -> Person:
    person, _visit = factories.make_consented_person(tenant)
    enroll(tenant, person, str(person.pk))
    person.refresh_from_db()
    person.face_enrolled_on = TODAY - timedelta(days=days_ago)
    person.stay_ends_on = None if stay_ends_in is None else TODAY + timedelta(days=stay_ends_in)
    person.save()
    return person


def reasons() -> dict[object, str]:
    return dict(Erasure.objects.values_list("person_id", "reason"))


def test_a_face_goes_the_day_after_its_last_day(tenant: Property) -> None:
    set_retention(tenant=tenant, face_days=30, event_days=90)
    enrolled(tenant, days_ago=30)
    over = enrolled(tenant, days_ago=31)
    assert retention_jobs.sweep_retention() == 1
    assert reasons() == {over.pk: ErasureReason.RETENTION}
    assert Person.objects.get(pk=over.pk).face_state == FaceState.ERASING


def test_a_face_goes_when_the_stay_has_ended(tenant: Property) -> None:
    enrolled(tenant, stay_ends_in=0)
    left = enrolled(tenant, stay_ends_in=-1)
    retention_jobs.sweep_retention()
    assert reasons() == {left.pk: ErasureReason.STAY_ENDED}


def test_a_shorter_period_holds_for_faces_already_kept(tenant: Property) -> None:
    person = enrolled(tenant, days_ago=10)
    assert retention_jobs.sweep_retention() == 0
    set_retention(tenant=tenant, face_days=9, event_days=90)
    retention_jobs.sweep_retention()
    assert reasons() == {person.pk: ErasureReason.RETENTION}


def test_sweeping_again_orders_nothing_twice(tenant: Property) -> None:
    enrolled(tenant, stay_ends_in=-1)
    assert [retention_jobs.sweep_retention() for _time in range(2)] == [1, 0]
    assert Erasure.objects.count() == 1


def test_events_have_a_clock_of_their_own(tenant: Property) -> None:
    set_retention(tenant=tenant, face_days=180, event_days=30)
    device, _code = factories.make_active_device(tenant)
    person = enrolled(tenant)
    for _time in range(2):
        knock(tenant, device, str(person.pk), person)
    old, young = DoorEvent.objects.order_by("at")
    DoorEvent.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=31))
    retention_jobs.sweep_retention()
    assert list(DoorEvent.objects.all()) == [young]
    assert not Erasure.objects.exists()


def test_each_property_has_its_own_clocks(tenant: Property) -> None:
    set_retention(tenant=tenant, face_days=5, event_days=30)
    ours = enrolled(tenant, days_ago=10)
    other = factories.make_property()
    theirs = enrolled(other, days_ago=10)
    retention_jobs.sweep_retention()
    enter_tenant(tenant.pk)
    assert reasons() == {ours.pk: ErasureReason.RETENTION}
    enter_tenant(other.pk)
    assert Person.objects.get(pk=theirs.pk).face_state == FaceState.ENROLLED


def test_one_property_that_fails_does_not_keep_the_next_from_its_sweep(
    tenant: Property, caplog: pytest.LogCaptureFixture
) -> None:
    enrolled(tenant, stay_ends_in=-1)
    other = factories.make_property()
    enrolled(other, stay_ends_in=-1)
    first, second = sorted([tenant.pk, other.pk])
    with database_role("owner"):
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        execute(f"ALTER TABLE rights_erasure ADD CONSTRAINT planted CHECK (tenant_id <> '{first}')")
    assert retention_jobs.sweep_retention() == 1
    with database_role("owner"):
        assert [erasure.tenant_id for erasure in Erasure.objects.all()] == [second]
    assert str(first) in caplog.text
