"""Many faces that end together: each person's order, receipts and log are those of an erasure done alone."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from recognition.vault.models import FaceTemplate
from tenants.organizations.models import Property
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.rights import many_jobs, retention_jobs, stores, tasks
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.models import Erasure, ErasureReceipt
from tenants.rights.services import many_erasures
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.recognition.steps import enroll, erase
from tests.roles import database_role


def leaving(tenant: Property) -> Person:
    person, _visit = factories.make_consented_person(tenant)
    enroll(tenant, person, str(person.pk))
    Person.objects.filter(pk=person.pk).update(stay_ends_on=timezone.localdate() - timedelta(days=1))
    person.refresh_from_db()
    return person


def empty(tenant: Property) -> list[int]:
    with database_role("recognition"):
        done = [many_jobs.empty_slice(tenant_id=tenant.pk, runs_as="recognition")]
    return [*done, many_jobs.empty_slice(tenant_id=tenant.pk, runs_as="web")]


def told(person: Person) -> dict[str, object]:
    """What is written down about one person's erasure."""
    erasure = Erasure.objects.get(person=person)
    # What this process holds in memory depends on what it answered before.
    receipts = ErasureReceipt.objects.filter(erasure=erasure).exclude(store="gallery")
    entries = LogEntry.objects.filter(object_pk=str(erasure.pk)).order_by("timestamp")
    moves = LogEntry.objects.filter(object_pk=str(person.pk), changes__has_key="face_state").order_by("timestamp")
    return {
        "order": (erasure.reason, erasure.scope, erasure.keys_destroyed, erasure.has_held),
        "is complete": erasure.completed_at is not None,
        "receipts": sorted(receipts.values_list("store", "erased", "remaining")),
        "state": Person.objects.get(pk=person.pk).face_state,
        "log": [(entry.action, sorted(entry.changes)) for entry in entries],
        "moves": [entry.changes["face_state"] for entry in moves][-2:],
        "logged receipts": LogEntry.objects.filter(object_pk__in=[str(row.pk) for row in receipts]).count(),
    }


def test_together_leaves_what_alone_leaves(tenant: Property) -> None:
    alone = leaving(tenant)
    erase(order_erasure(tenant=tenant, person=alone, reason=ErasureReason.STAY_ENDED))
    together = [leaving(tenant) for _each in range(3)]
    assert retention_jobs.sweep_retention() == 3
    assert empty(tenant) == [3, 3]
    expected = told(alone)
    assert expected["state"] == FaceState.ERASED
    for person in together:
        found = told(person)
        found["log"] = [(action, [name for name in names if name != "id"]) for action, names in found["log"]]
        assert {**found, "log": None} == {**expected, "log": None}
        assert {action for action, _names in found["log"]} == {action for action, _names in expected["log"]}
    with database_role("recognition"):
        assert not FaceTemplate.objects.exists()


def test_doing_it_again_changes_nothing(tenant: Property) -> None:
    leaving(tenant)
    retention_jobs.sweep_retention()
    assert [empty(tenant), empty(tenant)] == [[1, 1], [0, 0]]
    assert ErasureReceipt.objects.count() == len(stores.stores_for(ErasureScope.FACE))


def test_whoever_agreed_anew_meanwhile_begins_a_new_life(tenant: Property, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[object] = []
    monkeypatch.setattr(tasks, "send_erase", lambda erasure: sent.append(erasure.pk))
    person, other = leaving(tenant), leaving(tenant)
    retention_jobs.sweep_retention()
    sent.clear()
    factories.agree(factories.make_visit(tenant, person))
    empty(tenant)
    erasure = Erasure.objects.get(person=person)
    assert sent == [erasure.pk]
    assert Erasure.objects.get(person=other).completed_at
    erase(erasure)
    assert Person.objects.get(pk=person.pk).face_state == FaceState.CONSENTED


def test_many_orders_are_two_messages(tenant: Property, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(tasks, "send_erase", lambda erasure: sent.append("one"))
    monkeypatch.setattr(tasks, "send_empty", lambda *, tenant_id: sent.append("all"))
    monkeypatch.setattr(many_erasures, "FEW", 1)
    for _each in range(2):
        leaving(tenant)
    retention_jobs.sweep_retention()
    assert sent == ["all"]


def test_a_store_that_fails_keeps_no_other_from_its_receipt(tenant: Property, monkeypatch: pytest.MonkeyPatch) -> None:
    leaving(tenant)
    retention_jobs.sweep_retention()
    [batches] = [store for store in stores.stores() if store.name == "batches"]

    def broken(people: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(batches, "erase_many", broken)
    empty(tenant)
    erasure = Erasure.objects.get()
    assert erasure.completed_at is None
    said = set(ErasureReceipt.objects.values_list("store", flat=True))
    assert said == {store.name for store in stores.stores_for(ErasureScope.FACE)} - {"batches"}
    monkeypatch.undo()
    assert erase(erasure).completed_at


def test_a_slice_asks_the_same_of_the_database_for_one_and_for_four(tenant: Property) -> None:
    def asked(count: int) -> int:
        for _each in range(count):
            leaving(tenant)
        retention_jobs.sweep_retention()
        with CaptureQueriesContext(connection) as captured:
            empty(tenant)
        return len(captured)

    asked(1)
    assert asked(4) == asked(1)


def test_every_store_that_a_face_reaches_takes_many() -> None:
    alone = [s.name for s in stores.stores_for(ErasureScope.FACE) if not isinstance(s, stores.ManyStore)]
    assert alone == []
