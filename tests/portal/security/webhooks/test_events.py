"""Each event is written in the transaction of what it speaks of, to who wants it, and names nobody."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from portal.security.alerts import delivering
from portal.security.alerts.raising import ring
from portal.security.models import AlertDelivery, WebhookEndpoint
from portal.security.webhooks import endpoints, messages, watching
from portal.security.webhooks.events import OF_TIME, SOURCES, Event
from tenants.organizations.models import Property, User
from tenants.organizations.scoping import enter_tenant
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.premises.models import Device
from tenants.premises.services import devices
from tenants.rights.services import complaints, requests
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.portal.security.alerts.receivers import Receiver, receiving
from tests.recognition.steps import enroll, erase
from tests.roles import database_role

pytestmark = pytest.mark.django_db
Told = list[tuple[str, dict[str, Any]]]


def listen(tenant: Property, *events: Event, url: str = "https://hook.example/") -> WebhookEndpoint:
    return endpoints.add(tenant=tenant, url=url, events=events or list(Event))[0]


def told(tenant: Property) -> Told:
    enter_tenant(tenant.pk)
    rows = AlertDelivery.objects.filter(tenant=tenant.pk, channel="webhook").order_by("created_at")
    return [(row.event, row.payload) for row in rows]


def test_the_life_of_a_face_is_told_by_ids_alone(tenant: Property) -> None:
    factories.make_active_device(tenant)
    listen(tenant, Event.CONSENT_CHANGED, Event.ENROLLMENT_CHANGED, Event.ERASURE_COMPLETED)
    person, visit = factories.make_consented_person(tenant)
    enroll(tenant, person, "li")
    erasure = erase(withdraw(visit=visit))
    said = told(tenant)
    assert [what["face_state"] for event, what in said if event == "enrollment.changed"] == [
        "consented", "captured", "enrolled", "erasing", "erased",
    ]  # fmt: skip
    answers = [(what["decision"], what["withdrawn_at"] is not None) for e, what in said if e == "consent.changed"]
    assert answers == [("agree", False)] * 2 + [("agree", True)] * 2
    assert [what["erasure"] for event, what in said if event == "erasure.completed"] == [str(erasure.pk)]
    assert {what["person"] for _event, what in said} == {str(person.pk)}
    assert person.identity.name not in str(said)


def test_what_people_ask_and_complain_of_is_told_without_their_words(tenant: Property, owner: User) -> None:
    listen(tenant)
    request, _code = requests.receive(tenant=tenant, kind="access", name="李阿姨", contact="13800138000", message="快")
    requests.take_back(tenant=tenant, request=request)
    complaint, _code = complaints.receive(tenant=tenant, text="摄像头对着我家门", name="李阿姨")
    complaints.answer(tenant=tenant, complaint=complaint, actor=owner, text="已转向")
    said = told(tenant)
    assert [event for event, _what in said] == [
        "request.received", "request.closed", "complaint.received", "complaint.answered",
    ]  # fmt: skip
    assert said[0][1] == {
        "request": str(request.pk), "number": request.number, "kind": "access", "state": "received",
        "due_on": request.due_on.isoformat(), "person": None,
    }  # fmt: skip
    assert said[1][1]["state"] == "taken_back" and said[3][1]["number"] == complaint.number
    assert not [word for word in ("李阿姨", "138", "摄像头", "已转向", "快") if word in str(said)]


def test_devices_and_notices_are_told(tenant: Property) -> None:
    listen(tenant, Event.DEVICE_ACTIVATED, Event.DEVICE_SUSPENDED, Event.NOTICE_PUBLISHED)
    device, _code = factories.make_active_device(tenant)
    devices.suspend(tenant=tenant, device=device)
    said = told(tenant)
    assert [event for event, _what in said] == ["notice.published", "device.activated", "device.suspended"]
    assert said[0][1]["version"] == 1
    assert (said[2][1]["device"], said[2][1]["suspended_for"]) == (str(device.pk), "manual")


def test_many_rows_changed_at_once_are_each_told_and_a_change_undone_is_not(tenant: Property) -> None:
    listen(tenant, Event.ENROLLMENT_CHANGED)
    people = [factories.make_person(tenant) for _number in range(3)]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Person.objects.filter(tenant=tenant).update(face_state=FaceState.ERASED)
        assert len(told(tenant)) == 3
        raise ZeroDivisionError
    assert told(tenant) == []
    # The worker that looks at faces sees neither an address nor a message, and what it does is told all the same.
    with database_role("recognition"):
        Person.objects.filter(tenant=tenant).update(face_state=FaceState.ERASED)
    assert {what["person"] for _event, what in told(tenant)} == {str(person.pk) for person in people}


def test_only_who_wants_it_is_told_and_no_other_property(tenant: Property) -> None:
    listen(tenant, Event.COMPLAINT_RECEIVED)
    two = [listen(tenant, Event.REQUEST_RECEIVED) for _number in range(2)]
    endpoints.end(tenant=tenant, endpoint=listen(tenant, Event.REQUEST_RECEIVED))
    foreign = factories.make_property()
    listen(foreign)
    enter_tenant(tenant.pk)
    requests.receive(tenant=tenant, kind="access", name="李", contact="138")
    enter_tenant(tenant.pk)
    rows = AlertDelivery.objects.filter(channel="webhook")
    assert {row.endpoint_id for row in rows} == {endpoint.pk for endpoint in two} and len(rows) == 2
    assert told(foreign) == []


def test_a_message_arrives_as_it_was_when_it_happened(tenant: Property) -> None:
    with receiving(Receiver()) as receiver:
        listen(tenant, Event.DEVICE_SUSPENDED, url=receiver.url)
        device, _code = factories.make_active_device(tenant)
        devices.suspend(tenant=tenant, device=device)
        devices.retire(tenant=tenant, device=device)
        delivering.deliver(tenant_id=tenant.pk)
    [got] = receiver.got
    said = json.loads(got.body)
    assert (said["type"], said["data"]["state"], said["data"]["property"]) == (
        "device.suspended", "suspended", str(tenant.pk),
    )  # fmt: skip


def test_what_only_time_brings_is_told_once(tenant: Property) -> None:
    listen(tenant, *OF_TIME)
    device, _code = factories.make_active_device(tenant)
    now = timezone.now()
    heard = now - timedelta(hours=2)
    factories.rewrite(Device.objects.filter(pk=device.pk), pairing_used_at=heard, last_seen_at=heard)
    request, _code = requests.receive(tenant=tenant, kind="access", name="李", contact="138")
    later, _code = requests.receive(tenant=tenant, kind="copy", name="李", contact="138")
    factories.rewrite(type(request).objects.filter(pk=request.pk), due_on=timezone.localdate(now))
    for _look in range(2):
        enter_tenant(tenant.pk)
        watching.watch_property(tenant_id=tenant.pk, now=now)
    said = dict(told(tenant))
    assert len(told(tenant)) == 2
    assert said["device.silent"]["device"] == str(device.pk) and said["device.silent"]["since"] == heard.isoformat()
    assert said["request.due_soon"]["number"] == request.number != later.number
    factories.rewrite(Device.objects.filter(pk=device.pk), last_seen_at=heard + timedelta(minutes=30))
    enter_tenant(factories.make_property().pk)
    watching.watch()
    assert len(told(tenant)) == 3, "silent again, after it was heard: another occasion"


def test_after_a_month_messages_about_events_are_forgotten_and_those_about_alerts_stay(tenant: Property) -> None:
    listen(tenant)
    ring("mass_reading", tenant.pk, "user:aaaa", {}, timezone.now())
    complaints.receive(tenant=tenant, text="吵")
    requests.receive(tenant=tenant, kind="access", name="李", contact="138")
    enter_tenant(tenant.pk)
    old = AlertDelivery.objects.filter(channel="webhook", event__in=["alert.rang", "complaint.received"])
    factories.rewrite(old, created_at=timezone.now() - messages.KEPT)
    factories.rewrite(AlertDelivery.objects.filter(channel="webhook"), state="sent")
    enter_tenant(factories.make_property().pk)
    assert messages.forget() == 1
    assert [event for event, _what in told(tenant)] == ["alert.rang", "request.received"]


def test_there_are_ten_at_most_and_each_wants_something(tenant: Property) -> None:
    for events in ([], ["alert.rang", "no.such"], ["webhook.test"]):
        with pytest.raises(ValidationError) as refused:
            endpoints.add(tenant=tenant, url="https://hook.example/", events=events)
        assert refused.value.error_dict["events"][0].code == "unknown_event"
    for _number in range(10):
        listen(tenant)
    with pytest.raises(ValidationError) as refused:
        listen(tenant)
    assert refused.value.error_list[0].code == "too_many"


def test_every_event_has_a_source() -> None:
    assert {source.event for source in SOURCES} | {*OF_TIME, Event.ALERT} == set(Event)
