"""Today and the front door."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from recognition.edge.kinds import AlarmKind
from recognition.edge.services.alarms import record_alarm
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.members import add_member
from tenants.people.kinds import ConsentDecision
from tenants.premises.kinds import MethodKind
from tenants.premises.services.devices import stop_for_copied_key
from tenants.premises.services.doors import set_method_live
from tenants.rights.models import RightsRequest
from tenants.rights.services.requests import receive
from tests import factories
from tests.tenants.clearance.clock import Clock

pytestmark = pytest.mark.django_db


def titles(client: Client, address: str) -> list[str]:
    return [item["title"] for item in client.get(address, HTTP_ACCEPT_LANGUAGE="en").context["todo"]]


def test_a_stranger_signs_in(db: None) -> None:
    assert Client().get("/")["Location"] == reverse("account_login")


def test_a_member_lands_in_the_property_worked_in_last(client: Client, tenant: Property, owner: User) -> None:
    other = factories.make_property()
    add_member(tenant=other, email=owner.email, role=Role.OWNER)
    assert client.get("/")["Location"] == reverse("today", args=[tenant.slug])
    client.get(reverse("today", args=[other.slug]))
    assert client.get("/")["Location"] == reverse("today", args=[other.slug])


def test_who_belongs_nowhere_is_told_so(db: None) -> None:
    user = User.objects.create_user("lost@example.com")
    client = Client()
    client.force_login(user)
    assert "lost@example.com" in client.get("/").content.decode()


def test_a_failed_card_reader_is_the_first_thing_to_mend(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    device, _code = factories.make_active_device(tenant)
    card = device.access_point.methods.get(kind=MethodKind.CARD)
    set_method_live(tenant=tenant, method=card, is_live=False)
    answer = client.get(at("today"), HTTP_ACCEPT_LANGUAGE="en")
    first = answer.context["todo"][0]
    assert device.name in first["title"]
    assert first["url"] == at("door_edit", device.access_point)
    assert answer.context["facts"].open_doors == 0


def test_a_property_without_a_notice_says_that_first(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    factories.make_device(tenant)
    assert titles(client, at("today")) == ["No impact assessment is signed", "No notice is published"]


def test_everything_in_order_says_so(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    factories.make_active_device(tenant)
    assert titles(client, at("today")) == []


def test_an_alarm_says_what_to_do_and_a_copied_key_is_said_once(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    device = factories.make_active_device(tenant)[0]
    for kind in AlarmKind:
        record_alarm(device=device, kind=kind)
    stop_for_copied_key(tenant=tenant, device=device)
    items = client.get(at("today"), HTTP_ACCEPT_LANGUAGE="en").context["todo"]
    alarms = [item for item in items if item["badge"] == "Alarm"]
    rest = next(item for item in items if item.get("count"))
    assert len(alarms) + rest["count"] == len(AlarmKind) - 1
    assert {item["tone"] for item in [*alarms, rest]} == {"due"}, "what was refused stops no face at a door"
    assert sum("Two machines" in item["title"] for item in items) == 1
    assert all(" 1 time " in item["detail"] for item in alarms)
    assert not any("clock" in item["title"] for item in alarms), "what an old battery does comes last"


def test_answers_are_counted(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    factories.make_consented_person(tenant)
    factories.agree(factories.make_visit(tenant), ConsentDecision.DECLINE)
    factories.make_person(tenant)
    people = client.get(at("today")).context["facts"].people
    assert (people["agreed"], people["declined"], people["unanswered"]) == (1, 1, 1)


def test_an_auditor_sees_no_request_and_no_person(
    tenant: Property, at: Callable[..., str], as_role: Callable[[Role], Client]
) -> None:
    page = as_role(Role.AUDITOR).get(at("today")).content.decode()
    enter_tenant(tenant.pk)
    assert at("requests") not in page
    assert at("people") not in page


def test_a_day_in_a_year_that_is_not_announced_is_only_the_earliest(
    tenant: Property, owner: User, at: Callable[..., str]
) -> None:
    with Clock(datetime(2026, 12, 28, 9, tzinfo=timezone.get_default_timezone())) as clock:
        request, _code = receive(tenant=tenant, kind="access", name="李", contact="13800138000")
        assert (request.due_on.year, request.is_due_final) == (2027, False)
        clock.passes(days=(request.due_on - clock.today).days - 2)
        client = Client(HTTP_ACCEPT_LANGUAGE="en")
        client.force_login(owner)
        page = client.get(at("today")).content.decode()
        assert "The last day to answer is not before 18 January 2027" in page
        assert "To be answered by" not in page
        assert "At least" in page
        clock.passes(days=4)
        client.force_login(owner)
        page = client.get(at("today")).content.decode()
        assert "May be overdue" in page
        assert "Overdue by" not in page


def test_a_day_that_is_certain_is_said_as_certain(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    request, _code = receive(tenant=tenant, kind="access", name="李", contact="13800138000")
    late = timezone.localdate() - timedelta(days=9)
    RightsRequest.objects.filter(pk=request.pk).update(due_on=late, is_due_final=True)
    page = client.get(at("today"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "To be answered by" in page
    assert "Overdue by" in page
