"""Which devices a change stops or starts is asked before it, as it will really be, and said after it."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from portal.web.reads.effects import MOST_NAMED, sentences
from tenants.clearance.services import activate_device
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.premises.kinds import DeviceState, ZoneKind
from tenants.premises.models import AccessMethod, AccessPoint, Device
from tenants.premises.services import devices as device_services
from tests import factories

pytestmark = pytest.mark.django_db

At = Callable[..., str]
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
CONFIRMED = {"confirmed": "on"}
FREE, ELSEWHERE = {}, {"distance_m": 50}


def narrow(tenant: Property, count: int = 1, methods: Any = ("face", "card")) -> tuple[AccessPoint, list[Device]]:
    """A door with active devices, assessed as they are and no further: only a lobby."""
    door = factories.make_door(tenant, methods=methods)
    first, _code = factories.make_device(tenant, door)
    factories.make_notice(tenant)
    factories.make_assessment(tenant)
    activate_device(tenant=tenant, device=first)
    first.refresh_from_db()
    copies = []
    for number in range(count - 1):
        copy = Device.objects.get(pk=first.pk)
        copy.pk, copy.name = uuid.uuid4(), f"终端副本{number}"
        copies.append(copy)
    return door, [first, *Device.objects.bulk_create(copies)]


def states(tenant: Property) -> set[str]:
    enter_tenant(tenant.pk)
    return set(Device.objects.filter(tenant=tenant).values_list("state", flat=True))


def said(answer: Any) -> str:
    return " | ".join(str(message) for message in answer.context["messages"])


def asked(answer: Any) -> str:
    return " | ".join(str(effect) for effect in answer.context["effects"])


def door_data(door: AccessPoint, **change: Any) -> dict[str, Any]:
    return {"name": door.name, "zone": door.zone_id, "methods": ["face", "card"]} | change


def device_data(device: Device, **change: Any) -> dict[str, Any]:
    facts = {name: getattr(value, "value", value) for name, value in factories.DEVICE_FACTS.items()}
    kept = {"name": device.name, "mode": device.mode, "access_point": device.access_point_id}
    return facts | {"tested_on": device.tested_on} | kept | change


def test_a_kind_of_place_that_is_not_assessed_names_all_200_devices(client: Client, tenant: Property, at: At) -> None:
    door, made = narrow(tenant, 200)
    data = {"name": door.zone.name, "kind": "corridor", "level": "area"}
    question = asked(client.post(at("zone_edit", door.zone), data, **ENGLISH))
    assert states(tenant) == {"active"}
    done = client.post(at("zone_edit", door.zone), data | CONFIRMED, follow=True, **ENGLISH)
    assert states(tenant) == {"suspended"}
    for text in (question, said(done)):
        assert "200 devices" in text
        assert "This kind of place is not in the assessment" in text
        assert all(device.name in text for device in made)
    back = client.post(at("zone_edit", door.zone), data | {"kind": "lobby"}, follow=True, **ENGLISH)
    assert states(tenant) == {"active"}
    assert "200 devices use faces again" in said(back)


def test_the_question_and_the_answer_ask_the_same_number_of_times_for_one_device_and_for_many(
    client: Client, tenant: Property, at: At
) -> None:
    """Beside what each row that changes costs: it is locked, read for the log, written and logged."""

    def reads(change: dict[str, str]) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.post(at("zone_edit", door.zone), data | change, follow=True)
        asked = [query["sql"] for query in captured.captured_queries if query["sql"].startswith("SELECT")]
        return sum('"premises_device"."id" = ' not in sql for sql in asked)

    door, made = narrow(tenant, 30)
    data = {"name": door.zone.name, "kind": "corridor", "level": "area"}
    enter_tenant(tenant.pk)
    for device in made[1:]:
        device_services.suspend(tenant=tenant, device=device)
    few = [reads({}), reads(CONFIRMED)]
    client.post(at("zone_edit", door.zone), data | {"kind": "lobby"})
    enter_tenant(tenant.pk)
    Device.objects.filter(tenant=tenant).update(state=DeviceState.ACTIVE, suspended_for="")
    assert [reads({}), reads(CONFIRMED)] == few


def test_a_card_that_costs_money_asks_stops_and_starts_again(client: Client, tenant: Property, at: At) -> None:
    door, [device] = narrow(tenant)
    address = at("door_edit", door)
    question = client.post(address, door_data(door, card_fee="5"), **ENGLISH)
    assert f"“{device.name}” stops using faces at once" in asked(question)
    assert states(tenant) == {"active"}
    done = client.post(address, door_data(door, card_fee="5") | CONFIRMED, follow=True, **ENGLISH)
    assert f"“{device.name}” was suspended" in said(done)
    back = client.post(address, door_data(door, card_fee="0"), follow=True, **ENGLISH)
    assert f"“{device.name}” uses faces again" in said(back)
    assert states(tenant) == {"active"}


def test_every_value_of_the_door_travels_through_the_question(client: Client, tenant: Property, at: At) -> None:
    door, [_device] = narrow(tenant)
    terms = {"card_opens_at": "06:00", "card_closes_at": "23:00", "card_steps": "2", "card_extra_papers": "on"}
    question = client.post(at("door_edit", door), door_data(door, **terms), **ENGLISH)
    sent = {}
    for field in question.context["form"]:
        value = field.field.widget.format_value(field.value())
        if value not in (None, "", []):
            sent[field.html_name] = value
    client.post(at("door_edit", door), sent | CONFIRMED)
    enter_tenant(tenant.pk)
    card = AccessMethod.objects.get(access_point=door, kind="card")
    assert (str(card.opens_at), str(card.closes_at), card.steps, card.extra_papers) == ("06:00:00", "23:00:00", 2, True)


def test_a_door_that_moves_into_a_bath_and_one_that_loses_its_last_other_way_ask(
    client: Client, tenant: Property, at: At
) -> None:
    door, [device] = narrow(tenant)
    bath = factories.make_zone(tenant, ZoneKind.BATH)
    for change in ({"zone": bath.pk}, {"methods": ["face"]}):
        assert device.name in asked(client.post(at("door_edit", door), door_data(door, **change), **ENGLISH))
        assert states(tenant) == {"active"}
    enter_tenant(tenant.pk)
    assert AccessPoint.objects.get(pk=door.pk).zone_id == door.zone_id, "The rehearsal was taken back"
    assert not LogEntry.objects.filter(object_pk=str(door.pk), changes__has_key="zone").exclude(action=0).exists()


def test_a_free_card_that_fails_while_a_desk_is_50_m_away(client: Client, tenant: Property, at: At) -> None:
    door, [device] = narrow(tenant, methods={"face": {}, "card": FREE, "desk": ELSEWHERE})
    card = door.methods.get(kind="card")
    done = client.post(at("method_toggle", card), {"is_live": "0"}, follow=True, **ENGLISH)
    assert f"“{device.name}” was suspended" in said(done)
    back = client.post(at("method_toggle", card), {"is_live": "1"}, follow=True, **ENGLISH)
    assert f"“{device.name}” uses faces again" in said(back)
    since = timezone.localtime() - timedelta(hours=1)
    late = client.post(at("method_since", card), {"since": since.strftime("%Y-%m-%dT%H:%M")}, follow=True, **ENGLISH)
    assert f"“{device.name}” was suspended" in said(late)


def test_an_emptied_capture_area_asks_stops_and_starts_again(client: Client, tenant: Property, at: At) -> None:
    _door, [device] = narrow(tenant)
    address = at("device_edit", device)
    question = client.post(address, device_data(device, capture_area=""), **ENGLISH)
    assert f"“{device.name}” stops using faces at once: The capture area is not described." in asked(question)
    done = client.post(address, device_data(device, capture_area="") | CONFIRMED, follow=True, **ENGLISH)
    assert f"“{device.name}” was suspended: The capture area is not described." in said(done)
    back = client.post(address, device_data(device), follow=True, **ENGLISH)
    assert f"“{device.name}” uses faces again" in said(back)


def test_the_same_generation_of_the_algorithm_asks_nothing_and_stops_nothing(
    client: Client, tenant: Property, at: At
) -> None:
    _door, [device] = narrow(tenant)
    client.post(at("device_edit", device), device_data(device, algorithm_version="3.2.2"))
    enter_tenant(tenant.pk)
    device.refresh_from_db()
    assert (device.algorithm_version, device.state) == ("3.2.2", DeviceState.ACTIVE)


def test_a_device_that_moves_to_another_door_waits_for_a_photo_of_the_sign_there(
    client: Client, tenant: Property, at: At
) -> None:
    _door, [device] = narrow(tenant)
    other = factories.make_door(tenant)
    data = device_data(device, access_point=other.pk)
    assert "stops using faces at once" in asked(client.post(at("device_edit", device), data, **ENGLISH))
    client.post(at("device_edit", device), data | CONFIRMED)
    enter_tenant(tenant.pk)
    device.refresh_from_db()
    assert (device.access_point_id, device.state, device.sign_photo_on) == (other.pk, DeviceState.SUSPENDED, None)
    photo = SimpleUploadedFile("sign.jpg", factories.sign_photo(), "image/jpeg")
    form = {"taken_on": timezone.localdate().isoformat(), "picture": photo}
    done = client.post(at("device_sign", device), form, follow=True, **ENGLISH)
    assert f"“{device.name}” uses faces again" in said(done)


def test_a_private_place_is_refused_beside_the_door(client: Client, tenant: Property, at: At) -> None:
    device, _code = factories.make_device(tenant)
    bath = factories.make_door(tenant, factories.make_zone(tenant, ZoneKind.BATH))
    answer = client.post(at("device_edit", device), device_data(device, access_point=bath.pk))
    assert set(answer.context["form"].errors) == {"access_point"}


def test_of_more_names_than_a_sentence_bears_the_rest_is_counted() -> None:
    many = [Device(name=f"D{number}") for number in range(MOST_NAMED + 7)]
    with override("en"):
        [text] = sentences({"why": many}, "", "%(count)s: %(devices)s (%(reason)s)")
    assert text.startswith(f"{MOST_NAMED + 7}: D0")
    assert text.endswith("and 7 more (why)")


def test_retiring_the_device_that_made_the_assessment_stale_starts_the_others(
    client: Client, tenant: Property, at: At
) -> None:
    door, [device] = narrow(tenant)
    enter_tenant(tenant.pk)
    other, _code = factories.make_device(tenant, door)
    activate_device(tenant=tenant, device=other)
    client.post(at("device_edit", other), device_data(other, vendor="另一厂商") | CONFIRMED)
    assert states(tenant) == {"suspended"}
    done = client.post(at("device_retire", other), follow=True, **ENGLISH)
    assert f"“{device.name}” uses faces again" in said(done)


def test_the_end_of_a_stop_names_what_works_again(client: Client, tenant: Property, at: At) -> None:
    _door, [device] = narrow(tenant)
    client.post(at("faces_stop"), {"reason": "法院裁定"})
    assert states(tenant) == {"suspended"}
    assert f"“{device.name}” uses faces again" in said(client.post(at("faces_release"), follow=True, **ENGLISH))
