"""Passes at a door, over HTTP, by a terminal that signs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from rest_framework.test import APIClient

from recognition.matching.models import DoorEvent
from recognition.matching.stores import expire_events
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people import codes
from tenants.people.models import Pass, Person
from tenants.people.services import passes
from tenants.premises.kinds import MethodKind
from tenants.premises.models import Device
from tenants.premises.services import devices
from tests import factories
from tests.signed_client import SignedClient

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/api/v1/device/pass/"
CARD = "0004567890AB"


@pytest.fixture
def tenant() -> Property:
    with transaction.atomic():
        return factories.make_property()


@pytest.fixture
def person(tenant: Property) -> Person:
    with tenant_context(tenant.pk):
        return factories.make_person(tenant)


@pytest.fixture
def door(tenant: Property) -> tuple[Device, APIClient]:
    """A terminal that is registered only: no assessment, no notice, no face."""
    methods = (MethodKind.FACE, MethodKind.CARD, MethodKind.PIN, MethodKind.QR)
    with tenant_context(tenant.pk):
        device, code = factories.make_device(tenant, factories.make_door(tenant, methods=methods))
    return device, SignedClient(code)


@pytest.fixture
def issue(tenant: Property, person: Person) -> Callable:
    def one(service: Callable, **fields: object) -> object:
        with tenant_context(tenant.pk):
            return service(tenant=tenant, person=person, **fields)

    return one


def events(tenant: Property) -> list[DoorEvent]:
    with tenant_context(tenant.pk):
        return list(DoorEvent.objects.order_by("at"))


def test_a_card_a_pin_and_a_code_open_and_are_written_down(
    tenant: Property, person: Person, door: tuple[Device, APIClient], issue: Callable
) -> None:
    _device, client = door
    issue(passes.issue_card, number=CARD)
    pin_pass, pin = issue(passes.issue_pin)
    qr = issue(passes.issue_qr)
    text = codes.qr_text(qr.pk, codes.totp(qr.pk, qr.generation).now())
    asked = [
        {"kind": "card", "card": "0004-5678-90ab"},
        {"kind": "pin", "number": pin_pass.pass_number, "pin": pin},
        {"kind": "qr", "qr": text},
    ]
    for payload in asked:
        answer = client.post(ADDRESS, payload, format="json")
        assert (answer.status_code, set(answer.json())) == (200, {"allowed", "rule", "sentence", "event"})
        assert (answer.json()["allowed"], answer.json()["rule"]) == (True, "pass_allowed")
        assert str(person.pk) not in answer.content.decode()
    written = events(tenant)
    assert [event.method for event in written] == ["card", "pin", "qr"]
    assert {(event.person_id, event.is_allowed, event.mode) for event in written} == {(person.pk, True, "")}
    assert not any(secret in str(vars(event)) for event in written for secret in (CARD, pin, text))


def test_a_code_that_was_used_is_refused_with_a_sentence(
    tenant: Property, door: tuple[Device, APIClient], issue: Callable
) -> None:
    _device, client = door
    qr = issue(passes.issue_qr)
    payload = {"kind": "qr", "qr": codes.qr_text(qr.pk, codes.totp(qr.pk, qr.generation).now())}
    first, second = (client.post(ADDRESS, payload, format="json").json() for _time in range(2))
    assert (first["allowed"], second["allowed"], second["rule"]) == (True, False, "pass_used_code")
    assert "used already" in second["sentence"]


def test_an_unknown_card_names_nobody(tenant: Property, door: tuple[Device, APIClient]) -> None:
    _device, client = door
    answer = client.post(ADDRESS, {"kind": "card", "card": "99999999"}, format="json").json()
    assert (answer["allowed"], answer["rule"]) == (False, "pass_unknown_card")
    (event,) = events(tenant)
    assert (str(event.pk), event.person_id, event.is_allowed) == (answer["event"], None, False)


def test_a_suspended_terminal_still_takes_passes_and_a_retired_one_is_not_heard(
    tenant: Property, issue: Callable
) -> None:
    with tenant_context(tenant.pk):
        device, code = factories.make_active_device(tenant)
        devices.suspend(tenant=tenant, device=device)
    client = SignedClient(code)
    issue(passes.issue_card, number=CARD)
    assert client.post(ADDRESS, {"kind": "card", "card": CARD}, format="json").json()["allowed"] is True
    with tenant_context(tenant.pk):
        devices.retire(tenant=tenant, device=device)
    assert client.post(ADDRESS, {"kind": "card", "card": CARD}, format="json").status_code == 403


@pytest.mark.parametrize(
    ("payload", "field", "code"),
    [
        ({}, "kind", "required"),
        ({"kind": "face"}, "kind", "invalid_choice"),
        ({"kind": "card"}, "card", "required"),
        ({"kind": "pin", "number": "483920"}, "pin", "required"),
        ({"kind": "qr", "qr": ""}, "qr", "blank"),
        ({"kind": "card", "card": "1" * 65}, "card", "max_length"),
        ({"kind": "card", "card": CARD, "pin": "1"}, "pin", "unknown_field"),
        ({"kind": "card", "card": CARD, "emotion": "sad"}, "emotion", "unknown_field"),
    ],
)
def test_what_is_not_a_question_is_refused_beside_its_field(
    tenant: Property, door: tuple[Device, APIClient], payload: dict[str, str], field: str, code: str
) -> None:
    _device, client = door
    answer = client.post(ADDRESS, payload, format="json")
    assert (answer.status_code, answer.json()["errors"][field][0]["code"]) == (400, code)
    assert events(tenant) == []


def test_a_member_and_a_stranger_ask_nothing_here(tenant: Property) -> None:
    client = APIClient()
    assert client.post(ADDRESS, {"kind": "card", "card": CARD}, format="json").status_code == 401
    with tenant_context(tenant.pk):
        client.force_login(factories.make_member(tenant))
    assert client.post(ADDRESS, {"kind": "card", "card": CARD}, format="json").status_code == 401


def test_events_of_passes_go_with_the_same_clock(
    tenant: Property, door: tuple[Device, APIClient], issue: Callable
) -> None:
    _device, client = door
    issue(passes.issue_card, number=CARD)
    client.post(ADDRESS, {"kind": "card", "card": CARD}, format="json")
    with tenant_context(tenant.pk):
        DoorEvent.objects.update(at=timezone.now() - timedelta(days=tenant.event_days + 1))
        assert expire_events(tenant=tenant) == 1
        assert Pass.objects.count() == 1


def test_members_see_and_filter_events_by_method(
    tenant: Property, door: tuple[Device, APIClient], issue: Callable
) -> None:
    _device, terminal = door
    issue(passes.issue_card, number=CARD)
    terminal.post(ADDRESS, {"kind": "card", "card": CARD}, format="json")
    terminal.post(ADDRESS, {"kind": "qr", "qr": "nothing"}, format="json")
    client = APIClient(HTTP_ACCEPT_LANGUAGE="en")
    with tenant_context(tenant.pk):
        client.force_login(factories.make_member(tenant))
    url = f"/api/v1/properties/{tenant.slug}/events/"
    rows = client.get(url, {"method": "card"}).json()["results"]
    assert [(row["method"], row["mode"], row["rule"]) for row in rows] == [("card", "", "pass_allowed")]
    page = client.get(f"/t/{tenant.slug}/events/", {"method": "qr"}).content.decode()
    assert "This code is not valid" in page
    assert "The pass is valid" not in page
