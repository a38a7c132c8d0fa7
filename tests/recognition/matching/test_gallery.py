"""The gallery in the worker's memory: reloaded when a face came or went, and bounded."""

import logging
import uuid

import numpy as np
import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from recognition.matching.cache import GalleryCache
from recognition.matching.gallery import ID_BYTES, Gallery
from recognition.vault import keys
from recognition.vault.models import FaceTemplate
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.architecture.catalogue import execute
from tests.recognition.many import make_many_faces, make_rows
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
    cache, tenants, people = GalleryCache(budget_bytes=2 * (128 * 4 + ID_BYTES)), [], []
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


def test_after_a_change_only_the_new_faces_are_opened(tenant: Property, cache: GalleryCache) -> None:
    """The result is the same as that of a cache that never saw the old state."""
    with database_role("owner"):
        people = make_many_faces(tenant, make_rows(6))
    people_in(cache, tenant)
    keys.destroy_person_key(person=people[2])
    with database_role("owner"):
        [newcomer] = make_many_faces(tenant, make_rows(1, seed=1))
        [new] = FaceTemplate.objects.filter(person=newcomer).values_list("pk", flat=True)
        # If the older ones were opened again, they would be missing afterwards.
        before = transaction.savepoint()
        execute("UPDATE vault_facetemplate SET sealed = '\\x00' WHERE id <> %s", new)
        people_in(cache, tenant)
        transaction.savepoint_rollback(before)
    fresh = GalleryCache()
    for one in (cache, fresh):
        assert people_in(one, tenant) == {person.pk for person in [*people, newcomer]} - {people[2].pk}
    with database_role("recognition"):
        mine, theirs = (one.get(tenant, model_version="fake-1") for one in (cache, fresh))
    assert dict(zip(mine.template_ids, mine.rows.tolist(), strict=True)) == dict(
        zip(theirs.template_ids, theirs.rows.tolist(), strict=True)
    )
    assert [mine.places(p) != [] for p in mine.person_ids] == [True] * 6


def test_what_a_rolled_back_change_left_behind_is_never_matched(tenant: Property, cache: GalleryCache) -> None:
    """The number of the epoch comes again with the next change; the transaction that wrote it does not."""
    with database_role("owner"):
        make_many_faces(tenant, make_rows(2))
    kept = people_in(cache, tenant)
    with database_role("owner"):
        undone = transaction.savepoint()
        made = make_many_faces(tenant, make_rows(1, seed=1))
    assert people_in(cache, tenant) == kept | {made[0].pk}
    with database_role("owner"):
        transaction.savepoint_rollback(undone)
        other = make_many_faces(tenant, make_rows(1, seed=2))
    assert people_in(cache, tenant) == kept | {other[0].pk}


def test_a_face_that_does_not_open_shuts_out_one_person_and_is_named(
    tenant: Property, cache: GalleryCache, caplog: pytest.LogCaptureFixture
) -> None:
    with database_role("owner"):
        people = make_many_faces(tenant, make_rows(3))
        execute("UPDATE vault_facetemplate SET sealed = sealed || '\\x00' WHERE person_id = %s", people[0].pk)
        damaged = FaceTemplate.objects.get(person=people[0]).pk
    assert people_in(cache, tenant) == {people[1].pk, people[2].pk}
    assert str(damaged) in caplog.text


def test_numbers_are_overwritten_when_nobody_uses_them_any_more(tenant: Property, cache: GalleryCache) -> None:
    with database_role("owner"):
        make_many_faces(tenant, make_rows(2))
    with database_role("recognition"):
        in_use = cache.get(tenant, model_version="fake-1")
    rows = in_use.rows
    cache.drop(tenant.pk)
    assert np.any(rows), "An answer that is under way still compares."
    del in_use
    assert not np.any(rows)


def test_one_gallery_beyond_the_budget_is_held_alone_and_the_log_says_so(
    tenant: Property, caplog: pytest.LogCaptureFixture
) -> None:
    cache = GalleryCache(budget_bytes=1000)
    with database_role("owner"):
        people = make_many_faces(tenant, make_rows(3))
    with caplog.at_level(logging.WARNING):
        assert people_in(cache, tenant) == {person.pk for person in people}
    assert "GALLERY_MEGABYTES" in caplog.text
    assert cache.holds(tenant_id=tenant.pk, person_id=people[0].pk)


def test_neither_numbers_nor_people_stand_in_what_a_log_would_print_of_a_gallery() -> None:
    gallery = Gallery(1, "fake-1", (uuid.UUID(int=7),), make_rows(1), ("8",))
    assert repr(gallery) == "Gallery(stamp=1, model_version='fake-1')"
