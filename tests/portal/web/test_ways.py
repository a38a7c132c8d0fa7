"""What may be said of the ways without a face: what is as convenient, and only of the doors of which it is true."""

from datetime import time
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.web.reads.ways import doors_of, ways_at
from tenants.clearance.services import activate_device
from tenants.organizations.models import Property
from tenants.premises.models import AccessPoint
from tenants.premises.services.doors import update_door
from tests import factories

pytestmark = pytest.mark.django_db


def door(tenant: Property, name: str, **methods: dict[str, Any]) -> AccessPoint:
    """A door where a face works today, with other ways on these terms."""
    found = factories.make_door(tenant, name=name)
    update_door(tenant=tenant, door=found, zone=found.zone, name=name, methods={"face": {}, "card": {}} | methods)
    factories.make_lawful(tenant)
    activate_device(tenant=tenant, device=factories.make_device(tenant, found)[0])
    return AccessPoint.objects.get(pk=found.pk)


def test_only_what_opens_every_door_is_said_without_a_door(tenant: Property) -> None:
    east, west = door(tenant, "东门", pin={}), door(tenant, "西门", qr={})
    found = doors_of(tenant)
    assert found.methods == "门禁卡"
    assert [(way.methods, way.doors) for way in found.ways] == [("门禁卡、密码", "东门"), ("门禁卡、通行码", "西门")]
    assert (ways_at(east), ways_at(west)) == ("门禁卡、密码", "门禁卡、通行码")


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"fee": Decimal(20), "distance_m": 80}, "20"),
        ({"fee": Decimal("0.50")}, "0.5"),
        ({"distance_m": 80}, "80"),
        ({"opens_at": time(8), "closes_at": time(18)}, "08:00–18:00"),
        ({"extra_papers": True}, ""),
    ],
)
def test_a_way_on_other_terms_is_told_with_its_terms(tenant: Property, terms: dict[str, Any], said: str) -> None:
    found = door(tenant, "东门", pin=terms)
    (worse,) = doors_of(tenant).worse
    assert (worse.method, worse.door) == ("密码", "东门")
    assert worse.terms
    assert said in worse.terms
    assert doors_of(tenant).methods == ways_at(found) == "门禁卡"


def test_the_question_names_the_ways_door_by_door_where_the_doors_differ(client: Client, tenant: Property) -> None:
    east, west = door(tenant, "东门", pin={}), door(tenant, "西门", qr={})
    for at, other in ((east, "pin"), (west, "qr")):
        update_door(tenant=tenant, door=at, zone=at.zone, name=at.name, methods={"face": {}, other: {}})
    person = factories.make_person(tenant)
    link = reverse("me_consent", args=[tenant.slug, factories.make_link(tenant, person), "recognition"])
    page = client.get(link, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "The same doors open without a face, free of charge:" in page
    assert "东门: PIN" in page
    assert "西门: QR pass" in page


def test_the_personal_page_tells_other_terms_apart(client: Client, tenant: Property) -> None:
    door(tenant, "东门", pin={"fee": Decimal(20), "distance_m": 80})
    person = factories.make_person(tenant)
    page = client.get(
        reverse("me", args=[tenant.slug, factories.make_link(tenant, person)]), HTTP_ACCEPT_LANGUAGE="en"
    ).content.decode()
    assert "PIN at 东门: costs 20 yuan, 80 m from the door" in page
    free = page.split("Free of charge, at the same doors")[1].split("On other terms")[0]
    assert "PIN" not in free
