"""The page over all properties: numbers of one's own properties, from what was counted last, and nobody else's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.web.counting import count_all
from portal.web.reads.portfolio import FILING_AT, Handler, shares
from tenants.organizations.models import Membership, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import USER_SETTING, enter_tenant, set_local
from tenants.organizations.services.members import add_member
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.premises.models import Device
from tenants.rights.models import PropertyFigures, RightsRequest
from tenants.rights.services.requests import receive
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/portfolio/"


@pytest.fixture(autouse=True)
def _english(client: Client) -> None:
    client.cookies["django_language"] = "en"


@pytest.fixture
def busy(tenant: Property, owner: User) -> Property:
    """A property in which something of everything is to be counted."""
    enter_tenant(tenant.pk)
    device, _code = factories.make_active_device(tenant)
    long_ago = timezone.now() - timedelta(days=3)
    Device.objects.filter(pk=device.pk).update(pairing_used_at=long_ago, last_seen_at=long_ago)
    for state in (FaceState.ENROLLED, FaceState.ERASING, FaceState.INVITED):
        Person.objects.filter(pk=factories.make_person(tenant).pk).update(face_state=state)
    request, _code = receive(tenant=tenant, kind="access", name="李", contact="13800138000")
    RightsRequest.objects.filter(pk=request.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    receive(tenant=tenant, kind="access", name="王", contact="13800138001")
    return tenant


@pytest.fixture
def quiet(owner: User) -> Property:
    house = factories.make_property()
    add_member(tenant=house, email=owner.email, role=Role.OWNER)
    return house


def shown(client: Client, **asked: str) -> list[Property]:
    return [row["property"] for row in client.get(PAGE, asked).context["rows"]]


def test_every_property_is_counted_in_its_own_context(busy: Property, quiet: Property) -> None:
    assert count_all() == 2
    enter_tenant(busy.pk)
    row = PropertyFigures.objects.get()
    assert (row.people, row.faces, row.open_requests, row.overdue_requests) == (3, 2, 2, 1)
    assert (row.active_devices, row.suspended_devices, row.silent_devices) == (1, 0, 1)
    assert row.met and not row.blocking
    enter_tenant(quiet.pk)
    assert PropertyFigures.objects.get().blocking, "no notice and no assessment"
    Person.objects.all().delete()
    assert count_all() == 2, "a second run counts anew and adds no row"
    enter_tenant(quiet.pk)
    assert PropertyFigures.objects.count() == 1


def test_the_page_shows_own_properties_with_their_numbers(client: Client, busy: Property, quiet: Property) -> None:
    factories.make_property()
    count_all()
    answer = client.get(PAGE)
    rows = {row["property"]: row for row in answer.context["rows"]}
    assert set(rows) == {busy, quiet}
    assert rows[busy]["figures"].faces == 2
    page = answer.content.decode()
    assert "Overdue: 1" in page
    assert "Silent: 1" in page
    assert f"2 of {FILING_AT:,}" in page


def test_a_property_that_was_not_counted_yet_says_so(client: Client, tenant: Property) -> None:
    assert "Not counted yet" in client.get(PAGE).content.decode()


def test_search_filter_and_order(client: Client, busy: Property, quiet: Property) -> None:
    calm = factories.make_property()
    count_all()
    assert calm not in shown(client)
    assert shown(client, sort="people") == [busy, quiet]
    assert shown(client, q=quiet.slug) == [quiet]
    assert shown(client, show="attention", q=busy.slug) == [busy]
    enter_tenant(busy.pk)
    PropertyFigures.objects.filter(tenant=busy).update(
        blocking=0, overdue_requests=0, suspended_devices=0, silent_devices=0
    )
    assert busy not in shown(client, show="attention")
    assert shown(client) == [quiet, busy]
    assert set(shown(client, sort="nonsense")) == {busy, quiet}


def test_the_database_shows_figures_to_active_members_only(busy: Property, quiet: Property, owner: User) -> None:
    factories.make_property()
    count_all()
    set_local("consentry.tenant", "")
    assert PropertyFigures.objects.count() == 0
    set_local(USER_SETTING, str(owner.pk))
    assert {row.tenant_id for row in PropertyFigures.objects.all()} == {busy.pk, quiet.pk}
    enter_tenant(quiet.pk)
    Membership.objects.filter(tenant=quiet, user=owner).update(is_active=False)
    set_local("consentry.tenant", "")
    assert {row.tenant_id for row in PropertyFigures.objects.all()} == {busy.pk}


def test_the_page_costs_the_same_for_two_properties_and_for_ten(
    client: Client, busy: Property, quiet: Property, owner: User, queries: Callable[..., int]
) -> None:
    count_all()
    client.get(PAGE)
    few = queries(lambda: client.get(PAGE))
    for _ in range(8):
        add_member(tenant=factories.make_property(), email=owner.email, role=Role.OWNER)
    count_all()
    assert queries(lambda: client.get(PAGE)) == few


def test_a_stranger_signs_in_first(db: None) -> None:
    assert reverse("account_login") in Client().get(PAGE)["Location"]


def test_the_bar_of_a_handler_fills_at_the_threshold() -> None:
    def of(faces: int) -> Handler:
        return Handler("安居", 1, faces, faces, 0, 0, 0, 0, 0)

    assert [(of(n).percent, of(n).tone) for n in (0, 1, 80_000, 99_999, 250_000)] == [
        (0, "ok"),
        (1, "ok"),
        (80, "due"),
        (99, "due"),
        (100, "stop"),
    ]


def test_a_small_part_of_a_bar_is_seen_and_no_bar_is_too_long() -> None:
    parts = shares(("ok", 999), ("due", 0), ("stop", 1))
    assert [part["tone"] for part in parts] == ["ok", "stop"]
    assert sum(float(part["width"]) for part in parts) <= 60.01
    assert float(parts[1]["width"]) > 0
    assert shares(("ok", 0)) == []


def test_today_speaks_of_the_filing_when_it_comes_near(client: Client, busy: Property, quiet: Property) -> None:
    Property.objects.filter(pk=quiet.pk).update(handler=busy.handler)
    count_all()
    today = reverse("today", args=[busy.slug])

    def badges() -> list[str]:
        return [item["badge"] for item in client.get(today).context["todo"]]

    for tenant, faces in ((busy, 40_000), (quiet, 39_999)):
        enter_tenant(tenant.pk)
        PropertyFigures.objects.filter(tenant=tenant).update(faces=faces)
    assert "Filing" not in badges()
    enter_tenant(quiet.pk)
    PropertyFigures.objects.filter(tenant=quiet).update(faces=60_000)
    assert "Filing" in badges()
    assert "The company has to file. Faces stored: 100,000" in client.get(today).content.decode()
