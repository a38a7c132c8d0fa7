"""Everything is put right again, each by the service that a member or a person uses for it."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from hypothesis.stateful import rule

from tenants.clearance.services import activate_device
from tenants.organizations.kinds import StorageMode
from tenants.organizations.services.properties import release_faces, set_retention, update_handler, update_property
from tenants.people.kinds import AgeBand, ConsentDecision, FaceState
from tenants.people.models import Guardian, Person
from tenants.people.services import persons
from tenants.premises.kinds import DeviceMode, DevicePurpose, DeviceState, MethodKind, ZoneKind
from tenants.premises.models import AccessMethod, Zone
from tenants.premises.services import devices, doors, zones
from tests import factories
from tests.tenants.clearance.histories import answers, law
from tests.tenants.clearance.histories.persons import Persons
from tests.tenants.clearance.histories.places import Places
from tests.tenants.clearance.histories.stage import Somebody

EASY = {
    "opens_at": None,
    "closes_at": None,
    "fee": Decimal(0),
    "distance_m": 0,
    "extra_papers": False,
    "steps": 1,
}


class Mending(Places, Persons):
    """What was broken is mended; then the doors work again for everybody who wants it."""

    @rule()
    def mend_everything(self) -> None:
        self.mend()

    def mend(self, *, willing: list[Somebody] | None = None) -> None:
        self.acts, was_behind, self.is_behind = 0, self.is_behind, False
        self.queue.drain()
        self.sweeps()  # what was lost is sent again
        self.mend_the_papers()
        self.mend_the_places()
        self.mend_the_assessment()
        for device in self.devices():
            if device.state != DeviceState.ACTIVE:
                self.tries(activate_device, tenant=self.tenant, device=device)
        for somebody in self.people if willing is None else willing:
            self.mend_a_person(somebody)
        self.seen["mended"] += 1
        self.all_is_well(self.people if willing is None else willing)
        self.is_behind = was_behind

    def all_is_well(self, willing: list[Somebody]) -> None:
        """What must hold now that everything is mended; see test_histories.py."""

    # The company and its papers

    def mend_the_papers(self) -> None:
        tenant, handler = self.tenant, self.tenant.handler
        if tenant.faces_stopped_at:
            self.tries(release_faces, tenant=tenant)
        if (tenant.storage_mode, tenant.allows_under_14) != (StorageMode.PORTAL, True):
            self.tries(update_property, tenant=tenant, storage_mode=StorageMode.PORTAL, allows_under_14=True)
        if tenant.face_days != 180:
            self.tries(set_retention, tenant=tenant, face_days=180, event_days=90)
        contract = {"contract_signed_on": date(2025, 6, 1), "contract_ends_on": None}
        contact = {"contact_name": "王经理", "contact_phone": "0571"}
        if any(getattr(handler, name) != value for name, value in (contract | contact).items()):
            self.tries(update_handler, handler=handler, **contract, **contact)
            self.sweeps()
        notice = answers.notice_in_force(self.read())
        if notice is None or notice.storage_mode != StorageMode.PORTAL or not notice.allows_under_14:
            self.tries(factories.make_notice, self.tenant, self.actor)

    def mend_the_assessment(self) -> None:
        """Of devices like those made here, wherever they stand."""
        rows = self.read()
        lacks = {"no assessment", "assessment stale", "incident"} & set(law.of_the_property(rows))
        for device in rows.devices:
            lacks |= {lack for lack in law.of_the_device(rows, device) if lack.endswith("not assessed")}
        if lacks:
            self.tries(
                factories.make_assessment,
                self.tenant,
                self.actor,
                purposes=DevicePurpose.values,
                modes=DeviceMode.values,
                vendors=[factories.DEVICE_FACTS["vendor"]],
                algorithms=["ArcFace 3"],
                place_kinds=ZoneKind.values,
            )

    # Places, doors, devices

    def mend_the_places(self) -> None:
        bath, house, hall = (Zone.objects.get(pk=zone.pk) for zone in (self.bath, self.house, self.hall))
        for zone, kind in ((bath, ZoneKind.BATH), (house, ZoneKind.LOBBY), (hall, ZoneKind.LOBBY)):
            if zone.kind != kind or (zone == hall and zone.parent_id != house.pk):
                parent = house if zone == hall else zone.parent
                self.tries(zones.update_zone, tenant=self.tenant, zone=zone, name=zone.name, kind=kind, parent=parent)
        self.mend_the_door()
        if not any(device.mode == DeviceMode.IDENTIFY for device in self.devices()) and len(self.devices()) < 3:
            self.tries(factories.make_device, self.tenant, self.door_now(), mode=DeviceMode.IDENTIFY)
        for device in self.devices():
            known = factories.DEVICE_FACTS
            wrong = {name: value for name, value in known.items() if getattr(device, name) != value}
            if wrong:
                self.tries(devices.update, tenant=self.tenant, device=device, **wrong)
            if device.sign_photo_on is None or device.sign_photo_on < timezone.localdate() - timedelta(days=300):
                self.tries(
                    devices.record_sign,
                    tenant=self.tenant,
                    device=device,
                    taken_on=timezone.localdate(),
                    picture=factories.sign_photo(),
                )

    def mend_the_door(self) -> None:
        door, ways = self.door_now(), AccessMethod.objects.filter(access_point=self.door)
        kinds = {MethodKind.FACE.value, MethodKind.CARD.value}
        is_easy = all(getattr(way, name) == value for way in ways for name, value in EASY.items())
        if {way.kind for way in ways} != kinds or not is_easy or door.zone_id != self.hall.pk:
            hall = Zone.objects.get(pk=self.hall.pk)
            terms = dict.fromkeys(sorted(kinds), EASY)
            self.tries(doors.update_door, tenant=self.tenant, door=door, zone=hall, name=door.name, methods=terms)
        for method in AccessMethod.objects.filter(access_point=self.door, is_live=False):
            self.tries(doors.set_method_live, tenant=self.tenant, method=method, is_live=True)

    # People, by their own word

    def mend_a_person(self, somebody: Somebody) -> None:
        person, today = somebody.row, timezone.localdate()
        if person.erased_at is not None:
            return
        if person.died_on:
            self.tries(persons.correct_death, tenant=self.tenant, person=person)
        if person.restricted_at:
            self.tries(persons.lift_restriction, tenant=self.tenant, person=person)
        if person.stay_ends_on and person.stay_ends_on < today:
            self.writes_now(somebody, stay_ends_on=None)
        self.says_yes(somebody)
        if "retention over" in law.of_the_person(self.read(), somebody.row):
            self.sweeps()  # the face goes; then it may be enrolled again
            self.says_yes(somebody)
        if somebody.row.face_state in {FaceState.CONSENTED, FaceState.CAPTURED}:
            self.enrols(somebody)

    def says_yes(self, somebody: Somebody) -> None:
        rows, person = self.read(), somebody.row
        if not any(answers.faults_of_the_yes(rows, person, purpose) for purpose in ("recognition", "transmission")):
            return
        if not answers.is_child(rows, person):
            self.tries(self._answer, lambda: factories.make_visit(self.tenant, person), ConsentDecision.AGREE)
            return
        found = answers.guardians_of(rows, person) or self.find_a_guardian(somebody)
        if found:
            row = Guardian.objects.select_related("tenant", "child", "guardian").get(pk=found[0].pk)
            self.tries(self._answer, lambda: factories.make_guardian_visit(row), ConsentDecision.AGREE)

    def find_a_guardian(self, somebody: Somebody) -> list[Guardian]:
        adults = Person.objects.filter(tenant=self.tenant, age_band=AgeBand.ADULT, erased_at__isnull=True)
        adult = adults.filter(died_on__isnull=True).order_by("created_at").first()
        if adult is not None:
            self.tries(factories.make_guardian, self.tenant, somebody.row, adult, self.actor)
        return answers.guardians_of(self.read(), somebody.row)

    def writes_now(self, somebody: Somebody, **fields: object) -> None:
        acts = self.acts
        self.writes(somebody, **fields)
        self.acts = acts
