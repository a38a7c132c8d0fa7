"""The terminal and the portal itself: two implementations of one text, and neither knows the other."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.test import Client

from recognition.edge.agent import deciding, enrolments, passes
from recognition.edge.agent.deciding import Answer
from recognition.edge.agent.pairing import NotPaired
from recognition.edge.agent.terminal import Declared, Terminal
from recognition.edge.jobs import seal_for_person
from recognition.edge.services.enrolling import order_enrolment
from recognition.matching.models import DoorEvent
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import FaceState
from tenants.premises.kinds import DeviceMode
from tenants.premises.models import Device
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.recognition import steps
from tests.recognition.edge.agent.conftest import Machine, Time
from tests.recognition.edge.agent.faces import photo_of
from tests.roles import database_role

Make = Callable[[str], Machine]
FACTS = factories.DEVICE_FACTS


def through(client: Client) -> Callable[[httpx.Request], httpx.Response]:
    """Carry a request to the portal's own code, as the network would."""

    def carry(request: httpx.Request) -> httpx.Response:
        headers = {name: value for name, value in request.headers.items() if name not in {"content-type", "host"}}
        answer = client.generic(
            request.method,
            request.url.raw_path.decode(),
            request.content,
            content_type=request.headers.get("content-type", ""),
            headers=headers,
        )
        return httpx.Response(answer.status_code, content=answer.content)

    return carry


@pytest.fixture
def time() -> Time:
    return Time(at=datetime.now(UTC))


@pytest.fixture
def machine(make_machine: Make, db: None) -> Machine:
    machine = make_machine("terminal")
    machine.transport = httpx.MockTransport(through(Client()))
    machine.declared = Declared(str(FACTS["algorithm"]), str(FACTS["algorithm_version"]))
    return machine


def start(machine: Machine, code: str = "") -> Terminal:
    terminal = machine.start(code=code)
    assert machine.sync() == ""
    return terminal


def test_it_pairs_hears_its_lease_and_starts_again(machine: Machine, tenant: Property) -> None:
    device, code = factories.make_active_device(tenant)
    terminal = start(machine, code)
    lease = terminal.lease()
    assert lease
    assert (lease.state, lease.mode, lease.storage_mode) == ("active", device.mode, tenant.storage_mode)
    assert terminal.refusal(lease.mode, now=terminal.clock.now()) == ""
    start(machine)
    with pytest.raises(NotPaired, match="bad_code"):
        machine.start(code=code[:-1] + ("0" if code[-1] != "0" else "1"))


@pytest.mark.django_db(transaction=True)  # a refused request ends a transaction around it
def test_a_wrong_clock_is_put_right(machine: Machine, tenant: Property, time: Time) -> None:
    with tenant_context(tenant.pk):
        _device, code = factories.make_device(tenant)
    time.error = timedelta(days=-30)
    terminal = start(machine, code)
    assert abs(terminal.clock.now() - datetime.now(UTC)) < timedelta(seconds=30)


def test_another_algorithm_than_the_declared_one_stops_the_face(machine: Machine, tenant: Property) -> None:
    _device, code = factories.make_active_device(tenant)
    machine.declared = Declared("another", "1")
    terminal = start(machine, code)
    lease = terminal.lease()
    assert lease and lease.state == "suspended"


def test_an_unknown_card_is_answered_by_the_portal(machine: Machine, tenant: Property) -> None:
    _device, code = factories.make_device(tenant)
    terminal = start(machine, code)
    answer = passes.show_pass(terminal, kind="card", card="0004567890AB")
    assert (answer.allowed, answer.rule, answer.alone) == (False, "pass_unknown_card", False)


# -- both modes, two terminals --


@pytest.fixture
def doors(make_machine: Make, db: None) -> Callable[[Property], tuple[list[Device], list[Machine]]]:
    """Two paired terminals of one property, both for 1:N."""

    def make(tenant: Property) -> tuple[list[Device], list[Machine]]:
        devices, machines = [], []
        for name in ("one", "two"):
            device, code = factories.make_active_device(tenant, mode=DeviceMode.IDENTIFY)
            machine = make_machine(name)
            machine.transport = httpx.MockTransport(through(Client()))
            machine.declared = Declared(str(FACTS["algorithm"]), str(FACTS["algorithm_version"]))
            machine.start(code=code)
            devices.append(device)
            machines.append(machine)
        for machine in machines:
            assert machine.sync() == ""
        return devices, machines

    return make


def show(machine: Machine, who: str) -> Answer:
    assert machine.terminal
    return deciding.look(machine.terminal, photo=photo_of(who))


def held(machine: Machine) -> int:
    assert machine.terminal
    return machine.terminal.templates.count()


def test_a_face_kept_on_two_terminals_is_erased_when_both_have_confirmed(doors: Callable) -> None:
    tenant = factories.make_property(storage_mode=StorageMode.ON_DEVICE)
    devices, (one, two) = doors(tenant)
    person, visit = factories.make_consented_person(tenant)
    for device, machine in zip(devices, (one, two), strict=True):
        order_enrolment(tenant=tenant, person=person, device=device)
        assert machine.sync() == "" and machine.terminal
        enrolments.take(machine.terminal, person=person.pk, photo=photo_of("li"))
        assert machine.sync() == ""
    person.refresh_from_db()
    assert person.face_state == FaceState.ENROLLED
    assert show(one, "li").allowed and show(two, "li").allowed
    assert show(one, "stranger").rule == "no_match"

    two.stop()
    erasure = withdraw(visit=visit)
    assert show(one, "li").rule == "not_cleared"
    assert one.sync() == ""
    assert held(one) == 0
    assert steps.erase(erasure).completed_at is None, "the other terminal has not confirmed"

    two.start()
    assert held(two) == 1
    assert two.sync() == ""
    assert held(two) == 0
    assert steps.erase(erasure).completed_at is not None


def test_a_template_sealed_in_the_portal_opens_two_doors_also_in_an_outage(tenant: Property, doors: Callable) -> None:
    _devices, machines = doors(tenant)
    person, _visit = factories.make_consented_person(tenant)
    steps.enroll(tenant, person, "li")
    with database_role("recognition"):
        assert seal_for_person(tenant_id=tenant.pk, person_id=person.pk) == 2
    for machine in machines:
        assert machine.sync() == ""
        answer = show(machine, "li")
        assert (answer.allowed, answer.alone) == (True, False)
        machine.start(transport=httpx.MockTransport(lambda request: httpx.Response(503)))
        answer = show(machine, "li")
        assert (answer.allowed, answer.alone) == (True, True)
        machine.start()
        assert machine.sync() == ""
    assert DoorEvent.objects.filter(person=person, is_allowed=True).count() == 4
