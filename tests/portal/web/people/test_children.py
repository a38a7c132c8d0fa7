"""A child is added from the record of who answers for it, in one step."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.people.kinds import AgeBand, PersonKind
from tenants.people.models import Guardian, Person, PersonIdentity
from tests import factories

Address = Callable[..., str]
SEEN = {"name": "吴小宝", "relationship": "parent", "evidence": "household_register"}


def born(years: int) -> str:
    return (timezone.localdate() - timedelta(days=round(365.25 * years))).isoformat()


def test_a_child_is_added_with_its_guardian_and_its_record_is_closed_at_once(
    desk: Client, tenant: Property, address: Address
) -> None:
    mother = factories.make_person(tenant, "吴妈妈")
    PersonIdentity.objects.filter(person=mother).update(room="6-0803")
    page = desk.get(address("person", mother.pk)).content.decode()
    assert address("person_child", mother.pk) in page
    done = desk.post(address("person_child", mother.pk), SEEN | {"birth_date": born(6)}, follow=True)
    guardian = Guardian.objects.get()
    child = guardian.child
    assert (guardian.guardian, child.band, child.kind) == (mother, AgeBand.UNDER_14, PersonKind.FAMILY)
    assert child.identity.room == "6-0803"
    assert child.code in done.content.decode() and "吴小宝" not in done.content.decode()
    assert desk.get(address("person", child.pk)).status_code == 302


def test_somebody_who_is_grown_up_is_no_child_and_nothing_is_kept(
    desk: Client, tenant: Property, address: Address
) -> None:
    mother = factories.make_person(tenant, "吴妈妈")
    refused = desk.post(address("person_child", mother.pk), SEEN | {"birth_date": born(30)})
    assert refused.status_code == 200 and refused.context["form"].non_field_errors()
    assert list(Person.objects.all()) == [mother]
