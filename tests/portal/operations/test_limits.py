"""Limits that platform staff set: held where something is added, told with what to do, and shown to the owner."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from recognition.enrollment import batches
from tenants.organizations.limits import limit_of
from tenants.organizations.models import Property, User
from tenants.organizations.services.properties import set_limits
from tenants.people.services.imports import import_people
from tests import factories
from tests.fakes import face_photo

pytestmark = pytest.mark.django_db


def add_devices(tenant: Property, owner: User) -> None:
    for _ in range(2):
        factories.make_device(tenant)


def add_people(tenant: Property, owner: User) -> None:
    for _ in range(2):
        factories.make_person(tenant)


def import_table(tenant: Property, owner: User) -> None:
    rows = [(number, {"name": f"李{number}", "room": str(number), "age_band": "adult"}) for number in (2, 3)]
    import_people(tenant=tenant, actor=owner, rows=rows)


def add_photos(tenant: Property, owner: User) -> None:
    batch = batches.start(tenant=tenant, started_by=owner)
    for number in range(2):
        batches.add(batch=batch, actor=owner, label=f"{number}.jpg", photo=face_photo("somebody"))


@pytest.mark.parametrize(
    ("name", "add"),
    [
        ("max_devices", add_devices),
        ("max_people", add_people),
        ("max_people", import_table),
        ("max_photos", add_photos),
    ],
)
def test_one_more_than_the_limit_is_refused(
    tenant: Property, owner: User, name: str, add: Callable[[Property, User], None]
) -> None:
    tenant = set_limits(of=tenant, **{name: 1})
    with pytest.raises(ValidationError) as refused:
        add(tenant, owner)
    assert refused.value.code == "limit_reached"
    add(set_limits(of=tenant, **{name: 9}), owner)


def test_a_propertys_own_limit_comes_before_its_handlers(tenant: Property) -> None:
    set_limits(of=tenant.handler, max_people=5)
    assert limit_of(Property.objects.get(pk=tenant.pk), "max_people") == 5
    set_limits(of=tenant, max_people=2)
    assert limit_of(Property.objects.get(pk=tenant.pk), "max_people") == 2


def test_programs_may_ask_so_often_in_a_minute(tenant: Property, owner: User) -> None:
    set_limits(of=tenant, max_requests=2)
    cache.clear()
    client = Client(headers={"accept-language": "en"})
    client.force_login(owner)
    answers = [client.get(f"/api/v1/properties/{tenant.slug}/zones/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "more than 2 times in a minute" in answers[-1].json()["detail"]


def test_an_owner_reads_the_limits_in_the_settings(tenant: Property, owner: User) -> None:
    set_limits(of=tenant.handler, max_devices=7)
    client = Client(headers={"accept-language": "en"})
    client.force_login(owner)
    page = client.get(reverse("settings", args=[tenant.slug])).content.decode()
    assert "Most devices" in page and "Most people" not in page
