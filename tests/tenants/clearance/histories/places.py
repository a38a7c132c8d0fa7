"""What members do to zones, doors and devices."""

from datetime import time, timedelta
from decimal import Decimal

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from tenants.clearance.services import activate_device
from tenants.premises.kinds import DeviceMode, MethodKind, Passersby, ZoneKind
from tenants.premises.models import AccessMethod, AccessPoint, Zone
from tenants.premises.services import devices, doors, zones
from tests import factories
from tests.tenants.clearance.histories.stage import Stage

PICK = st.integers(0, 5)
HOURS = st.sampled_from([(None, None), (time(7), time(22)), (time(22), time(6)), (time(8), time(12))])
TERMS = st.fixed_dictionaries(
    {},
    optional={
        "fee": st.sampled_from([Decimal(0), Decimal(5)]),
        "distance_m": st.sampled_from([0, 80]),
        "extra_papers": st.booleans(),
        "steps": st.sampled_from([1, 4]),
    },
)
FACTS = st.sampled_from(
    [
        {"vendor": "另一家"},
        {"algorithm_version": "9.0"},
        {"algorithm": "FaceNet"},
        {"purpose": "visitor"},
        {"capture_area": ""},
        {"security_need": " "},
        {"mode": DeviceMode.IDENTIFY},
        {"mode": DeviceMode.VERIFY},
        {"passersby": Passersby.PRESENCE},
        {"passersby": ""},
        {"name": "新名"},
        {"false_accept_percent": None},
    ]
)


class Places(Stage):
    """Each rule is one thing that a member can do on the pages of places."""

    @rule(number=PICK, kind=st.sampled_from([ZoneKind.LOBBY, ZoneKind.GATE, ZoneKind.TOILET, ZoneKind.HOTEL_ROOM]))
    def relabel_a_place(self, number: int, kind: ZoneKind) -> None:
        zone = self.place(number)
        self.does(zones.update_zone, tenant=self.tenant, zone=zone, name=zone.name, kind=kind)

    @rule(into_the_bath=st.booleans())
    def move_the_hall(self, into_the_bath: bool) -> None:
        hall, parent = Zone.objects.get(pk=self.hall.pk), self.bath if into_the_bath else self.house
        self.does(
            zones.update_zone,
            tenant=self.tenant,
            zone=hall,
            name=hall.name,
            kind=hall.kind,
            parent=Zone.objects.get(pk=parent.pk),
        )

    @rule(number=PICK)
    def move_the_door(self, number: int) -> None:
        kinds = list(AccessMethod.objects.filter(access_point=self.door).values_list("kind", flat=True))
        self.changes_the_door(zone=self.place(number), methods=kinds)

    @rule(kinds=st.sets(st.sampled_from(list(MethodKind)), max_size=3), terms=TERMS, hours=HOURS)
    def change_the_ways(self, kinds: set[MethodKind], terms: dict[str, object], hours: tuple[time, time]) -> None:
        """The face asks for nothing; the others ask for what is drawn, and are open at these hours."""
        open_at = dict(zip(("opens_at", "closes_at"), hours, strict=True))
        ways = {kind.value: {} if kind == MethodKind.FACE else terms | open_at for kind in kinds}
        self.changes_the_door(zone=self.door_now().zone, methods=ways)

    @rule(hours=HOURS, also_the_others=st.booleans())
    def set_the_hours_of_the_face(self, hours: tuple[time, time], also_the_others: bool) -> None:
        open_at = dict(zip(("opens_at", "closes_at"), hours, strict=True))
        kinds = AccessMethod.objects.filter(access_point=self.door).values_list("kind", flat=True)
        ways = {kind: open_at if kind == "face" or also_the_others else {} for kind in kinds}
        self.changes_the_door(zone=self.door_now().zone, methods=ways)

    @rule(is_live=st.booleans(), number=PICK)
    def report_a_way_broken_or_repaired(self, is_live: bool, number: int) -> None:
        methods = list(AccessMethod.objects.filter(access_point=self.door).order_by("kind"))
        if methods:
            method = methods[number % len(methods)]
            self.does(doors.set_method_live, tenant=self.tenant, method=method, is_live=is_live)

    @rule(mode=st.sampled_from(DeviceMode), sign_days_ago=st.sampled_from([0, 364, 366, None]))
    def register_another_device(self, mode: DeviceMode, sign_days_ago: int | None) -> None:
        if len(self.devices()) < 3:
            self.does(self._register, mode, sign_days_ago)

    def _register(self, mode: DeviceMode, sign_days_ago: int | None) -> None:
        device, _code = devices.register(
            tenant=self.tenant, access_point=self.door_now(), name="新终端", mode=mode, **factories.DEVICE_FACTS
        )
        if sign_days_ago is not None:
            day, picture = timezone.localdate() - timedelta(days=sign_days_ago), factories.sign_photo()
            devices.record_sign(tenant=self.tenant, device=device, taken_on=day, picture=picture)

    @rule(number=PICK, facts=FACTS)
    def write_about_a_device(self, number: int, facts: dict[str, object]) -> None:
        self.does(devices.update, tenant=self.tenant, device=self.device(number), **facts)

    @rule(number=PICK)
    def switch_a_device_on(self, number: int) -> None:
        self.does(activate_device, tenant=self.tenant, device=self.device(number))

    @rule(number=PICK)
    def switch_a_device_off(self, number: int) -> None:
        self.does(devices.suspend, tenant=self.tenant, device=self.device(number))

    @rule(number=PICK)
    def retire_a_device(self, number: int) -> None:
        if len(self.devices()) > 1:
            self.does(devices.retire, tenant=self.tenant, device=self.device(number))

    @rule(number=PICK, days_ago=st.sampled_from([-1, 0, 364, 400]))
    def photograph_a_sign(self, number: int, days_ago: int) -> None:
        day = timezone.localdate() - timedelta(days=days_ago)
        picture = factories.sign_photo()
        self.does(devices.record_sign, tenant=self.tenant, device=self.device(number), taken_on=day, picture=picture)

    # What there is

    def place(self, number: int) -> Zone:
        return Zone.objects.get(pk=[self.hall, self.house, self.bath, self.hall][number % 4].pk)

    def door_now(self) -> AccessPoint:
        return AccessPoint.objects.select_related("zone__parent__parent").get(pk=self.door.pk)

    def changes_the_door(self, *, zone: Zone, methods: object) -> None:
        door = self.door_now()
        self.does(doors.update_door, tenant=self.tenant, door=door, zone=zone, name=door.name, methods=methods)
