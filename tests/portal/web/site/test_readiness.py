"""Readiness: every duty with its state, at any size; the switch that stops all faces; a past day."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone, translation
from rest_framework.test import APIClient

from portal.web.reads.checks import mend
from recognition.engine import liveness, weights
from tenants.clearance.checks import Mend, article_name, blockers
from tenants.clearance.duties import Status
from tenants.clearance.rules import devices, places, sites
from tenants.clearance.services import check_device
from tenants.organizations.access import get_tenant
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission, Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.properties import update_property
from tenants.people.kinds import FaceState
from tenants.people.models import Consent, Person, PersonIdentity
from tenants.people.services.persons import move_face
from tenants.premises.kinds import DeviceState, MethodKind, ZoneKind
from tenants.premises.models import Device, Zone
from tenants.premises.services.devices import register
from tenants.premises.services.zones import update_zone
from tenants.rights.duties import readiness
from tenants.rights.models import RightsRequest
from tenants.rights.services.requests import receive
from tenants.rights.services.withdrawals import withdraw
from tenants.transparency.rules.assessments import TEXTS
from tenants.transparency.services import assessments, notices
from tests import factories
from tests.architecture.catalogue import execute
from tests.roles import database_role

pytestmark = pytest.mark.django_db

At = Callable[..., str]


def rows(client: Client, address: str) -> dict[str, dict[str, object]]:
    groups = client.get(address, HTTP_ACCEPT_LANGUAGE="en").context["groups"]
    return {row["code"]: row for group in groups for row in group["rows"]}


def test_every_duty_of_the_gate_is_listed_and_more(client: Client, tenant: Property, at: At) -> None:
    found = rows(client, at("readiness"))
    codes = {rule.code for rule in (*sites.RULES, *places.RULES, *devices.RULES)}
    rights = {"requests_overdue", "complaints_overdue", "erasures_waiting", "ledger_not_whole", "access_not_reviewed"}
    assert codes | rights == set(found)
    assert all(row["article"] for row in found.values())


@pytest.mark.parametrize("setting", ["auto", "off"])
def test_an_absent_liveness_test_is_said_and_blocks_nothing(
    client: Client, tenant: Property, at: At, settings: Any, tmp_path: Path, setting: str
) -> None:
    settings.DEEPFACE_HOME, settings.FACE_ANTI_SPOOFING = tmp_path, setting
    factories.make_active_device(tenant)
    page = client.get(at("readiness"), HTTP_ACCEPT_LANGUAGE="en")
    assert "No liveness test here" in page.content.decode()
    assert page.context["score"]["blocking"] == 0


def test_a_liveness_test_that_is_there_is_not_praised(
    client: Client, tenant: Property, at: At, settings: Any, tmp_path: Path
) -> None:
    settings.DEEPFACE_HOME = tmp_path
    weights.folder(tmp_path).mkdir(parents=True)
    for name in liveness.FILES:
        (weights.folder(tmp_path) / name).touch()
    assert "Nobody has certified it" in client.get(at("readiness"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    update_property(tenant=tenant, storage_mode="on_device")
    assert "liveness" not in client.get(at("readiness"), HTTP_ACCEPT_LANGUAGE="en").content.decode()


def test_an_empty_property_is_told_what_blocks_and_where_to_begin(client: Client, tenant: Property, at: At) -> None:
    found = rows(client, at("readiness"))
    assert found["no_assessment"]["tone"] == found["no_notice"]["tone"] == "stop"
    assert found["no_notice"]["url"] == at("notices")
    assert found["face_only"]["tone"] == "neutral", "There is no door to judge yet"
    assert at("setup") in client.get(at("readiness")).content.decode()


def test_a_lawful_property_has_nothing_that_blocks(client: Client, tenant: Property, at: At) -> None:
    factories.make_active_device(tenant)
    found = rows(client, at("readiness"))
    assert {row["tone"] for row in found.values()} == {"ok"}
    assert found["no_sign"]["evidence"] == "1 of 1 devices"


def test_the_row_of_a_broken_rule_leads_to_the_device_that_breaks_it(client: Client, tenant: Property, at: At) -> None:
    factories.make_active_device(tenant)
    device, _code = factories.make_device(tenant, capture_area="")
    row = rows(client, at("readiness"))["no_capture_area"]
    assert (row["tone"], row["evidence"]) == ("stop", "1 of 2 devices")
    assert (row["first"].pk, row["url"]) == (device.pk, at("device_edit", device))


def test_nothing_is_called_met_that_is_not_there_yet(client: Client, tenant: Property, at: At) -> None:
    """One device of which nothing is known, at a door with a face alone; nothing signed, published or photographed."""
    handler = tenant.handler
    handler.contract_signed_on = None
    handler.save()
    register(tenant=tenant, access_point=factories.make_door(tenant, methods=(MethodKind.FACE,)), name="终端")
    device, _code = factories.make_device(tenant)
    Device.objects.filter(pk=device.pk).update(sign_photo_on=None)
    found = rows(client, at("readiness"))
    untrue = {"contract_over", "assessment_stale", "notice_other_storage", "sign_old"}
    untrue |= {f"{part}_not_assessed" for part in ("purpose", "mode", "vendor", "algorithm", "place", "storage")}
    assert {code for code in untrue if found[code]["tone"] != "neutral"} == set()
    # Where a rule applies to one of the two devices, only that one counts.
    for code in ("other_way_costs", "false_accept"):
        assert (found[code]["tone"], found[code]["evidence"]) == ("ok", "1 of 1 devices")
    groups = client.get(at("readiness")).context["groups"]
    met = [row["code"] for group in groups for row in group["rows"] if row["tone"] == "ok"]
    assert untrue.isdisjoint(met)
    assert sum(group["met"] for group in groups) == len(met)


def test_what_cannot_be_spoken_of_yet_blocks_once(client: Client, tenant: Property) -> None:
    """The gate answers as before: what is missing blocks by its own rule, and only by that."""
    device, _code = factories.make_device(tenant)
    blocked = [check.code for check in blockers(check_device(device))]
    assert blocked == ["no_assessment", "no_notice"]


@pytest.mark.parametrize("is_lawful", [False, True])
def test_the_api_says_the_same(client: Client, tenant: Property, owner: User, at: At, is_lawful: bool) -> None:
    if is_lawful:
        factories.make_active_device(tenant)
    factories.make_device(tenant, capture_area="")
    shown = rows(client, at("readiness"))
    api = APIClient(HTTP_ACCEPT_LANGUAGE="en")
    api.force_login(owner)
    duties = api.get(f"/api/v1/properties/{tenant.slug}/readiness/").json()["duties"]
    tones = {"met": "ok", "due": "due", "blocking": "stop", "nothing": "neutral"}
    enter_tenant(tenant.pk)
    devices_of = {str(device.pk): device for device in Device.objects.filter(tenant=tenant)}

    def as_a_row(duty: dict[str, Any]) -> tuple[Any, ...]:
        device = devices_of.get(duty["device"])
        is_open = duty["status"] in {"due", "blocking"}
        url, _label = (
            mend(tenant=_granted(tenant, owner), to=Mend(duty["mend"]), device=device) if is_open else ("", "")
        )
        return tones[duty["status"]], article_name(duty["article"]), duty["evidence"], device, url

    with translation.override("en"):
        said = {duty["code"]: as_a_row(duty) for duty in duties}
    names = ("tone", "article", "evidence", "first", "url")
    assert said == {code: tuple(row[name] for name in names) for code, row in shown.items()}


def _granted(tenant: Property, user: User) -> Property:
    return get_tenant(user=user, slug=tenant.slug, permission=Permission.VIEW_HOME)


def test_what_is_overdue_leads_to_where_it_is_answered(client: Client, tenant: Property, at: At) -> None:
    person, visit = factories.make_consented_person(tenant)
    move_face(person=person, target=FaceState.ENROLLED, enrolled_on=timezone.localdate())
    withdraw(visit=visit)
    asked, _code = receive(tenant=tenant, kind="access", name="李", contact="13800138000")
    RightsRequest.objects.filter(pk=asked.pk).update(due_on=timezone.localdate() - timedelta(days=9))
    found = rows(client, at("readiness"))
    links = {code: (found[code]["tone"], found[code]["url"]) for code in ("requests_overdue", "erasures_waiting")}
    assert links == {"requests_overdue": ("due", at("requests")), "erasures_waiting": ("due", at("erasures"))}


def test_where_children_may_use_their_face_their_rules_are_a_duty(client: Client, tenant: Property, at: At) -> None:
    factories.make_active_device(tenant)
    assert "no_minors_rules" not in rows(client, at("readiness"))
    enter_tenant(tenant.pk)
    update_property(tenant=tenant, allows_under_14=True)
    before = rows(client, at("readiness"))["no_minors_rules"]
    assert (before["tone"], before["url"]) == ("due", at("notices"))
    enter_tenant(tenant.pk)
    factories.make_notice(tenant)
    assert rows(client, at("readiness"))["no_minors_rules"]["tone"] == "ok"


def test_who_grew_too_large_for_the_small_form_is_told(tenant: Property, owner: User) -> None:
    def duty(people: int) -> dict[str, tuple[Status, str]]:
        found = readiness(tenant, count_people=lambda: people)
        return {one.code: (one.status, one.evidence) for one in found if one.code == "not_small"}

    factories.make_assessment(tenant)
    assert duty(100_000) == {}, "The full form has no such limit"
    draft = assessments.start_draft(tenant=tenant, actor=owner)
    texts = dict.fromkeys(TEXTS, "text") | {"conclusion": "acceptable", "track": "small"}
    draft = assessments.edit(tenant=tenant, assessment=draft, actor=owner, **texts)
    signer = factories.colleague_of(tenant, owner)
    assessments.sign(tenant=tenant, assessment=draft, actor=signer, people_count=99_999)
    with translation.override("en"):
        assert duty(99_999) == {"not_small": (Status.MET, "99,999 people")}
        assert duty(100_000) == {"not_small": (Status.DUE, "100,000 people")}


def test_the_page_counts_the_people_of_the_whole_company(client: Client, tenant: Property, owner: User, at: At) -> None:
    draft = assessments.start_draft(tenant=tenant, actor=owner)
    texts = dict.fromkeys(TEXTS, "text") | {"conclusion": "acceptable", "track": "small"}
    draft = assessments.edit(tenant=tenant, assessment=draft, actor=owner, **texts)
    signer = factories.colleague_of(tenant, owner)
    assessments.sign(tenant=tenant, assessment=draft, actor=signer, people_count=1)
    factories.make_person(tenant)
    row = rows(client, at("readiness"))["not_small"]
    assert (row["evidence"], row["article"]) == ("3 people", "Order No. 25")


@pytest.mark.slow
def test_the_pages_ask_the_same_of_the_database_for_1000_devices_and_50000_people(
    client: Client, tenant: Property, at: At, queries: Callable[[Callable[[], Any]], int]
) -> None:
    device, _code = factories.make_active_device(tenant)
    person, _visit = factories.make_consented_person(tenant)
    person = move_face(person=person, target=FaceState.ENROLLED, enrolled_on=timezone.localdate())
    draft = notices.start_draft(tenant=tenant)
    pages = {name: at(name) for name in ("readiness", "today", "people")}
    pages |= {name: at(name, draft) for name in ("notice_edit", "notice_publish")}
    for address in pages.values():
        client.get(address)
    few = {name: queries(lambda address=address: client.get(address)) for name, address in pages.items()}
    enter_tenant(tenant.pk)
    crowd(tenant, device, person)
    many = {name: queries(lambda address=address: client.get(address)) for name, address in pages.items()}
    assert many == few
    assert few["readiness"] <= 21
    assert rows(client, pages["readiness"])["no_sign"]["evidence"] == "1001 of 1001 devices"
    people = client.get(pages["today"]).context["facts"].people
    assert (people["people"], people["enrolled"], people["agreed"]) == (50_001, 1001, 1001)


def crowd(tenant: Property, device: Device, person: Person) -> None:
    """Rows like these: 1,000 devices, 50,000 people with their names, a thousand of them with consents and a face."""

    def like(row: Model, **fields: Any) -> Model:
        copied = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        return type(row)(**(copied | {"id": uuid.uuid4()} | fields))

    Device.objects.bulk_create(
        like(device, name=f"终端 {number}", state=DeviceState.REGISTERED) for number in range(1000)
    )
    strangers = [like(person, face_state=FaceState.INVITED, face_enrolled_on=None) for _number in range(49_000)]
    enrolled = [like(person) for _number in range(1000)]
    Person.objects.bulk_create([*strangers, *enrolled], batch_size=5000)
    identity = person.identity
    named = (like(identity, person_id=one.pk, name=f"李{number}") for number, one in enumerate([*strangers, *enrolled]))
    PersonIdentity.objects.bulk_create(named, batch_size=5000)
    consents = list(Consent.objects.filter(person=person))
    Consent.objects.bulk_create(like(consent, person_id=one.pk) for one in enrolled for consent in consents)
    with database_role("owner"):
        execute("ANALYZE")  # as PostgreSQL does by itself a minute later; until then it plans for an empty property


def test_one_switch_stops_every_face_and_lets_them_go_again(client: Client, tenant: Property, at: At) -> None:
    device, _code = factories.make_active_device(tenant)
    refused = client.post(at("faces_stop"), {"reason": " "})
    assert "reason" in refused.context["form"].errors
    client.post(at("faces_stop"), {"reason": "法院裁定（2026）浙0106行保1号"})
    enter_tenant(tenant.pk)
    device.refresh_from_db()
    assert device.state == DeviceState.SUSPENDED
    assert "法院裁定" in client.get(at("settings")).content.decode()
    client.post(at("faces_release"))
    enter_tenant(tenant.pk)
    device.refresh_from_db()
    assert device.state == DeviceState.ACTIVE


def test_only_an_owner_stops_all_faces(tenant: Property, at: At, as_role: Callable[[Role], Client]) -> None:
    assert as_role(Role.MANAGER).post(at("faces_stop"), {"reason": "x"}).status_code == 403


def test_a_past_day_shows_what_the_gate_answered(client: Client, tenant: Property, at: At) -> None:
    device, _code = factories.make_active_device(tenant)
    zone = Zone.objects.get(pk=device.access_point.zone_id)
    update_zone(tenant=tenant, zone=zone, name=zone.name, kind=ZoneKind.TOILET)
    today = client.get(at("device_past", device), HTTP_ACCEPT_LANGUAGE="en")
    assert [row["is_allowed"] for row in today.context["answers"]] == [True, False]
    assert "This is a private place" in today.content.decode()
    before = client.get(at("device_past", device), {"day": "2026-01-01"}, HTTP_ACCEPT_LANGUAGE="en")
    assert "No face was used" in before.content.decode()


@pytest.mark.parametrize("day", ["", "yesterday", "2026-02-31", "9999-12-31", "0001-01-01", "-1", "２０２６-01-01"])
def test_any_day_that_is_typed_gets_a_page(client: Client, tenant: Property, at: At, day: str) -> None:
    device, _code = factories.make_device(tenant)
    assert client.get(at("device_past", device), {"day": day}).status_code == 200
