"""A thousand doors ask while one person withdraws: none opens after the commit, none stays shut before it.

`make test` runs a short form; `make storm` runs the thousand twenty times.
"""

import os
import threading
import time
import uuid
from typing import NamedTuple

import pytest
from django.db import transaction

from recognition.matching import jobs
from recognition.matching.models import DoorEvent
from recognition.matching.probes import Probe
from tenants.organizations.scoping import tenant_context
from tenants.people.models import Person
from tenants.people.services.links import Visit
from tenants.premises.kinds import DeviceMode
from tenants.premises.models import Device
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.fakes import FakeEngine, face_photo
from tests.recognition.steps import enroll
from tests.threads import Job

FULL = int(os.environ.get("STORM", "0"))
ROUNDS = FULL or 2
THREADS = 20
EACH = 50 if FULL else 10  # attempts of one thread
STORM_PATIENCE = 180.0  # a thousand attempts take ten seconds on an idle machine
BEFORE = THREADS * EACH * 2 // 5  # attempts that are over when the person withdraws

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class Attempt(NamedTuple):
    began: float
    ended: float
    is_allowed: bool


class House(NamedTuple):
    tenant_id: uuid.UUID
    person: Person
    visit: Visit
    devices: dict[DeviceMode, Device]
    probe: Probe


class Counter:
    """Lets the withdrawal begin in the middle of the storm, whatever the speed of the machine."""

    def __init__(self, wanted: int) -> None:
        self._left, self._lock, self.is_reached = wanted, threading.Lock(), threading.Event()

    def count(self) -> None:
        with self._lock:
            self._left -= 1
            if self._left == 0:
                self.is_reached.set()


@pytest.fixture
def house() -> House:
    with transaction.atomic():
        tenant = factories.make_property()
        person, visit = factories.make_consented_person(tenant)
        modes = (DeviceMode.VERIFY, DeviceMode.IDENTIFY)
        devices = {mode: factories.make_active_device(tenant, mode=mode)[0] for mode in modes}
    with tenant_context(tenant.pk):
        enroll(tenant, person, "li")
    engine = FakeEngine()
    probe = Probe.of(engine, engine.represent(face_photo("li/today")).embedding)
    return House(tenant.pk, person, visit, devices, probe)


def knocking(house: House, counters: list[Counter], mode: DeviceMode) -> Job:
    wanted = house.person.pk if mode == DeviceMode.VERIFY else None

    def run() -> list[Attempt]:
        attempts = []
        for _time in range(EACH):
            began = time.monotonic()
            answer = jobs.match_probes(
                tenant_id=house.tenant_id, device_id=house.devices[mode].pk, person_id=wanted, probes=[house.probe]
            )
            # It returns after its commit.
            attempts.append(Attempt(began, time.monotonic(), answer.allowed))
            for counter in counters:
                counter.count()
        return attempts

    return Job(run, role="recognition")


def withdrawing(house: House, counter: Counter) -> Job:
    def run() -> tuple[float, float, int]:
        assert counter.is_reached.wait(STORM_PATIENCE)
        began = time.monotonic()
        with tenant_context(house.tenant_id):
            withdraw(visit=house.visit)
        return began, time.monotonic(), opened(house)

    return Job(run)


def opened(house: House) -> int:
    with tenant_context(house.tenant_id):
        return DoorEvent.objects.filter(tenant_id=house.tenant_id, is_allowed=True).count()


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_no_match_after_the_commit_of_a_withdrawal_and_none_lost_before_it(house: House, _round: int) -> None:
    counter, the_end = Counter(BEFORE), Counter(THREADS * EACH)
    modes = [DeviceMode.VERIFY, DeviceMode.IDENTIFY] * (THREADS // 2)
    knockers = [knocking(house, [counter, the_end], mode).start() for mode in modes]
    withdrawal = withdrawing(house, counter).start()
    assert the_end.is_reached.wait(STORM_PATIENCE), [knocker.outcome for knocker in knockers if knocker.is_over]
    outcomes = [knocker.join() for knocker in knockers]
    began, ended, opened_at_commit = withdrawal.join()

    attempts = [attempt for outcome in outcomes for attempt in outcome]
    earlier = [attempt for attempt in attempts if attempt.ended < began]
    later = [attempt for attempt in attempts if attempt.began > ended]
    assert len(attempts) == THREADS * EACH
    assert len(earlier) >= BEFORE - THREADS
    assert later
    assert all(attempt.is_allowed for attempt in earlier)
    assert not any(attempt.is_allowed for attempt in later)
    # In the database too: what had opened when the withdrawal had committed is all that ever opened.
    assert opened_at_commit == opened(house) == sum(attempt.is_allowed for attempt in attempts)
