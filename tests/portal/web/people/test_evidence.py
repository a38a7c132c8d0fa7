"""Erasures and door events: pending is never called deleted, and codes stand for names."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from recognition.matching.models import DoorEvent
from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.people.models import Person
from tenants.rights import jobs
from tenants.rights.kinds import ErasureReason
from tenants.rights.models import Erasure
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.roles import database_role

Address = Callable[..., str]


def order(tenant: Property) -> Erasure:
    person = factories.make_person(tenant)
    return order_erasure(tenant=tenant, person=person, reason=ErasureReason.RETENTION)


def make_events(tenant: Property, person: Person, count: int = 1) -> None:
    device, _code = factories.make_active_device(tenant)
    with database_role("recognition"):
        for number in range(count):
            at = timezone.now() - timedelta(hours=number)
            DoorEvent(
                tenant=tenant, device=device, person=person, mode="verify", is_allowed=True, rule="matched", at=at
            ).save()


def test_an_erasure_is_pending_until_the_last_receipt(manager: Client, tenant: Property, address: Address) -> None:
    erasure = order(tenant)
    page = manager.get(address("erasure", erasure.pk))
    assert "pending since" in page.content.decode()
    assert page.context["pending"] == len(page.context["rows"])
    assert "Complete" not in manager.get(address("erasures"), {"state": "pending"}).content.decode().split("<tbody>")[1]
    with database_role("recognition"):
        jobs.erase(tenant_id=tenant.pk, erasure_id=erasure.pk, runs_as="recognition")
    assert manager.get(address("erasure", erasure.pk)).context["pending"] > 0
    jobs.erase(tenant_id=tenant.pk, erasure_id=erasure.pk, runs_as="web")
    page = manager.get(address("erasure", erasure.pk))
    assert page.context["pending"] == 0
    assert "Erased everywhere" in page.content.decode()
    assert not manager.get(address("erasures"), {"state": "pending"}).context["object_list"]


def test_the_list_of_erasures_is_constant_in_questions(
    manager: Client, tenant: Property, address: Address, count_queries: Callable[[Client, str], int]
) -> None:
    order(tenant)
    few = count_queries(manager, address("erasures"))
    for _number in range(5):
        order(tenant)
    assert count_queries(manager, address("erasures")) == few <= 16


def test_the_desk_sees_no_erasures(desk: Client, address: Address) -> None:
    assert desk.get(address("erasures")).status_code == 403


def test_events_show_a_code_and_link_to_the_person_only_for_those_who_may(
    manager: Client, sign_in: Callable[[Role], Client], tenant: Property, address: Address
) -> None:
    person = factories.make_person(tenant)
    make_events(tenant, person)
    page = manager.get(address("events")).content.decode()
    assert person.code in page
    assert "李阿姨" not in page
    assert address("person", person.pk) in page
    seen = sign_in(Role.AUDITOR).get(address("events")).content.decode()
    assert person.code in seen
    assert str(person.pk) not in seen


def test_events_are_filtered_by_day_result_and_device(manager: Client, tenant: Property, address: Address) -> None:
    make_events(tenant, factories.make_person(tenant), count=2)
    device = DoorEvent.objects.values_list("device_id", flat=True)[0]
    tomorrow = timezone.localdate() + timedelta(days=1)

    def found(**filters: object) -> int:
        return len(manager.get(address("events"), filters).context["object_list"])

    assert found(device=device, allowed="True") == 2
    assert found(allowed="False") == 0
    assert found(since=tomorrow) == 0
    assert found(device="nonsense", since="nonsense") == 2


def test_the_list_of_events_is_constant_in_questions(
    manager: Client, tenant: Property, address: Address, count_queries: Callable[[Client, str], int]
) -> None:
    person = factories.make_person(tenant)
    make_events(tenant, person)
    few = count_queries(manager, address("events"))
    make_events(tenant, person, count=10)
    assert count_queries(manager, address("events")) == few <= 15
