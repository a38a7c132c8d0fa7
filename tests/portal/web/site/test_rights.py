"""Who may open and change what, and how much a page asks of the database."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tenants.organizations.models import Membership, Property
from tenants.organizations.roles import Role
from tenants.premises.kinds import MethodKind
from tests import factories

pytestmark = pytest.mark.django_db

READS = ["today", "premises", "devices", "notices", "retention", "members"]
CHANGES = ["zone_add", "door_add", "device_add", "notice_draft", "retention", "member_add", "settings"]
LISTS = ["today", "premises", "devices", "notices", "members"]
# A list asks at most fifteen; today reads every part of the property once.
MOST = {"today": 46, "notices": 16, "devices": 17}


@pytest.mark.parametrize("page", [*READS, *CHANGES])
def test_a_stranger_sees_nothing(tenant: Property, at: Callable[..., str], page: str) -> None:
    client = Client()
    assert "/accounts/login/" in client.get(at(page))["Location"]
    client.force_login(factories.make_member(factories.make_property()))
    assert client.get(at(page)).status_code == 404


@pytest.mark.parametrize("page", CHANGES)
def test_an_auditor_changes_nothing(at: Callable[..., str], as_role: Callable[[Role], Client], page: str) -> None:
    assert as_role(Role.AUDITOR).post(at(page)).status_code == 403


@pytest.mark.parametrize("page", READS)
def test_an_auditor_is_offered_no_change(at: Callable[..., str], as_role: Callable[[Role], Client], page: str) -> None:
    body = as_role(Role.AUDITOR).get(at(page)).content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    # How a member looks at a list is their own.
    assert 'method="post"' not in re.sub(r'<form class="list-choice[^>]*>', "", main)


@pytest.mark.parametrize("name", ["zone_edit", "door_edit", "device", "device_retire", "device_pairing"])
def test_a_row_of_another_property_does_not_exist(
    client: Client, tenant: Property, at: Callable[..., str], name: str
) -> None:
    device, _code = factories.make_device(factories.make_property())
    row = {"zone_edit": device.access_point.zone, "door_edit": device.access_point}.get(name, device)
    assert client.get(at(name, row)).status_code == 404


@pytest.mark.parametrize("page", LISTS)
def test_a_page_asks_the_same_of_the_database_for_three_rows_and_for_thirty(
    client: Client, tenant: Property, at: Callable[..., str], queries: Callable[[Callable[[], Any]], int], page: str
) -> None:
    def fill(count: int) -> None:
        for _each in range(count):
            device, _code = factories.make_device(tenant)
            factories.make_door(tenant, device.access_point.zone, methods=(MethodKind.FACE,))
            factories.make_member(tenant, Role.AUDITOR)
            factories.make_person(tenant)

    def look() -> None:
        assert client.get(address).status_code == 200

    factories.make_notice(tenant)
    fill(3)
    address = at(page)
    look()
    few = queries(look)
    at(page)
    fill(27)
    many = queries(look)
    assert many == few
    assert few <= MOST.get(page, 15)


def test_no_page_carries_a_style_or_a_script_of_its_own(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    device, _code = factories.make_device(tenant)
    notice = factories.make_notice(tenant)
    member = Membership.objects.filter(tenant=tenant).first()
    addresses = [at(page) for page in READS] + [at("settings"), at("member_add"), at("member_edit", member)]
    addresses += [at("device", device), at("notice", notice), at("notice_preview", notice), at("notice_poster", notice)]
    for address in addresses:
        page = client.get(address).content.decode()
        assert " style=" not in page
        assert " onclick=" not in page
        assert "<script>" not in page
