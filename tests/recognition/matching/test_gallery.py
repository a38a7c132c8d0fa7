"""The gallery in the worker's memory: reloaded when a face came or went, and bounded."""

import pytest
from pytest_django import DjangoAssertNumQueries

from recognition.matching.gallery import GalleryCache
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.recognition.steps import enroll
from tests.roles import database_role


@pytest.fixture
def cache() -> GalleryCache:
    return GalleryCache()


def people_in(cache: GalleryCache, tenant: Property, model_version: str = "fake-1") -> set:
    enter_tenant(tenant.pk)
    with database_role("recognition"):
        return set(cache.get(tenant, model_version=model_version).person_ids)


def test_a_face_is_in_the_gallery_from_its_enrolment_until_its_withdrawal(
    tenant: Property, cache: GalleryCache
) -> None:
    assert people_in(cache, tenant) == set()
    person, visit = factories.make_consented_person(tenant)
    enroll(tenant, person, "li")
    assert people_in(cache, tenant) == {person.pk}
    assert cache.holds(tenant_id=tenant.pk, person_id=person.pk)
    withdraw(visit=visit)
    assert people_in(cache, tenant) == set()
    assert not cache.holds(tenant_id=tenant.pk, person_id=person.pk)


def test_an_unchanged_gallery_costs_one_query(
    tenant: Property, cache: GalleryCache, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person, _visit = factories.make_consented_person(tenant)
    enroll(tenant, person, "li")
    people_in(cache, tenant)
    with database_role("recognition"), django_assert_num_queries(1):
        cache.get(tenant, model_version="fake-1")


def test_faces_of_another_model_are_never_compared(tenant: Property, cache: GalleryCache) -> None:
    person, _visit = factories.make_consented_person(tenant)
    enroll(tenant, person, "li")
    assert people_in(cache, tenant, model_version="fake-2") == set()


def test_galleries_of_two_properties_do_not_mix(tenant: Property, cache: GalleryCache) -> None:
    li, _visit = factories.make_consented_person(tenant)
    enroll(tenant, li, "li")
    other = factories.make_property()
    wang, _visit = factories.make_consented_person(other)
    enroll(other, wang, "wang")
    assert (people_in(cache, tenant), people_in(cache, other)) == ({li.pk}, {wang.pk})


def test_the_gallery_used_longest_ago_goes_when_memory_is_full(db: None) -> None:
    cache, tenants, people = GalleryCache(budget_bytes=2 * 128 * 4), [], []
    for number in range(3):
        tenant = factories.make_property()
        person, _visit = factories.make_consented_person(tenant)
        enroll(tenant, person, f"person {number}")
        tenants.append(tenant)
        people.append(person.pk)
    people_in(cache, tenants[0])
    people_in(cache, tenants[1])
    people_in(cache, tenants[0])
    people_in(cache, tenants[2])
    held = [cache.holds(tenant_id=t.pk, person_id=p) for t, p in zip(tenants, people, strict=True)]
    assert held == [True, False, True]
