"""When a guardian's record is erased, nobody is left who could take back what they said for the child."""

import pytest
from django.utils import timezone

from tenants.clearance.services import check_person
from tenants.organizations.models import Property
from tenants.people.kinds import ConsentPurpose, ConsentStatus, FaceState
from tenants.people.models import Guardian, Person
from tenants.people.services.consents import consent_statuses
from tenants.people.services.persons import move_face
from tenants.rights import jobs
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.people_stores import GuardianStore
from tenants.rights.services.erasures import order_erasure
from tests import factories

FACE = ConsentPurpose.RECOGNITION


@pytest.fixture
def guardian(tenant: Property) -> Guardian:
    """A guardian who agreed, and a child whose face is enrolled."""
    factories.make_active_device(tenant)
    guardian = factories.make_guardian(factories.allow_children(tenant))
    factories.agree(factories.make_guardian_visit(guardian))
    move_face(person=guardian.child, target=FaceState.ENROLLED, enrolled_on=timezone.localdate())
    return guardian


def test_the_guardianship_ends_and_the_childs_face_stops(guardian: Guardian) -> None:
    erasure = order_erasure(
        tenant=guardian.tenant,
        person=guardian.guardian,
        reason=ErasureReason.REQUESTED,
        scope=ErasureScope.PERSON,
    )
    jobs.erase(tenant_id=guardian.tenant_id, erasure_id=erasure.pk, runs_as="web")
    row, child = Guardian.objects.get(), Person.objects.get(pk=guardian.child_id)
    assert (row.ended_at is not None, row.note) == (True, "")
    assert consent_statuses(child)[FACE] == ConsentStatus.UNANSWERED
    assert child.face_state == FaceState.SUSPENDED
    assert "no_guardian" in {check.code for check in check_person(child) if not check.holds}


def test_what_is_left_to_do_counts_until_it_is_done(guardian: Guardian) -> None:
    store = GuardianStore()
    Guardian.objects.update(note="")
    assert store.count(guardian.guardian) == 1
    assert store.count(guardian.child) == 0
    assert (store.erase(guardian.guardian), store.count(guardian.guardian)) == (1, 0)


def test_a_childs_erasure_takes_the_note_and_leaves_who_answered(guardian: Guardian) -> None:
    store = GuardianStore()
    assert (store.erase(guardian.child), store.count(guardian.child)) == (1, 0)
    assert (Guardian.objects.get().note, Guardian.objects.get().ended_at) == ("", None)
