"""An order to erase: at once for the door, store by store for the rest, and nothing left to find."""

import pytest

from recognition.enrollment.services import submit_photo
from recognition.vault.models import PersonKey
from tenants.organizations.models import Property
from tenants.people.kinds import FaceState
from tenants.people.models import Consent, Person, PersonIdentity
from tenants.rights import jobs, stores
from tenants.rights.kinds import ErasureReason, ErasureScope, RequestKind
from tenants.rights.models import Erasure, ErasureReceipt
from tenants.rights.services import identity, requests
from tenants.rights.services.erasures import order_erasure, preview
from tests import factories
from tests.architecture.catalogue import query, tables
from tests.fakes import face_photo
from tests.recognition.steps import enroll, erase, knock
from tests.roles import database_role

NAME, PHONE, ROOM, MAIL = "欧阳锦绣", "13912345678", "17-3301", "jinxiu.ouyang@example.com"


@pytest.fixture
def person(tenant: Property) -> Person:
    """Somebody who left a trace in every store."""
    factories.make_lawful(tenant)
    person = factories.add_person(tenant=tenant, name=NAME, age_band="adult", phone=PHONE, room=ROOM, email=MAIL)
    factories.agree(factories.make_visit(tenant, person))
    device, _code = factories.make_active_device(tenant)
    enroll(tenant, person, "ouyang")
    knock(tenant, device, "ouyang", person)
    submit_photo(tenant=tenant, person=person, photo=face_photo("ouyang"))
    factories.make_link(tenant, person)
    request, _code = requests.receive(
        tenant=tenant, kind=RequestKind.ACCESS, name=NAME, contact=PHONE, room=ROOM, message=f"我是{NAME}，住{ROOM}"
    )
    identity.prove_in_person(tenant=tenant, request=request, person=person, actor=factories.somebody_of(tenant))
    return Person.objects.get(pk=person.pk)


def order(tenant: Property, person: Person, scope: ErasureScope = ErasureScope.PERSON) -> Erasure:
    return order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=scope)


def traces(*words: str) -> dict[str, int]:
    """Search every column of every table for these words, as the owner, whom no policy stops."""
    found = {}
    with database_role("owner"):
        for table in tables():
            hits = sum(any(word in row for word in words) for (row,) in query(f'SELECT t::text FROM "{table}" t'))  # noqa: S608
            if hits:
                found[table] = hits
    return found


def test_the_order_alone_ends_the_face(tenant: Property, person: Person) -> None:
    erasure = order(tenant, person, ErasureScope.FACE)
    assert erasure.keys_destroyed == 1
    assert Person.objects.get(pk=person.pk).face_state == FaceState.ERASING
    assert not PersonKey.objects.only("id").filter(person=person, destroyed_at__isnull=True).exists()


def test_the_name_is_in_the_tables_before_and_nowhere_after(tenant: Property, person: Person) -> None:
    assert set(traces(NAME, PHONE, ROOM, MAIL)) == {"people_personidentity", "rights_rightsrequest"}
    erasure = erase(order(tenant, person))
    assert erasure.completed_at is not None
    assert traces(NAME, PHONE, ROOM, MAIL) == {}


def test_the_name_never_reaches_the_log_in_the_first_place(person: Person) -> None:
    assert "auditlog_logentry" not in traces(NAME, PHONE, ROOM, MAIL)
    assert traces(str(person.pk))["auditlog_logentry"] > 0


def test_every_store_answers_with_a_receipt(tenant: Property, person: Person) -> None:
    erasure = erase(order(tenant, person))
    receipts = {receipt.store: receipt for receipt in ErasureReceipt.objects.filter(erasure=erasure)}
    assert set(receipts) == {store.name for store in stores.stores_for(ErasureScope.PERSON)}
    assert {receipt.remaining for receipt in receipts.values()} == {0}
    assert {name for name, receipt in receipts.items() if receipt.erased} >= {
        "identity",
        "templates",
        "events",
        "links",
    }


def test_evidence_stays_and_names_nobody(tenant: Property, person: Person) -> None:
    erase(order(tenant, person))
    assert Consent.objects.filter(person=person).count() == 2
    gone = Person.objects.get(pk=person.pk)
    assert (gone.face_state, gone.erased_at is not None) == (FaceState.ERASED, True)


def test_the_erasure_of_a_face_leaves_the_person(tenant: Property, person: Person) -> None:
    erasure = erase(order(tenant, person, ErasureScope.FACE))
    assert erasure.completed_at is not None
    assert PersonIdentity.objects.get(person=person).name == NAME
    with database_role("recognition"):
        assert stores.stores_for(ErasureScope.FACE)[0].count(person) == 0
    assert Person.objects.get(pk=person.pk).erased_at is None


def test_half_of_the_stores_do_not_complete_it(tenant: Property, person: Person) -> None:
    erasure = order(tenant, person)
    jobs.erase(tenant_id=tenant.pk, erasure_id=erasure.pk, runs_as="web")
    erasure.refresh_from_db()
    assert erasure.completed_at is None
    assert Person.objects.get(pk=person.pk).face_state == FaceState.ERASING


def test_a_job_that_is_delivered_again_adds_nothing(tenant: Property, person: Person) -> None:
    first = erase(order(tenant, person))
    count = ErasureReceipt.objects.count()
    again = erase(first)
    assert (again.completed_at, ErasureReceipt.objects.count()) == (first.completed_at, count)


def test_an_order_that_is_under_way_is_not_given_twice(tenant: Property, person: Person) -> None:
    first = order(tenant, person, ErasureScope.FACE)
    assert order(tenant, person, ErasureScope.FACE) == first
    further = order(tenant, person, ErasureScope.PERSON)
    assert further != first
    assert order(tenant, person, ErasureScope.FACE) == further


@pytest.mark.parametrize("first_done", [0, 1])
def test_of_two_orders_the_last_one_done_ends_it(tenant: Property, person: Person, first_done: int) -> None:
    """While the other is under way nobody enrols again, or its end would find a face that it did not order."""
    orders = [order(tenant, person, ErasureScope.FACE), order(tenant, person, ErasureScope.PERSON)]
    erase(orders[first_done])
    assert Person.objects.get(pk=person.pk).face_state == FaceState.ERASING
    erase(orders[1 - first_done])
    gone = Person.objects.get(pk=person.pk)
    assert (gone.face_state, gone.erased_at is not None) == (FaceState.ERASED, True)


def test_the_preview_counts_what_the_erasure_takes(tenant: Property, person: Person) -> None:
    """It runs as the web role: a store that this role may not look into is shown as such, never as empty."""
    expected = {line.name: line.count for line in preview(person=person).erase}
    assert expected["templates"] is None
    assert expected["identity"] == 1
    erasure = erase(order(tenant, person))
    taken = dict(ErasureReceipt.objects.filter(erasure=erasure).values_list("store", "erased"))
    # Photos on their way are thrown away by the order itself, before the stores are asked.
    known = {name for name, count in expected.items() if count is not None and name != "captures"}
    assert {name: taken[name] for name in known} == {name: expected[name] for name in known}


def test_a_person_without_a_face_can_be_erased(tenant: Property) -> None:
    person = factories.add_person(tenant=tenant, name=NAME, age_band="adult")
    assert erase(order(tenant, person)).completed_at is not None
    assert traces(NAME) == {}


def test_nobody_elses_rows_go(tenant: Property, person: Person) -> None:
    neighbour, _visit = factories.make_consented_person(tenant)
    enroll(tenant, neighbour, "wang")
    before = PersonIdentity.objects.get(person=neighbour).name
    erase(order(tenant, person))
    assert PersonIdentity.objects.get(person=neighbour).name == before
    assert Person.objects.get(pk=neighbour.pk).face_state == FaceState.ENROLLED
