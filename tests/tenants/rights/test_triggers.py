"""Whatever ends a face leads to a certificate: each reason of the law, from its fact to the signed paper."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.utils import timezone

from recognition.matching.answers import MATCHED
from tenants.clearance.rules.endings import GRACE
from tenants.organizations.services.properties import set_retention
from tenants.people.kinds import FaceState
from tenants.people.services import persons
from tenants.premises.services import devices
from tenants.rights.certificate_text import Verdict, check
from tenants.rights.kinds import ErasureReason as R
from tenants.rights.kinds import RequestKind
from tenants.rights.models import Certificate
from tenants.rights.services import answering, certificates, identity, requests
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.tenants.clearance.clock import Clock
from tests.tenants.clearance.scene import BEGINS, Scene
from tests.tenants.clearance.table.begins import about_a_child
from tests.tenants.clearance.table.of_people import end_the_guardianship
from tests.tenants.clearance.workers import workers_at_hand

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
GRACE_OVER = GRACE.days + 1


@pytest.fixture
def scene(db: None) -> Iterator[Scene]:
    """Somebody whose face opens a door, and workers who do at once what was sent to them."""
    with Clock(BEGINS) as clock, workers_at_hand():
        found = Scene(clock)
        assert found.knocks().rule == MATCHED
        yield found


@dataclass
class Trigger:
    """`before` sets the scene, `act` is the fact, and after `days` of sweeps the face is gone for this reason."""

    reason: R
    act: Callable[[Scene], object]
    days: int = 0
    before: Callable[[Scene], object] = lambda _scene: None
    name: str = ""

    def __str__(self) -> str:
        return self.name or self.reason.value


def asks_for_deletion(scene: Scene) -> None:
    request, _code = requests.receive(
        tenant=scene.tenant, kind=RequestKind.DELETE, name="李阿姨", contact="13800138000"
    )
    request = identity.prove_in_person(tenant=scene.tenant, request=request, person=scene.person, actor=scene.actor)
    answering.answer(tenant=scene.tenant, request=request, text="正在删除。", actor=scene.actor)


def fourteen_today(scene: Scene) -> None:
    about_a_child(scene, birthday=timezone.localdate())


TRIGGERS = [
    Trigger(R.WITHDRAWN, lambda s: withdraw(visit=factories.make_visit(s.tenant, s.person))),
    Trigger(R.REQUESTED, asks_for_deletion),
    Trigger(R.STAY_ENDED, lambda s: s.record(stay_ends_on=timezone.localdate()), days=1),
    Trigger(R.RETENTION, lambda s: set_retention(tenant=s.tenant, face_days=20, event_days=90), days=21),
    Trigger(R.NOT_ASSESSED, lambda s: s.writes(algorithm="另一种算法"), days=GRACE_OVER),
    Trigger(R.DOOR_REMOVED, lambda s: devices.retire(tenant=s.tenant, device=s.device), days=GRACE_OVER),
    Trigger(R.CONTRACT_ENDED, lambda s: s.handler(contract_ends_on=timezone.localdate()), days=GRACE_OVER + 1),
    Trigger(
        R.DIED, lambda s: persons.record_death(tenant=s.tenant, person=s.person, died_on=timezone.localdate()), days=1
    ),
    Trigger(R.CONSENT_LOST, end_the_guardianship, days=GRACE_OVER, before=about_a_child, name="guardian ended"),
    Trigger(
        R.CONSENT_LOST,
        lambda _scene: None,
        days=GRACE_OVER + 1,
        before=fourteen_today,
        name="fourteenth birthday",
    ),
]


@pytest.mark.parametrize("trigger", TRIGGERS, ids=str)
def test_it_ends_with_a_certificate(scene: Scene, trigger: Trigger) -> None:
    trigger.before(scene)
    assert scene.person.face_state == FaceState.ENROLLED
    scene.does(lambda: trigger.act(scene))
    if trigger.days > 1:  # the sweep of the first day sees it, that of the last one ends it
        scene.days_pass(1)
    if trigger.days:
        scene.days_pass(max(trigger.days - 1, 1))
    assert scene.person.face_state == FaceState.ERASED
    certificate = Certificate.objects.get(erasure__person=scene.subject)
    assert certificate.erasure.reason == trigger.reason
    checked = check(certificates.file(certificate))
    assert (checked.verdict, (checked.says or {})["person"]) == (Verdict.VALID, str(scene.subject))
    assert not scene.knocks().allowed


def test_a_device_that_is_replaced_in_time_ends_no_face(scene: Scene) -> None:
    scene.does(lambda: devices.retire(tenant=scene.tenant, device=scene.device))
    scene.days_pass(5)
    scene.watched = factories.make_active_device(scene.tenant)[0].pk
    for days in (1, GRACE_OVER):
        scene.days_pass(days)
    assert not Certificate.objects.exists()
    assert scene.person.face_state != FaceState.ERASED
