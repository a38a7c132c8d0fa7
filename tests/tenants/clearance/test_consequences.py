"""What follows by itself: one row for each fact that breaks a rule, what stops, and that mending starts it again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenants.clearance import consequences, evidence, jobs
from tenants.clearance.checks import Check
from tenants.clearance.models import Clearance
from tenants.clearance.services import check_device, check_person, faces_to_erase
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Handler, Property, User
from tenants.organizations.services.properties import release_faces, stop_faces, update_handler, update_property
from tenants.people.kinds import AgeBand, FaceState
from tenants.people.models import Consent, Person
from tenants.people.services import persons
from tenants.people.services.persons import move_face
from tenants.premises.kinds import DeviceMode, DeviceState, MethodKind, SuspensionReason, ZoneKind
from tenants.premises.models import AccessMethod, AccessPoint, Device, Zone
from tenants.premises.services import devices, doors, zones
from tenants.rights.services.withdrawals import withdraw
from tenants.transparency.services import assessments
from tests import factories
from tests.roles import database_role

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@dataclass
class Scene:
    """A lawful property with one active device and one person whose face is enrolled."""

    tenant: Property
    actor: User
    device: Device
    person: Person
    visit: Any

    @property
    def door(self) -> AccessPoint:
        return AccessPoint.objects.get(pk=self.device.access_point_id)

    def method(self, kind: MethodKind) -> AccessMethod:
        return AccessMethod.objects.get(access_point=self.device.access_point_id, kind=kind)

    def ways(self, **terms: dict[str, Any]) -> None:
        door = self.door
        doors.update_door(tenant=self.tenant, door=door, zone=door.zone, name=door.name, methods=terms)

    def place(self, kind: ZoneKind) -> None:
        zone = Zone.objects.get(pk=self.door.zone_id)
        zones.update_zone(tenant=self.tenant, zone=zone, name=zone.name, kind=kind)

    def write(self, **facts: Any) -> None:
        devices.update(tenant=self.tenant, device=self.device, **facts)

    def handler(self, **fields: Any) -> None:
        update_handler(handler=self.tenant.handler, **fields)

    def age(self, **fields: Any) -> None:
        """Let dates pass, as they do without anybody acting."""
        Device.objects.filter(pk=self.device.pk).update(**fields)

    def consent(self, **fields: Any) -> None:
        Consent.objects.filter(person=self.person, purpose="recognition").update(**fields)

    def someone(self, **fields: Any) -> None:
        Person.objects.filter(pk=self.person.pk).update(**fields)

    def settle(self) -> None:
        """What the worker and the daily sweep do after a change."""
        Property.objects.filter(pk=self.tenant.pk).update(judged_on=None)
        jobs.judge()
        self.tenant = Property.objects.select_related("handler").get(pk=self.tenant.pk)
        self.device, self.person = Device.objects.get(pk=self.device.pk), Person.objects.get(pk=self.person.pk)

    @property
    def uses_faces(self) -> tuple[bool, bool]:
        return self.device.state == DeviceState.ACTIVE, self.person.face_state == FaceState.ENROLLED

    def broken(self) -> dict[str, Check]:
        checks = [*check_device(self.device), *check_person(self.person)]
        return {check.code: check for check in checks if not check.holds}


@pytest.fixture
def scene(tenant: Property) -> Scene:
    factories.make_lawful(tenant)
    device, _credential = factories.make_active_device(tenant)
    person, visit = factories.make_consented_person(tenant)
    move_face(person=person, target=FaceState.ENROLLED, enrolled_on=TODAY())
    found = Scene(tenant, factories.make_member(tenant), device, person, visit)
    found.settle()
    assert found.uses_faces == (True, True)
    return found


Act = Callable[[Scene], object]
BOTH, DEVICE, FACE, DUE = (False, False), (False, True), (True, False), (True, True)
CARD = {"face": {}}
YESTERDAY = timedelta(days=1)

# (the fact that breaks it, the code, its article, what still uses faces: (device, person), what mends it)
ROWS: list[tuple[Act, str, str, tuple[bool, bool], Act]] = [
    (lambda s: stop_faces(tenant=s.tenant, reason="法院裁定"), "faces_stopped", "Civil Code 997", BOTH,
     lambda s: release_faces(tenant=s.tenant)),
    (lambda s: Handler.objects.update(contact_name=" ", contact_phone=" "), "no_contact", "Art 5", BOTH,
     lambda s: s.handler(contact_name="王经理", contact_phone="0571")),
    (lambda s: s.handler(contract_signed_on=None), "no_contract", "PIPL 21", BOTH,
     lambda s: s.handler(contract_signed_on=date(2025, 6, 1))),
    (lambda s: s.handler(contract_ends_on=TODAY() - YESTERDAY), "contract_over", "PIPL 21", BOTH,
     lambda s: s.handler(contract_ends_on=TODAY())),
    (lambda s: update_property(tenant=s.tenant, storage_mode=StorageMode.ON_DEVICE), "notice_other_storage", "Art 8",
     BOTH, lambda s: update_property(tenant=s.tenant, storage_mode=StorageMode.PORTAL)),
    (lambda s: update_property(tenant=s.tenant, storage_mode=StorageMode.ON_DEVICE), "storage_not_assessed", "Art 9",
     BOTH, lambda s: update_property(tenant=s.tenant, storage_mode=StorageMode.PORTAL)),
    (lambda s: assessments.mark_stale(tenant=s.tenant, codes=["incident"]), "assessment_stale", "Art 9", BOTH,
     lambda s: factories.make_assessment(s.tenant, s.actor)),
    (lambda s: s.place(ZoneKind.CHANGING_ROOM), "private_place", "Art 13", DEVICE, lambda s: s.place(ZoneKind.LOBBY)),
    (lambda s: doors.set_method_live(tenant=s.tenant, method=s.method(MethodKind.CARD), is_live=False), "face_only",
     "Art 10", DEVICE,
     lambda s: doors.set_method_live(tenant=s.tenant, method=s.method(MethodKind.CARD), is_live=True)),
    (lambda s: s.ways(face={}, card={"fee": Decimal(5)}), "other_way_costs", "Art 10", DEVICE,
     lambda s: s.ways(face={}, card={"fee": Decimal(0)})),
    (lambda s: s.ways(face={}, card={"opens_at": "08:00", "closes_at": "20:00"}), "other_way_hours", "Art 10", DEVICE,
     lambda s: s.ways(face={}, card={"opens_at": None, "closes_at": None})),
    (lambda s: s.ways(face={}, card={"extra_papers": True}), "other_way_papers", "Art 10", DEVICE,
     lambda s: s.ways(face={}, card={"extra_papers": False})),
    (lambda s: s.ways(face={}, card={"distance_m": 120}), "other_way_elsewhere", "Art 10", DEVICE,
     lambda s: s.ways(face={}, card={"distance_m": 0})),
    (lambda s: s.ways(face={}, card={"steps": 4}), "other_way_steps", "Art 10", DUE,
     lambda s: s.ways(face={}, card={"steps": 1})),
    (lambda s: s.ways(card={}), "face_not_a_method", "Art 5", DEVICE, lambda s: s.ways(face={}, card={})),
    (lambda s: doors.set_method_live(tenant=s.tenant, method=s.method(MethodKind.FACE), is_live=False),
     "face_out_of_order", "Art 5", DEVICE,
     lambda s: doors.set_method_live(tenant=s.tenant, method=s.method(MethodKind.FACE), is_live=True)),
    (lambda s: s.write(vendor="另一家"), "vendor_not_assessed", "Art 9", BOTH, lambda s: s.write(vendor="示例厂商")),
    (lambda s: s.write(algorithm_version="9.0"), "algorithm_not_assessed", "Art 9", BOTH,
     lambda s: s.write(algorithm_version="3.2.1")),
    (lambda s: s.write(capture_area=""), "no_capture_area", "Art 13", DEVICE, lambda s: s.write(capture_area="门前")),
    (lambda s: s.write(security_need=""), "no_security_need", "Art 13", DEVICE,
     lambda s: s.write(security_need="防止尾随")),
    (lambda s: s.age(sign_photo_on=None), "no_sign", "Art 13", DEVICE,
     lambda s: devices.record_sign(
         tenant=s.tenant, device=s.device, taken_on=TODAY(), picture=factories.sign_photo())),
    (lambda s: s.age(sign_photo_on=TODAY() - timedelta(days=366)), "sign_old", "Art 13", DEVICE,
     lambda s: devices.record_sign(
         tenant=s.tenant, device=s.device, taken_on=TODAY(), picture=factories.sign_photo())),
    (lambda s: s.write(mode=DeviceMode.IDENTIFY, passersby=""), "passersby_unprotected", "NDSMR 24", DEVICE,
     lambda s: s.write(passersby="button")),
    (lambda s: s.write(false_accept_percent=None), "untested", "GA/T 1093", DUE,
     lambda s: s.write(false_accept_percent=Decimal("0.01"))),
    (lambda s: s.write(false_accept_percent=Decimal("0.2")), "false_accept", "GA/T 1093", DUE,
     lambda s: s.write(false_accept_percent=Decimal("0.1"))),
    (lambda s: s.write(false_reject_percent=Decimal("2.1")), "false_reject", "GA/T 1093", DUE,
     lambda s: s.write(false_reject_percent=Decimal("2"))),
    (lambda s: s.write(attack_success_percent=Decimal("5.1")), "attack_success", "GA/T 1093", DUE,
     lambda s: s.write(attack_success_percent=Decimal("5"))),
    (lambda s: persons.restrict(tenant=s.tenant, person=s.person), "restricted", "PIPL 44", FACE,
     lambda s: persons.lift_restriction(tenant=s.tenant, person=s.person)),
    (lambda s: persons.record_death(tenant=s.tenant, person=s.person, died_on=TODAY()), "died", "PIPL 49", FACE,
     lambda s: persons.correct_death(tenant=s.tenant, person=s.person)),
    (lambda s: s.someone(age_band=AgeBand.UNDER_14), "under_14", "Art 7", FACE,
     lambda s: s.someone(age_band=AgeBand.ADULT)),
    (lambda s: s.someone(age_band=AgeBand.UNDER_14), "no_guardian", "Art 7", FACE,
     lambda s: s.someone(age_band=AgeBand.ADULT)),
    (lambda s: s.someone(stay_ends_on=TODAY() - YESTERDAY), "stay_over", "PIPL 47", FACE,
     lambda s: s.someone(stay_ends_on=TODAY())),
    (lambda s: s.someone(face_enrolled_on=TODAY() - timedelta(days=181)), "retention_over", "Art 8", FACE,
     lambda s: s.someone(face_enrolled_on=TODAY())),
    (lambda s: s.consent(ends_on=TODAY() - YESTERDAY), "consent_recognition_expired", "Art 6", FACE,
     lambda s: s.consent(ends_on=TODAY())),
    (lambda s: factories.make_notice(s.tenant, s.actor, retention_zh="三十天之后删除"), "consent_recognition_stale",
     "Art 6", FACE, lambda s: factories.agree(s.visit)),
    (lambda s: factories.make_notice(s.tenant, s.actor, retention_zh="三十天之后删除"), "consent_transmission_stale",
     "Art 8", FACE, lambda s: factories.agree(s.visit)),
]  # fmt: skip


@pytest.mark.parametrize(("breaks", "code", "article", "left", "mends"), ROWS, ids=[row[1] for row in ROWS])
def test_each_fact_stops_what_it_concerns_and_mending_starts_it_again(
    scene: Scene, breaks: Act, code: str, article: str, left: tuple[bool, bool], mends: Act
) -> None:
    breaks(scene)
    scene.settle()
    assert scene.broken()[code].article == article
    assert scene.uses_faces == left
    mends(scene)
    scene.settle()
    assert code not in scene.broken()
    assert scene.uses_faces == (True, True)


def test_thirty_facts_and_more_are_tried() -> None:
    assert len({row[1] for row in ROWS}) >= 30


def test_what_a_member_stopped_a_member_starts(scene: Scene) -> None:
    devices.suspend(tenant=scene.tenant, device=scene.device)
    scene.settle()
    assert scene.device.suspended_for == SuspensionReason.MANUAL


def test_an_erased_face_does_not_come_back_by_itself(scene: Scene) -> None:
    withdraw(visit=scene.visit)
    scene.settle()
    assert scene.person.face_state == FaceState.ERASING
    assert {"erasing", "consent_recognition_withdrawn"} <= set(scene.broken())


def test_a_past_day_is_told_as_it_was(scene: Scene) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    first = Clearance.objects.filter(device=scene.device)
    assert [row.is_allowed for row in first] == [True]
    scene.place(ZoneKind.TOILET)
    scene.settle()
    answers = [row.blockers for row in evidence.on_day(subject=scene.device, day=TODAY())]
    assert answers[0] == [] and "private_place" in answers[-1]
    assert evidence.on_day(subject=scene.device, day=timezone.localdate(yesterday)) == []


def test_a_face_whose_contract_ended_goes_after_the_grace(scene: Scene) -> None:
    scene.handler(contract_ends_on=TODAY() - YESTERDAY)
    scene.settle()
    assert faces_to_erase(scene.tenant) == []
    moment = timezone.now() - timedelta(days=31)
    # The evidence is append-only for the portal's roles; only the test moves a clock.
    with database_role("owner"):
        Clearance.objects.filter(person=scene.person, is_allowed=True).delete()
        Clearance.objects.filter(person=scene.person, is_allowed=False).update(answered_at=moment)
    assert [(person.pk, why.value) for person, why in faces_to_erase(scene.tenant)] == [
        (scene.person.pk, "contract_ended")
    ]


def test_judging_costs_the_same_for_one_device_and_for_many(scene: Scene) -> None:
    with CaptureQueriesContext(connection) as few:
        consequences.follow_devices(tenant=scene.tenant)
    for _number in range(5):
        factories.make_active_device(scene.tenant)
    with CaptureQueriesContext(connection) as many:
        consequences.follow_devices(tenant=scene.tenant)
    selects = [[query for query in asked if query["sql"].startswith("SELECT")] for asked in (few, many)]
    assert len(selects[0]) == len(selects[1]) == 2


def test_each_property_is_judged_once_a_day(scene: Scene) -> None:
    assert jobs.judge() == 0
    Property.objects.filter(pk=scene.tenant.pk).update(judged_on=TODAY() - YESTERDAY)
    assert jobs.judge() == 1
