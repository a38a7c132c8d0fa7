"""A withdrawal and a door at the same moment: once the withdrawal has committed, nothing opens by that face."""

from typing import NamedTuple

import pytest
from django.db import transaction

from recognition.enrollment import captures
from recognition.matching import answers
from recognition.matching import jobs as matching_jobs
from recognition.matching.models import DoorEvent
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.people.services.links import Visit
from tenants.premises.models import Device
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.fakes import FakeEngine, face_photo
from tests.recognition.steps import enroll
from tests.threads import Job, interleave, together

pytestmark = pytest.mark.django_db(transaction=True)


class Door(NamedTuple):
    tenant: Property
    person: Person
    visit: Visit
    device: Device


@pytest.fixture
def door() -> Door:
    """An enrolled person before an active device, committed."""
    with transaction.atomic():
        tenant = factories.make_property()
        person, visit = factories.make_consented_person(tenant)
        device, _code = factories.make_active_device(tenant)
    with tenant_context(tenant.pk):
        enroll(tenant, person, "li")
    return Door(tenant, person, visit, device)


def knocking(door: Door, *, times: int = 1, pause_before: str = "") -> Job:
    """Somebody who shows the enrolled face to the device, once or again and again."""
    with tenant_context(door.tenant.pk):
        photos = [captures.put(tenant_id=door.tenant.pk, photo=face_photo("li")).pk for _time in range(times)]

    def run() -> list[answers.Answer | None]:
        return [
            matching_jobs.match(
                tenant_id=door.tenant.pk,
                capture_id=photo,
                device_id=door.device.pk,
                person_id=door.person.pk,
                engine=FakeEngine(),
            )
            for photo in photos
        ]

    return Job(run, role="recognition", pause_before=pause_before)


def withdrawing(door: Door, *, pause_before: str = "") -> Job:
    """The person stops it; the outcome is how often the door had opened when that was committed."""

    def run() -> int:
        with tenant_context(door.tenant.pk):
            withdraw(visit=door.visit)
        return opened(door)

    return Job(run, pause_before=pause_before)


def opened(door: Door) -> int:
    with tenant_context(door.tenant.pk):
        return DoorEvent.objects.filter(tenant=door.tenant, is_allowed=True).count()


def face_state(door: Door) -> str:
    with tenant_context(door.tenant.pk):
        return Person.objects.get(pk=door.person.pk).face_state


def test_a_door_that_found_the_face_before_the_withdrawal_and_asks_after_it(door: Door) -> None:
    """The gallery still held the face when the door compared; the gate says no when it would open."""
    [answer], _opened = interleave(knocking(door, pause_before="FOR NO KEY UPDATE"), withdrawing(door))
    assert (answer.allowed, answer.rule) == (False, answers.NOT_CLEARED)
    assert opened(door) == 0


def test_a_door_that_is_about_to_open_makes_the_withdrawal_wait(door: Door) -> None:
    [answer], opened_before = interleave(
        knocking(door, pause_before='INSERT INTO "matching_doorevent"'), withdrawing(door)
    )
    assert answer.allowed
    assert opened_before == opened(door) == 1
    assert face_state(door) == FaceState.ERASING


def test_a_door_waits_for_a_withdrawal_that_is_about_to_commit(door: Door) -> None:
    opened_before, [answer] = interleave(withdrawing(door, pause_before='INSERT INTO "rights_erasure"'), knocking(door))
    assert not answer.allowed
    assert opened_before == opened(door) == 0


def test_a_gallery_that_was_loaded_before_the_withdrawal_is_not_used_after_it(door: Door) -> None:
    warm = knocking(door).start().join()
    withdrawing(door).start().join()
    cold = knocking(door).start().join()
    assert (warm[0].rule, cold[0].rule) == (answers.MATCHED, answers.NOT_ENROLLED)


@pytest.mark.parametrize("_round", range(3))
def test_whatever_the_order_no_door_opens_after_the_commit(door: Door, _round: int) -> None:
    given, opened_before = together(knocking(door, times=12), withdrawing(door))
    assert opened(door) == opened_before == sum(answer.allowed for answer in given)
    assert not given[-1].allowed or opened_before == len(given)
