"""Where a face is, on the pages of staff and of the person; and the buttons that have it taken."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from recognition.edge.models import DeviceOrder
from tenants.organizations.kinds import StorageMode
from tenants.organizations.roles import Role
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.premises.models import Device
from tenants.rights.kinds import ErasureReason
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.recognition.edge.machines import Machine, make_machine

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine() -> Machine:
    return make_machine(factories.make_property(storage_mode=StorageMode.ON_DEVICE))


@pytest.fixture
def person(machine: Machine) -> Person:
    return factories.make_consented_person(machine.device.tenant)[0]


@pytest.fixture
def client(machine: Machine) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(factories.make_member(machine.device.tenant))
    return client


def address(person: Person, rest: str = "") -> str:
    return f"/t/{person.tenant.slug}/people/{person.pk}/{rest}"


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def state(person: Person) -> str:
    person.refresh_from_db()
    return person.face_state


def test_staff_have_a_terminal_take_a_face(client: Client, machine: Machine, person: Person) -> None:
    assert "Take the face</button>" in page(client, address(person))
    answer = client.post(address(person, "terminal/"), {"device": machine.device.pk})
    assert answer.status_code == 302
    assert state(person) == FaceState.CAPTURED
    waiting = page(client, address(person))
    assert "Waits for the person" in waiting
    assert "A terminal waits for the person." in waiting
    assert "Take the face</button>" not in waiting, "once is enough while the terminal waits"
    assert DeviceOrder.objects.get(kind="enrol").requested_by is not None


def test_who_may_not(machine: Machine, person: Person) -> None:
    client = Client()
    client.force_login(factories.make_member(person.tenant, Role.AUDITOR))
    assert client.post(address(person, "terminal/"), {"device": machine.device.pk}).status_code == 403
    assert not DeviceOrder.objects.filter(kind="enrol").exists()


@pytest.mark.parametrize("device", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_terminal_that_is_none(client: Client, person: Person, device: str) -> None:
    answer = client.post(address(person, "terminal/"), {"device": device}, follow=True)
    assert "There is no such terminal here." in answer.content.decode()
    assert not DeviceOrder.objects.filter(kind="enrol").exists()


def test_a_refusal_is_said(client: Client, machine: Machine) -> None:
    nobody = factories.make_person(machine.device.tenant, "未同意")
    answer = client.post(address(nobody, "terminal/"), {"device": machine.device.pk}, follow=True)
    assert answer.status_code == 200
    assert state(nobody) == FaceState.INVITED
    assert "Take the face</button>" not in answer.content.decode()


def test_the_person_has_it_taken_by_their_own_link(machine: Machine, person: Person) -> None:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    me = f"/p/{person.tenant.slug}/me/{factories.make_link(person.tenant, person)}/"
    assert str(machine.device.pk) in page(client, me)
    answer = client.post(me + "terminal/", {"device": machine.device.pk})
    assert answer["Location"] == me
    assert state(person) == FaceState.CAPTURED
    shown = page(client, me)
    assert machine.device.name in shown
    assert 'data-situation="at_the_door"' in shown
    assert DeviceOrder.objects.get(kind="enrol").requested_by is None


def test_a_deletion_that_is_not_confirmed_is_seen_everywhere(client: Client, machine: Machine, person: Person) -> None:
    client.post(address(person, "terminal/"), {"device": machine.device.pk})
    machine.work()
    erasure = order_erasure(tenant=person.tenant, person=person, reason=ErasureReason.WITHDRAWN)
    site, name = f"/t/{person.tenant.slug}/", machine.device.name
    for url in ("", "erasures/", f"erasures/{erasure.pk}/"):
        assert f"“{name}” has not confirmed yet." in page(client, site + url)
    assert "Deletion ordered, not confirmed" in page(client, address(person))
    device = page(client, f"{site}devices/{machine.device.pk}/")
    assert "Delete the face" in device
    assert "1, not confirmed since" in device
    assert "1 waiting" in page(client, f"{site}devices/")
    machine.work()
    assert "waiting" not in page(client, f"{site}devices/").split('id="list"')[1]


@pytest.mark.parametrize(("heard", "said"), [(1, "it may use the face until"), (25, "it uses no face.")])
def test_nobody_is_told_that_a_face_opens_nothing_while_a_terminal_may_still_use_it(
    client: Client, machine: Machine, person: Person, heard: int, said: str
) -> None:
    """A terminal that is cut off keeps its lease of 24 hours."""
    client.post(address(person, "terminal/"), {"device": machine.device.pk})
    machine.work()
    erasure = order_erasure(tenant=person.tenant, person=person, reason=ErasureReason.WITHDRAWN)
    Device.objects.filter(pk=machine.device.pk).update(last_seen_at=timezone.now() - timedelta(hours=heard))
    site, link = f"/t/{person.tenant.slug}/", factories.make_link(person.tenant, person)
    me = page(Client(HTTP_ACCEPT_LANGUAGE="en"), f"/p/{person.tenant.slug}/me/{link}/")
    assert "Your face opens no door any more" not in me
    for shown in (me, page(client, site), page(client, f"{site}erasures/{erasure.pk}/")):
        assert said in shown
        assert "the face opens nothing since then" not in shown
        assert "on the face opens nothing." not in shown


def test_what_a_terminal_could_not_do_is_said_in_words(client: Client, machine: Machine, person: Person) -> None:
    client.post(address(person, "terminal/"), {"device": machine.device.pk})
    [order] = machine.fetch()
    machine.confirm(order, "failed", reason="expired")
    assert "Nobody came within 72 hours." in page(client, f"/t/{person.tenant.slug}/devices/{machine.device.pk}/")
    there = page(client, address(person))
    assert "Nobody came within 72 hours." in there
    assert "Deleted, confirmed" not in there, "nothing was ever there"
    link = factories.make_link(person.tenant, person)
    assert "Nobody came within 72 hours." in page(client, f"/p/{person.tenant.slug}/me/{link}/")


def test_in_portal_mode_nothing_is_offered() -> None:
    machine = make_machine(factories.make_property())
    person, _visit = factories.make_consented_person(machine.device.tenant)
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(factories.make_member(person.tenant))
    assert "Take the face" not in page(client, address(person))
