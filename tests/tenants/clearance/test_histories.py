"""Random histories of a property: no reachable state has a face that may match without clearance, or face alone.

What must hold is said here a second time, from the rows themselves and not through the gate's own rules.
"""

import random
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tenants.clearance import consequences, jobs
from tenants.clearance.checks import blockers
from tenants.clearance.services import activate_device, check_device, check_person, require_enrollment
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Handler, Property
from tenants.organizations.services.properties import release_faces, stop_faces, update_handler, update_property
from tenants.people.kinds import ConsentDecision, ConsentStatus, FaceState
from tenants.people.models import Consent, Person
from tenants.people.rules.consents import required_purposes
from tenants.people.services import persons
from tenants.people.services.consents import consent_statuses
from tenants.premises.kinds import PRIVATE_KINDS, DeviceMode, DeviceState, MethodKind, Passersby, ZoneKind
from tenants.premises.models import AccessMethod, AccessPoint, Device, Zone
from tenants.premises.services import devices, doors, zones
from tenants.rights.services.withdrawals import answer, withdraw
from tenants.transparency.models import Assessment, Notice
from tenants.transparency.services import assessments
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

DAYS = st.sampled_from([-400, -1, 0, 30])
PICK = st.integers(0, 5)


class Histories(RuleBasedStateMachine):
    """One property with a door, a device and two people, and everything that members and people do to it."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.tenant = factories.make_property()
        self.actor = factories.make_member(self.tenant)
        self.site = factories.make_zone(self.tenant, ZoneKind.OUTDOOR, level="site")
        self.zone = factories.make_zone(self.tenant, ZoneKind.LOBBY, parent=self.site)
        self.door = factories.make_door(self.tenant, self.zone)
        factories.make_device(self.tenant, self.door)
        factories.make_device(self.tenant, self.door, mode=DeviceMode.IDENTIFY)
        self.visits = [factories.make_visit(self.tenant) for _number in range(2)]
        factories.make_notice(self.tenant, self.actor)
        factories.make_assessment(self.tenant, self.actor)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def does(self, act: object, *args: object, **kwargs: object) -> None:
        """Do something as a door does it: a refusal is an answer; afterwards the worker comes by."""
        try:
            with transaction.atomic():
                act(*args, **kwargs)
        except ValidationError:
            pass
        self.tenant = Property.objects.select_related("handler").get(pk=self.tenant.pk)
        consequences.follow_people(tenant=self.tenant)

    def device(self, number: int) -> Device:
        rows = list(Device.objects.filter(tenant=self.tenant).order_by("name"))
        return rows[number % len(rows)]

    # What members do to places, doors and devices

    @rule(kind=st.sampled_from([ZoneKind.LOBBY, ZoneKind.GATE, ZoneKind.TOILET]), whole_site=st.booleans())
    def relabel(self, kind: ZoneKind, whole_site: bool) -> None:
        zone = Zone.objects.get(pk=self.site.pk if whole_site else self.zone.pk)
        self.does(zones.update_zone, tenant=self.tenant, zone=zone, name=zone.name, kind=kind)

    @rule(
        kinds=st.sets(st.sampled_from(list(MethodKind)), max_size=3),
        fee=st.sampled_from([0, 5]),
        metres=st.sampled_from([0, 80]),
    )
    def change_ways(self, kinds: set[MethodKind], fee: int, metres: int) -> None:
        terms = {kind.value: {"fee": Decimal(fee), "distance_m": metres} for kind in kinds if kind != MethodKind.FACE}
        terms |= {kind.value: {} for kind in kinds if kind == MethodKind.FACE}
        door = AccessPoint.objects.get(pk=self.door.pk)
        self.does(doors.update_door, tenant=self.tenant, door=door, zone=door.zone, name=door.name, methods=terms)

    @rule(is_live=st.booleans(), number=PICK)
    def break_or_repair(self, is_live: bool, number: int) -> None:
        methods = list(AccessMethod.objects.filter(access_point=self.door).order_by("kind"))
        if methods:
            method = methods[number % len(methods)]
            self.does(doors.set_method_live, tenant=self.tenant, method=method, is_live=is_live)

    @rule(
        number=PICK,
        facts=st.sampled_from(
            [
                {"vendor": "另一家"},
                {"vendor": "示例厂商"},
                {"capture_area": ""},
                {"capture_area": "门前"},
                {"security_need": ""},
                {"security_need": "防止尾随"},
                {"mode": DeviceMode.IDENTIFY},
                {"mode": DeviceMode.VERIFY},
                {"passersby": Passersby.APPROACH},
                {"algorithm_version": "9"},
            ]
        ),
    )
    def change_device(self, number: int, facts: dict[str, object]) -> None:
        self.does(devices.update, tenant=self.tenant, device=self.device(number), **facts)

    @rule(number=PICK)
    def activate(self, number: int) -> None:
        self.does(activate_device, tenant=self.tenant, device=self.device(number))

    @rule(number=PICK)
    def suspend(self, number: int) -> None:
        self.does(devices.suspend, tenant=self.tenant, device=self.device(number))

    @rule(number=PICK, days=DAYS)
    def photograph_the_sign(self, number: int, days: int) -> None:
        day = timezone.localdate() + timedelta(days=days)
        picture = factories.sign_photo()
        self.does(devices.record_sign, tenant=self.tenant, device=self.device(number), taken_on=day, picture=picture)

    # What the company declares

    @rule(mode=st.sampled_from(list(StorageMode)))
    def store_elsewhere(self, mode: StorageMode) -> None:
        self.does(update_property, tenant=self.tenant, storage_mode=mode)

    @rule(stopped=st.booleans())
    def stop_or_release(self, stopped: bool) -> None:
        if stopped:
            self.does(stop_faces, tenant=self.tenant, reason="法院裁定")
        else:
            self.does(release_faces, tenant=self.tenant)

    @rule(days=DAYS)
    def end_the_contract(self, days: int) -> None:
        today = timezone.localdate()
        fields = {"contract_signed_on": today - timedelta(days=500), "contract_ends_on": today + timedelta(days=days)}
        self.does(update_handler, handler=self.tenant.handler, **fields)
        Property.objects.filter(pk=self.tenant.pk).update(judged_on=None)
        jobs.judge()

    @rule(changed=st.booleans())
    def publish(self, changed: bool) -> None:
        texts = {"purpose_method_zh": f"用途{random.randrange(9)}"} if changed else {}  # noqa: S311 - only another text
        self.does(factories.make_notice, self.tenant, self.actor, **texts)

    @rule()
    def assess(self) -> None:
        self.does(factories.make_assessment, self.tenant, self.actor)

    @rule()
    def have_an_incident(self) -> None:
        self.does(assessments.mark_stale, tenant=self.tenant, codes=["incident"])

    # What people do

    @rule(who=st.integers(0, 1), decision=st.sampled_from(list(ConsentDecision)))
    def reply(self, who: int, decision: ConsentDecision) -> None:
        visit, notice = self.visits[who], Notice.objects.filter(tenant=self.tenant).current()
        visit = type(visit)(tenant=self.tenant, person=visit.person, link=visit.link)
        for purpose in required_purposes(self.tenant.storage_mode):
            self.does(answer, visit=visit, purpose=purpose, decision=decision, notice=notice, language="zh-hans")

    @rule(who=st.integers(0, 1))
    def take_back(self, who: int) -> None:
        self.does(withdraw, visit=self.visits[who])

    @rule(who=st.integers(0, 1))
    def enrol(self, who: int) -> None:
        self.does(self._enrol, Person.objects.get(pk=self.visits[who].person.pk))

    def _enrol(self, person: Person) -> None:
        require_enrollment(person)
        persons.move_face(person=person, target=FaceState.ENROLLED, enrolled_on=timezone.localdate())

    @rule(who=st.integers(0, 1), restricts=st.booleans())
    def restrict_or_lift(self, who: int, restricts: bool) -> None:
        person = Person.objects.get(pk=self.visits[who].person.pk)
        self.does(persons.restrict if restricts else persons.lift_restriction, tenant=self.tenant, person=person)

    @rule(who=st.integers(0, 1))
    def let_the_consent_run_out(self, who: int) -> None:
        yesterday = timezone.localdate() - timedelta(days=1)
        Consent.objects.filter(person=self.visits[who].person, ends_on__isnull=False).update(ends_on=yesterday)
        self.does(consequences.follow_people, tenant=self.tenant)

    # What must hold whatever happened

    @invariant()
    def no_active_device_breaks_the_law(self) -> None:
        for device in Device.objects.filter(tenant=self.tenant, state=DeviceState.ACTIVE):
            assert unlawful(device) == [], device
            assert blockers(check_device(device)) == []

    @invariant()
    def no_face_in_use_lacks_a_yes(self) -> None:
        for person in Person.objects.filter(tenant=self.tenant, face_state=FaceState.ENROLLED):
            assert set(consent_statuses(person).values()) == {ConsentStatus.AGREED}
            assert person.restricted_at is None
            assert unlawful_site(self.tenant.pk) == []
            assert blockers(check_person(person)) == []

    @invariant()
    def who_said_no_is_not_enrolled(self) -> None:
        for visit in self.visits:
            last = Consent.objects.filter(person=visit.person).order_by("-decided_at").first()
            if last is not None and (last.withdrawn_at or last.decision == ConsentDecision.DECLINE):
                assert Person.objects.get(pk=visit.person.pk).face_state not in {
                    FaceState.ENROLLED,
                    FaceState.SUSPENDED,
                    FaceState.CAPTURED,
                }


def unlawful_site(tenant_id: object) -> list[str]:
    """Say what forbids faces in a property, straight from its rows."""
    tenant, today = Property.objects.get(pk=tenant_id), timezone.localdate()
    handler = Handler.objects.get(pk=tenant.handler_id)
    notice = Notice.objects.filter(tenant=tenant, state="published").order_by("-version").first()
    assessment = Assessment.objects.filter(tenant=tenant, state="signed").order_by("-version").first()
    wrong = {
        "stopped": tenant.faces_stopped_at is not None,
        "contract": handler.contract_signed_on is None
        or (handler.contract_ends_on is not None and handler.contract_ends_on < today),
        "notice": notice is None or notice.storage_mode != tenant.storage_mode,
        "assessment": assessment is None or assessment.stale_since is not None,
    }
    return [name for name, is_so in wrong.items() if is_so]


def unlawful(device: Device) -> list[str]:
    """Say what forbids a device, straight from its rows."""
    door = device.access_point
    ways = AccessMethod.objects.filter(access_point=door, is_live=True)
    free = ways.exclude(kind=MethodKind.FACE).filter(fee=0, distance_m=0, extra_papers=False)
    scope = Assessment.objects.filter(tenant_id=device.tenant_id, state="signed").order_by("-version").first().scope
    year = timezone.localdate() - timedelta(days=365)
    wrong = {
        "private": bool({door.zone.kind, *(z.kind for z in [door.zone.parent] if z)} & set(PRIVATE_KINDS)),
        "face alone": not free.exists(),
        "hidden face": not ways.filter(kind=MethodKind.FACE).exists(),
        "vendor": device.vendor not in scope["vendors"],
        "mode": device.mode not in scope["modes"],
        "area": not device.capture_area.strip(),
        "need": not device.security_need.strip(),
        "sign": device.sign_photo_on is None or device.sign_photo_on < year,
    }
    return [name for name, is_so in wrong.items() if is_so] + unlawful_site(device.tenant_id)


def test_no_history_leads_to_a_face_without_clearance_or_a_door_with_face_alone(db: None) -> None:
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
